"""Confidentiality: each secret is one invented word; which role receives which, on every channel."""

import logging
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.lessons.models import Comment, CommentStatus, Lesson, LessonStatus
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.identity import Identity, Stranger
from dagvandebuurt.people.models import Bookmark, ParticipantRole, Person
from dagvandebuurt.programme import session_rooms as programme_door
from dagvandebuurt.programme.models import Edition, SessionStatus
from dagvandebuurt.qanda import items as qanda_items
from dagvandebuurt.qanda.models import Question, QuestionStatus, Support
from dagvandebuurt.registration.models import PlaceStatus, Registration
from tests.live.inside import Inside

# Secret → who may receive its word. All others may not, in no frame, page, file or mail.
MAY_KNOW = {
    "wachtvraag": {"noor", "moderator"},
    "verborgenvraag": {"noor", "moderator"},
    "verbergreden": {"noor", "moderator"},
    "ingetrokkenvraag": {"noor", "moderator"},  # who read it while it was pending
    "anoniemenaam": {"anne", "organiser", "admin"},  # of an anonymous asker
    "anoniemebuurt": {"anne", "organiser", "admin"},
    "rolnaam": {"noor", "organiser", "admin"},  # of an asker by role
    "adresnoor": {"noor", "organiser", "admin"},
    "achterdeschermen": {"moderator"},
    "meldtekst": {"reader", "moderator"},
    "kladpeiling": {"moderator"},
    "kladsessie": {"organiser", "admin"},
    "kladles": {"editor", "admin"},
    "wachtreactie": {"noor"},
    "bewaarnotitie": {"noor"},
    "wachtwoordhash": set(),
    "authorkey": set(),  # the pseudonyms, which would link two questions of one person
    "supporterkey": set(),
}
NEVER_SHOWN = ("wachtvraag", "verborgenvraag", "ingetrokkenvraag")
ROLES = {
    "stranger": None, "reader": (), "noor": (), "anne": (), "moderator": (("moderator", "here"),),
    "elsewhere": (("moderator", "there"),), "editor": ("editor",), "organiser": ("organiser",), "admin": ("admin",),
}  # fmt: skip


class House:
    """Session in which everything happens, and what each role received: `read`."""

    def __init__(self, inside, make, here, there):
        self.inside, self.make, self.here, self.there = inside, make, here, there
        self.people = {
            role: self._person(role, grants) for role, grants in ROLES.items() if grants is not None
        }
        self.words = {word: word for word in MAY_KNOW}
        self.ids = {}
        self.read = dict.fromkeys(ROLES, "")
        self._stored()
        self.seats = {role: self._seat(role) for role in ROLES}

    def _person(self, role, grants):
        scopes = {"here": self.here.id, "there": self.there.id}
        names = {"noor": "Noor rolnaam", "anne": "Anne anoniemenaam"}
        values = {"noor": {"password_hash": "wachtwoordhash"}, "anne": {"neighbourhood": "anoniemebuurt"}}
        person = self.make.person(
            names.get(role, f"Iemand {role}"),
            email=f"adres{role}@buurt.example",
            roles=[g if isinstance(g, str) else (g[0], scopes[g[1]]) for g in grants],
            role=ParticipantRole.RESIDENT,
            **values.get(role, {}),
        )
        self.make.store(
            Registration(
                edition_id=self.here.edition_id,
                person_id=person.id,
                status=PlaceStatus.CONFIRMED,
                registered_at=self.here.starts_at,
            )
        )
        return person

    def _stored(self):
        """What is there before the session."""
        when, noor = self.here.starts_at, self.people["noor"]
        lesson = {
            "edition_id": self.here.edition_id,
            "lead": "Kort.",
            "in_short": ["Eén."],
            "changed_at": when,
        }
        shown = self.make.store(
            Lesson(slug="les", title="Les", status=LessonStatus.PUBLISHED, published_at=when, **lesson)
        )
        self.make.store(Lesson(slug="klad", title="kladles", status=LessonStatus.IN_REVIEW, **lesson))
        self.make.store(
            Comment(
                lesson_id=shown.id, author_id=noor.id, text="wachtreactie", status=CommentStatus.PENDING, written_at=when
            )
        )  # fmt: skip
        self.make.store(
            Bookmark(
                person_id=noor.id, kind="lesson", target_id=shown.id, note="bewaarnotitie", saved_at=when
            )
        )
        self.draft = self.make.session("kladsessie", slug="klad", status=SessionStatus.DRAFT)

    def actor(self, role):
        if role == "stranger":
            return Stranger()
        with self.make.context():
            return Identity.of(db.session.get_one(Person, self.people[role].id))

    def _seat(self, role):
        seat = self.inside.come(self.actor(role))
        assert seat.call("session:enter", session=str(self.here.id))["ok"]
        return seat

    def send(self, role, event, **fields):
        answer = self.seats[role].call(event, session=str(self.here.id), op=uuid4().hex, **fields)
        assert answer["ok"], answer
        self.inside.look(tick=True)
        return answer

    def ask(self, role, text, **more):
        self.ids[text] = str(uuid4())
        self.send(role, "question:ask", id=self.ids[text], text=f"Wat is {text}?", **more)
        return {"question": self.ids[text]}

    def happen(self):
        """The session: everything that must be kept secret, happens."""
        self.ask("noor", "wachtvraag")
        hidden = self.ask("noor", "verborgenvraag")
        self.send("moderator", "question:hide", reason="personal_data", note="Om de verbergreden.", **hidden)
        self.send("noor", "question:withdraw", **self.ask("noor", "ingetrokkenvraag"))
        shown = self.ask("noor", "gewonevraag")
        self.send("moderator", "question:show", **shown)
        anonymous = self.ask("anne", "stillevraag", appear="anonymous")
        self.send("moderator", "question:show", **anonymous)
        self.send("reader", "question:support", on=True, **anonymous)
        self.send("reader", "report:send", reason="respect", note="Dit is de meldtekst.", **shown)
        self.send("moderator", "backstage:say", text="Dit is achterdeschermen.")
        poll = {"title": "Wat is kladpeiling?", "kind": "single_choice", "options": ["A", "B"]}
        self.send("moderator", "poll:write", poll=str(uuid4()), **poll)
        with self.make.context():
            self.words["authorkey"] = db.session.get(Question, UUID(anonymous["question"])).author_key
            self.words["supporterkey"] = db.session.scalar(select(Support.supporter_key))

    def look_around(self):
        """All roles request every page and file, and every resource once more."""
        for role, seat in self.seats.items():
            seat.call("session:sync", session=str(self.here.id), since=0)
            seat.call("session:sync", session=str(self.here.id), since=1)
            seat.read()
            fresh = self._seat(role)
            browser = self.make.browser(None if role == "stranger" else self.people[role])
            pages = "".join(self._page(browser, path) for path in self.paths())
            self.read[role] = seat.wire + fresh.wire + pages

    def paths(self):
        """Every GET address, for each thing it can be about."""
        sessions = [self.here.slug, self.draft.slug]
        slugs = {"/lessen": ["les", "klad"], "/sessies": sessions, "/organisatie": sessions}
        with self.make.context():
            slugs["/mijn"] = [db.session.get_one(Edition, self.here.edition_id).slug]
        slugs["/wijkwijzer"] = slugs["/markt"] = slugs[
            "/kraam"
        ] = []  # no example or stand holds these secrets
        for rule in self.inside.app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.rule.startswith("/static"):
                continue
            paths = [rule.rule.replace("<any(csv, xlsx):form>", "csv")]
            if "<slug>" in rule.rule:
                known = slugs["/" + rule.rule.split("/")[1]]
                paths = [path.replace("<slug>", slug) for path in paths for slug in known]
            if "<uuid:question_id>" in rule.rule:
                known = self.ids.values()
                paths = [path.replace("<uuid:question_id>", each) for path in paths for each in known]
            yield from (path for path in paths if "<" not in path)

    @staticmethod
    def _page(browser, path):
        answer = browser.get(path)
        text = answer.get_data().decode(errors="replace") if answer.status_code < 500 else ""
        answer.close()
        asked_for = next((part for part in path.split("/") if len(part) == 36), "\0")
        return text.replace(asked_for, "")  # an id one typed oneself is no news


