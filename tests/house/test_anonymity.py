"""Linkage attack: the whole database without its keys does not identify the asker of an anonymous question.

Guests arrive, ask by plain forms, by role and anonymously, support and withdraw. Then every pair of columns
of every table is joined: by value, also inside JSON and text, over as many rows as it takes; and by time, to
the nearest moment. The twins remove one protection each, and must find the asker.
"""

import re
from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import MetaData, select

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.live import writes
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.models import ParticipantRole, Person
from dagvandebuurt.qanda import events, jobs, rules
from dagvandebuurt.qanda.models import Question

TOKENS = re.compile(r"[A-Za-z0-9_-]{6,}")
ROLES = [
    ParticipantRole.ACTIVE_RESIDENT, ParticipantRole.POLICY_OFFICER, ParticipantRole.ADMINISTRATOR,
    ParticipantRole.RESEARCHER, ParticipantRole.ENTREPRENEUR, ParticipantRole.SOCIAL_WORKER,
]  # fmt: skip
FURTHEST = 6  # joins in a row


class World:
    """Six people, each of another role, who act in one session; `askers` is what must stay secret."""

    def __init__(self, app, make, session, monkeypatch):
        self.app, self.make, self.session = app, make, session
        self.now = session.starts_at + timedelta(minutes=61 - 40, seconds=3)
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: self.now)
        self.askers: dict[UUID, UUID] = {}  # anonymous question → person
        self.mailed = 0  # so many of them, the first, chose a mail when there is news

    def happen(self):
        opens = self.now
        people = [self._comes_and_asks(number, opens + timedelta(seconds=40 * number)) for number in range(6)]
        for number, (person, browser) in enumerate(people):
            self.now = opens + timedelta(minutes=10, seconds=40 * number)
            self._asks(browser, "role", f"Bij naam {number}?")
            self._supports(person)
        self.now = opens + timedelta(minutes=18)
        for question in list(self.askers):
            self.make.do(events.SHOW, self.make.moderator(), self.session, question=str(question))
        return self

    def _comes_and_asks(self, number, at):
        """The critical case: arrives as a guest, has no script, and asks something at once."""
        self.now = at
        browser = self.make.browser()
        came = browser.post("/gast", data={"name": f"Gast {'abcdef'[number]}"})
        said = browser.post("/gast/rol", data={"participant_role": ROLES[number].value})
        assert (came.status_code, said.status_code) == (303, 303)
        with self.app.app_context():
            person = db.session.scalar(select(Person).where(Person.name == f"Gast {'abcdef'[number]}"))
            assert person.participant_role is ROLES[number]
            if self.mailed:
                person.email = person.email_key = f"{uuid4().hex}@{uuid4().hex}.nl"
                person.email_confirmed_at = person.created_at
            db.session.commit()
            person_id = person.id
        self.now += timedelta(seconds=9)
        browser.get(f"/sessies/{self.session.slug}/live")
        self.now += timedelta(seconds=11)
        chosen = {"notice": "1"} if number < self.mailed else {}
        self.askers[UUID(self._asks(browser, "anonymous", "Wat kan ik doen?", chosen))] = person_id
        return person_id, browser

    def _asks(self, browser, appear, text, chosen=None):
        identity = str(uuid4())
        form = {"op": uuid4().hex, "id": identity, "text": text, "kind": "question", "appear": appear} | (
            chosen or {}
        )
        asked = browser.post(f"/sessies/{self.session.slug}/vragen", data=form, follow_redirects=True)
        assert "Ontvangen." in asked.get_data(as_text=True)
        return identity

    def _supports(self, person_id):
        from dagvandebuurt.people.identity import Identity

        with self.app.app_context():
            actor = Identity.of(db.session.get_one(Person, person_id))
        shown = self.make.question(self.session, text="Van een ander?", status="visible")
        self.make.do(events.SUPPORT, actor, self.session, question=str(shown.id), on=True)

    def rows(self):
        """Every row of every table in the database: (table, {column: value})."""
        with self.app.app_context():
            tables = MetaData()
            tables.reflect(db.engine)
            return [
                (table.name, dict(row))
                for table in tables.sorted_tables
                if not table.name.startswith("search_")
                for row in db.session.execute(select(table)).mappings()
            ]