@pytest.fixture
def house(app, make, session, monkeypatch):
    there = make.session("Een andere zaal", starts_at=session.starts_at, ends_at=session.ends_at)
    return House(Inside(app, monkeypatch), make, session, there)


def check_secrets(house):
    """Each word reached those who may know it, and nobody else."""
    house.happen()
    house.look_around()
    for secret, may in MAY_KNOW.items():
        knows = {role for role, read in house.read.items() if house.words[secret] in read}
        assert knows - may == set(), f"{secret} is known to {knows - may}"
        assert knows or not may, f"{secret} was seen by nobody: this check checks nothing"


def test_c7_no_audience_receives_data_it_may_not_see(house, caplog):
    caplog.set_level(logging.DEBUG)
    check_secrets(house)

    with house.make.context():
        mails = {mail.to: mail.subject + mail.text + mail.html for mail in db.session.scalars(select(Mail))}
    for role, person in house.people.items():
        found = [
            word for word, may in MAY_KNOW.items() if role not in may and word in mails.get(person.email, "")
        ]
        assert found == [], role
    assert [word for word in house.words.values() if word in caplog.text] == []


def test_c7_a_desk_that_lets_everybody_in_is_caught(house, monkeypatch):
    monkeypatch.setattr(programme_door, "can", lambda *_: True)

    with pytest.raises(AssertionError, match="is known to"):
        check_secrets(house)


def test_c7_an_item_with_one_extra_field_is_caught(house, monkeypatch):
    kept = qanda_items.card
    monkeypatch.setattr(qanda_items, "card", lambda q: {**kept(q), "key": q.author_key})

    with pytest.raises(AssertionError, match="authorkey is known to"):
        check_secrets(house)


def test_c8_unpublished_questions_leave_no_trace_for_the_hall(house):
    """No id, no gap in the numbers, not one message more than when nothing happens."""
    for seat in house.seats.values():
        seat.read()
    hall, desk = house.seats["reader"], house.seats["moderator"]
    house.inside.look(tick=True)
    [(_, quiet)] = [frame for frame in hall.read() if frame[0] == "session:tick"][-1:]
    desk.read()

    house.ask("noor", "wachtvraag")
    hidden = house.ask("noor", "verborgenvraag")
    house.send("moderator", "question:hide", reason="respect", **hidden)
    house.send("noor", "question:withdraw", **house.ask("noor", "ingetrokkenvraag"))
    heard, told = hall.read(), desk.read()

    assert {name for name, _ in heard} == {"session:tick"}
    assert [tick for _, tick in heard] == [quiet] * len(heard)
    assert "session:changes" in {name for name, _ in told}
    house.look_around()
    for role in ("stranger", "reader", "elsewhere", "organiser", "admin"):
        assert [text for text, each in house.ids.items() if each in house.read[role]] == [], role
    with house.make.context():
        waiting = db.session.query(Question).filter_by(status=QuestionStatus.WAITING).count()
    assert waiting == 1