def values_of(row):
    """Joinable values: whole values and pieces of text; no moments, small numbers or booleans."""
    found = set()
    for value in row.values():
        if isinstance(value, UUID):
            found.add(value.hex)
        elif isinstance(value, int) and not isinstance(value, bool) and value > 1000:
            found.add(value)
        elif value is not None and not isinstance(value, (int, float, datetime)):
            pieces = {str(value), *TOKENS.findall(str(value))}
            found |= {
                piece.replace("-", "") if len(piece) == 36 else piece for piece in pieces if len(piece) > 5
            }
    return found


def named_by_value(world):
    """The anonymous questions whose asker is the nearest person by joins, and the only one so near."""
    rows = world.rows()
    by_value, people = defaultdict(set), {}
    for place, (table, row) in enumerate(rows):
        for value in values_of(row):
            by_value[value].add(place)
        if table == "person" and as_uuid(row["id"]) in world.askers.values():
            people[place] = as_uuid(row["id"])  # not the moderators: everybody knows who those are
    leads_to = defaultdict(set)  # value → people whose rows hold it
    for place, person in people.items():
        for value in values_of(rows[place][1]):
            for other in by_value[value]:
                for held in values_of(rows[other][1]):
                    leads_to[held].add(person)
    hubs = {
        value for value, persons in leads_to.items() if len(persons) > 1 and value not in own_values(world)
    }
    hubs |= {
        value for value, places in by_value.items() if len(places) > 2 * len(world.askers)
    }  # words of JSON
    found = {}
    for place, (table, row) in enumerate(rows):
        if table == "question" and row["appearance"] == "anonymous":
            nearest = _nearest_people(place, rows, by_value, people, hubs)
            if nearest == {world.askers[as_uuid(row["id"])]}:
                found[as_uuid(row["id"])] = row
    return found


def own_values(world):
    return {question.hex for question in world.askers}


def _nearest_people(start, rows, by_value, people, hubs):
    seen, edge = {start}, {start}
    for _ in range(FURTHEST):
        values = {value for place in edge for value in values_of(rows[place][1])} - hubs
        edge = {place for value in values for place in by_value[value]} - seen
        seen |= edge
        near = {people[place] for place in edge if place in people}
        if near or not edge:
            return near
    return set()


def as_uuid(value):
    return value if isinstance(value, UUID) else UUID(str(value))


def named_by_time(world):
    """(column of a question, column of a row with a person) pairs of which the nearest moment identifies at
    least half of the askers, and nobody else beside them."""
    rows = world.rows()
    people = {as_uuid(row["id"]) for table, row in rows if table == "person"}
    persons = defaultdict(list)  # table.column → (moment, person)
    for table, row in rows:
        whose = {
            as_uuid(v)
            for c, v in row.items()
            if v is not None and c in ("person_id", "asker_id", "author_id", "reporter_id", "from_id")
        }
        whose |= {as_uuid(row["id"])} if table == "person" else set()
        for column, value in row.items():
            if isinstance(value, datetime):
                persons[f"{table}.{column}"] += [(value, person) for person in whose & people]
    guesses = defaultdict(set)
    for table, row in rows:
        about = anonymous_question_of(table, row, world)
        if about is None:
            continue
        for column, value in row.items():
            for other, moments in persons.items() if isinstance(value, datetime) else ():
                near = min((abs(moment - value) for moment, _ in moments), default=None)
                named = {person for moment, person in moments if abs(moment - value) == near}
                guesses[f"{table}.{column}", other] |= {about} if named == {world.askers[about]} else set()
    return {pair for pair, right in guesses.items() if len(right) >= len(world.askers) / 2}


def anonymous_question_of(table, row, world):
    """The anonymous question that a row is, or is about."""
    if table == "question":
        return as_uuid(row["id"]) if as_uuid(row["id"]) in world.askers else None
    about = values_of(row) & own_values(world)
    return UUID(about.pop()) if len(about) == 1 else None


@pytest.fixture
def world(app, make, session, monkeypatch):
    return World(app, make, session, monkeypatch)


def test_i14_no_join_by_value_or_by_time_leads_from_an_anonymous_question_to_its_asker(world):
    world.happen()

    assert len(world.askers) == 6
    assert named_by_value(world) == {}
    assert named_by_time(world) == set()


def answered_and_told(world):
    """Some of them chose a mail; all are answered, and the night's mails are queued."""
    world.mailed = 3
    world.happen()
    for number, question in enumerate(world.askers):
        world.now += timedelta(seconds=50)
        done = world.make.do(
            events.ANSWER, world.make.moderator(), world.session, question=str(question), text=f"Ja {number}."
        )
        assert done["ok"]
    assert named_by_value(world) == {}  # before the night
    world.now += timedelta(hours=9)
    assert jobs.tell_of_news(world.app) == world.mailed


def test_i18_nor_does_a_row_or_a_mail_of_followers(world):
    answered_and_told(world)

    assert named_by_value(world) == {}
    assert named_by_time(world) == set()


def test_i18_a_mail_that_holds_the_question_is_caught(world):
    answered_and_told(world)
    with world.app.app_context():
        people = {db.session.get_one(Person, who).email: asked for asked, who in world.askers.items()}
        for mail in db.session.scalars(select(Mail).where(Mail.kind == "notice")):
            mail.dedupe_key = f"notice:{people[mail.to]}"
        db.session.commit()

    assert len(named_by_value(world)) == world.mailed


def test_i14_one_pseudonym_for_all_that_somebody_asks_in_a_room_is_caught(world, monkeypatch):
    """As it was: the same key on the question by role, with who asked beside it."""
    monkeypatch.setattr(
        rules, "seal", lambda _question, room, person: pseudonyms.pseudonym(room, "author", person)
    )
    world.happen()
    with world.app.app_context():
        for question in db.session.scalars(select(Question).where(Question.asker_id.is_not(None))):
            question.author_key = pseudonyms.pseudonym(question.session_id, "author", question.asker_id)
        db.session.commit()

    assert len(named_by_value(world)) >= len(world.askers) / 2


def test_i14_one_key_over_all_operations_of_somebody_is_caught(world, monkeypatch):
    monkeypatch.setattr(
        writes,
        "pseudonym_once",
        lambda room, purpose, person, _op: pseudonyms.pseudonym(room, purpose, person),
    )
    world.happen()

    assert len(named_by_value(world)) >= len(world.askers) / 2


def test_i14_exposing_a_unique_role_is_caught(world):
    world.happen()
    with world.app.app_context():
        roles = {
            question: db.session.get_one(Person, person).participant_role
            for question, person in world.askers.items()
        }
    rows = world.rows

    def with_roles():
        return [
            (table, row | {"asker_role": roles[as_uuid(row["id"])].value})
            if table == "question" and as_uuid(row["id"]) in roles
            else (table, row)
            for table, row in rows()
        ]

    world.rows = with_roles

    assert named_by_value(world)


def test_i14_a_beat_at_the_moment_of_asking_is_caught(world, monkeypatch):
    """As it was: presence and writes to the second."""
    monkeypatch.setattr("dagvandebuurt.attendance.rules.to_nearest", lambda moment, _step: moment)
    monkeypatch.setattr(writes, "timedelta", lambda **_: timedelta(0))
    kept = writes.store_results

    class Exactly(datetime):
        def replace(self, **_):
            return self

    monkeypatch.setattr(
        writes,
        "store_results",
        lambda done, now: kept(done, Exactly.fromtimestamp(now.timestamp(), now.tzinfo)),
    )
    world.happen()

    assert ("operation.at", "visit.last_seen_at") in named_by_time(world) or (
        "operation.at",
        "visit.first_seen_at",
    ) in named_by_time(world)
