"""Guest merge: guests keep everything when they register or log in, as one person."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select

from dagvandebuurt.attendance.models import Unlisted, Visit
from dagvandebuurt.core.db import db
from dagvandebuurt.core.pseudonyms import pseudonym
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people import jobs
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.lifecycle import account_merging
from dagvandebuurt.people.models import LoginSession, Person
from dagvandebuurt.polls import events as poll_events
from dagvandebuurt.polls.models import Ballot, Poll, PollKind, PollOption, PollStatus
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.models import Question, QuestionStatus, Support
from dagvandebuurt.registration import entry_cards
from dagvandebuurt.registration.models import EntryCard, PlaceStatus, SessionChoice
from tests.factories import Factory


@pytest.fixture
def hers(app):
    """A guest in their own browser."""
    hers = app.test_client()
    hers.post("/gast", data={"name": "Fatma"})
    return hers


@pytest.fixture
def fatma(app, hers):
    with app.app_context():
        return Identity.of(db.session.scalar(select(Person).where(Person.name == "Fatma")))


def ask(make, who, session, text, **fields):
    identifier = str(uuid4())
    assert make.do(events.ASK, who, session, id=identifier, text=text, **fields)["ok"]
    return identifier


def link_in_the_mail(app):
    with app.app_context():
        text = db.session.scalar(select(Mail.text).order_by(Mail.made_at.desc()))
        return re.search(r"/link/[\w-]+", text).group()


def mail_a_link(hers, app, person):
    hers.post("/inloggen", data={"email": person.email})
    return link_in_the_mail(app)


def supporters(app, question_id):
    with app.app_context():
        return (
            db.session.scalar(select(Question.support_count).where(Question.id == question_id)),
            db.session.scalar(select(func.count()).where(Support.question_id == question_id)),
        )


def test_a_guests_data_is_on_their_page_after_login(app, make, session, hers, fatma):
    later = make.session(
        "Samen koken", starts_at=session.ends_at, ends_at=session.ends_at + timedelta(hours=1)
    )
    ask(make, fatma, session, "Waar kan ik koken?", appear="name")
    ask(make, fatma, session, "Mag dit anoniem?", appear="anonymous")
    hers.post(f"/sessies/{later.slug}/kiezen")
    person = make.person("Fatma Yilmaz")

    link = mail_a_link(hers, app, person)
    said = hers.get(link).text
    assert "gaat mee naar je account" in said
    assert "2 vragen" in said
    assert "1 gekozen sessie" in said
    page = hers.post(link, follow_redirects=True).text

    assert "Dag Fatma Yilmaz" in page
    assert "staat nu bij je account" in page
    assert all(text in page for text in ("Waar kan ik koken?", "Mag dit anoniem?", "Samen koken"))
    with app.app_context():
        assert set(db.session.scalars(select(Question.asker_id))) == {None, person.id}


def test_registration_keeps_the_guests_data(app, make, session, hers, fatma):
    ask(make, fatma, session, "Waar kan ik koken?")
    with app.app_context(), transaction():
        edition = db.session.get_one(ProgrammeSession, session.id).edition
        edition.registration_closes_at = session.ends_at
    hers.post(
        "/aanmelden",
        data={
            "name": "Fatma Yilmaz", "email": "fatma@buurt.example", "participant_role": "resident",
            "house_rules": "y", "accepts": "y", "privacy": "y", "rules": "y",
        },
    )  # fmt: skip

    page = hers.post(link_in_the_mail(app), follow_redirects=True).text

    assert "Dag Fatma Yilmaz" in page
    assert "Waar kan ik koken?" in page


def test_password_login_merges_the_guest_of_this_browser(app, make, session, hers, fatma):
    from dagvandebuurt.people.rules import hash_password

    ask(make, fatma, session, "Waar kan ik koken?")
    person = make.person("Fatma Yilmaz", password_hash=hash_password("een goede zin"))

    page = hers.post(
        "/inloggen/wachtwoord",
        data={"email": person.email, "password": "een goede zin"},
        follow_redirects=True,
    ).text

    assert "Waar kan ik koken?" in page


def test_on_another_device_the_guest_is_merged_on_confirmation(app, make, session, hers, fatma):
    ask(make, fatma, session, "Waar kan ik koken?")
    person = make.person("Fatma Yilmaz")
    link = mail_a_link(hers, app, person)
    phone = app.test_client()

    assert "Was jij de gast Fatma?" in phone.get(link).text
    page = phone.post(link, data={"mee": "ja"}, follow_redirects=True).text

    assert "Dag Fatma Yilmaz" in page
    assert "Waar kan ik koken?" in page
    # The browser that was the guest is not logged in to the account by it.
    assert "Fatma Yilmaz" not in hers.get("/mijn", follow_redirects=True).text


def test_logging_in_does_not_merge_a_strangers_guest(app, make, session, hers, fatma):
    ask(make, fatma, session, "Woorden van een ander", appear="name")
    victim = make.person("Piet")
    link = mail_a_link(hers, app, victim)  # a stranger types the address of somebody else

    page = app.test_client().post(link, follow_redirects=True).text

    assert "Dag Piet" in page
    assert "Woorden van een ander" not in page
    with app.app_context():
        assert db.session.scalar(select(Question.asker_id)) == fatma.id


def test_merged_support_counts_once(app, make, session, hers, fatma):
    person = make.identity("Fatma Yilmaz")
    both = make.question(session, make.guest("Mo"), text="Beide?", status=QuestionStatus.VISIBLE)
    one = make.question(session, make.guest("Mo"), text="Een?", status=QuestionStatus.VISIBLE)
    for who, question in ((fatma, both), (person, both), (fatma, one)):
        make.do(events.SUPPORT, who, session, question=str(question.id), on=True)
    assert supporters(app, both.id) == (2, 2)

    with app.app_context(), transaction():
        assert account_merging.merge(fatma.id, person.id, now=session.starts_at)

    assert supporters(app, both.id) == (1, 1)
    assert supporters(app, one.id) == (1, 1)
    make.do(events.SUPPORT, person, session, question=str(one.id), on=False)  # it is theirs to withdraw
    assert supporters(app, one.id) == (0, 0)


def test_of_two_ballots_the_accounts_own_counts(app, make, session, fatma):
    person = make.identity("Fatma Yilmaz")
    polls = [_poll(make, session, title) for title in ("Beide", "Een")]
    for who, poll, choice in ((fatma, polls[0], 1), (person, polls[0], 2), (fatma, polls[1], 1)):
        assert make.do(poll_events.BALLOT, who, session, poll=str(poll.id), choices=[choice])["ok"]

    with app.app_context(), transaction():
        account_merging.merge(fatma.id, person.id, now=session.starts_at)

    with app.app_context():
        ballots = db.session.execute(select(Ballot.poll_id, Ballot.voter_key, Ballot.positions)).all()
    assert sorted((b.poll_id, b.voter_key, b.positions) for b in ballots) == sorted(
        (poll.id, pseudonym_of(app, poll.id, person), [choice])
        for poll, choice in ((polls[0], 2), (polls[1], 1))
    )


def pseudonym_of(app, room, who):
    with app.app_context():
        return pseudonym(room, "ballot", who.id)


def _poll(make, session, title):
    poll = Poll(
        session_id=session.id, title=title, kind=PollKind.SINGLE_CHOICE, status=PollStatus.OPEN,
        opened_at=session.starts_at,
        options=[PollOption(position=1, label="Ja"), PollOption(position=2, label="Nee")],
    )  # fmt: skip
    return make.store(poll)


def test_of_two_places_in_one_session_the_better_one_stays_and_the_other_is_free(app, make, session, fatma):
    person = make.identity("Fatma Yilmaz")
    later = make.session(starts_at=session.ends_at, ends_at=session.ends_at + timedelta(hours=1), capacity=2)
    from dagvandebuurt.registration import rules

    with app.app_context(), transaction():
        room = db.session.get_one(ProgrammeSession, later.id)
        for who in (fatma, person):
            rules.choose(who, room, now=session.starts_at)
        assert room.taken == 2
    with app.app_context(), transaction():
        account_merging.merge(fatma.id, person.id, now=session.starts_at)

    with app.app_context():
        assert db.session.get_one(ProgrammeSession, later.id).taken == 1
        choices = db.session.scalars(select(SessionChoice)).all()
        assert [(c.person_id, c.status) for c in choices] == [(person.id, PlaceStatus.CONFIRMED)]


def test_merged_visits_belong_to_one_visitor(app, make, session, fatma):
    person = make.identity("Fatma Yilmaz")
    with app.app_context(), transaction():
        db.session.add(
            Visit(session_id=session.id, person_id=fatma.id, first_seen_at=session.starts_at,
                  last_seen_at=session.starts_at)
        )  # fmt: skip
        db.session.add(Unlisted(person_id=person.id, chosen_at=session.starts_at))
    with app.app_context(), transaction():
        account_merging.merge(fatma.id, person.id, now=session.starts_at)

    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Visit)) == 0
        from dagvandebuurt.attendance.queries import counted_visits_of

        assert len(counted_visits_of(person.id)) == 1


def test_late_writes_of_another_tab_are_moved_within_a_minute(app, make, session, fatma):
    person = make.person("Fatma Yilmaz")
    with app.app_context(), transaction():
        account_merging.merge(fatma.id, person.id, now=session.starts_at)
    ask(make, fatma, session, "Te laat?", appear="anonymous")

    jobs.sweep_merged(app)

    assert "Te laat?" in make.browser(person).get("/mijn").text


def test_merging_is_idempotent_and_safe_concurrently(app, make, session, fatma):
    person = make.identity("Fatma Yilmaz")
    question = make.question(session, make.guest("Mo"), text="Beide?", status=QuestionStatus.VISIBLE)
    for who in (fatma, person):
        make.do(events.SUPPORT, who, session, question=str(question.id), on=True)

    def once(_number):
        with app.app_context(), transaction():
            return account_merging.merge(fatma.id, person.id, now=session.starts_at)

    with ThreadPoolExecutor(4) as devices:
        done = list(devices.map(once, range(4)))

    assert sorted(done) == [False, False, False, True]
    assert supporters(app, question.id) == (1, 1)


@pytest.mark.parametrize("what", ["address", "role", "stopped"])
def test_accounts_are_never_merged_as_guests(app, make, session, what):
    roles = ["moderator"] if what == "role" else []
    other = make.person("Mo", email=what == "address" or None, roles=roles)
    if what == "stopped":
        with app.app_context(), transaction():
            db.session.get_one(Person, other.id).suspended_at = session.starts_at
    into = make.person("Fatma")

    with app.app_context(), transaction():
        assert not account_merging.merge(other.id, into.id, now=session.starts_at)


def test_the_guests_tombstone_is_deleted_after_an_hour(app, make, session, fatma, monkeypatch, now):
    person = make.person("Fatma Yilmaz")
    ask(make, fatma, session, "Waar kan ik koken?")
    with app.app_context(), transaction():
        account_merging.merge(fatma.id, person.id, now=now)
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(hours=2))

    jobs.delete_tombstones(app)

    with app.app_context():
        assert db.session.get(Person, fatma.id) is None
        assert db.session.scalar(select(func.count()).where(LoginSession.person_id == fatma.id)) == 0
    assert "Waar kan ik koken?" in make.browser(person).get("/mijn").text


def test_a_guest_is_warned_about_losses_before_logout(app, make, session, hers, fatma):
    ask(make, fatma, session, "Waar kan ik koken?")

    said = hers.post("/uitloggen").text
    assert "1 vraag" in said
    assert "/aanmelden" in said
    assert "Log toch uit" in said
    assert "Waar kan ik koken?" in hers.get("/mijn").text  # still logged in

    hers.post("/uitloggen", data={"zeker": "ja"})
    assert hers.get("/mijn").status_code != 200


def test_a_guest_without_data_is_logged_out_at_once(app, hers):
    hers.post("/uitloggen")
    assert hers.get("/mijn").status_code != 200


@pytest.fixture
def olenas_card(app, make, session):
    helper = make.identity("Mila", roles=["supporter"])
    with app.app_context(), transaction():
        edition = db.session.get_one(ProgrammeSession, session.id).edition
        card = entry_cards.register_other(
            helper, edition, name="Olena", participant_role=helper.participant_role, neighbourhood=None,
            now=session.starts_at,
        )  # fmt: skip
        return helper, entry_cards.number_of(card), entry_cards.link_of(card)


@pytest.mark.parametrize("way", ["number", "link"])
def test_using_a_card_does_not_merge_the_helper(app, make, olenas_card, way):
    helper, number, link = olenas_card
    hers = make.browser(helper)
    path, data = ("/kom", {"code": number}) if way == "number" else (f"/kom/{link}", {})

    said = hers.post(path, data=data)

    assert "Deze kaart is van iemand anders" in said.text
    assert "privévenster" in said.text
    assert "Dag Mila" in hers.get("/mijn").text
    # The person who confirmed to be Olena is, and Mila is logged out of this browser.
    assert "Dag Olena" in hers.post(path, data=data | {"wissel": "ja"}, follow_redirects=True).text


def test_a_card_holder_is_merged_only_on_confirmation(app, make, session, hers, fatma, olenas_card):
    _helper, number, _link = olenas_card
    ask(make, fatma, session, "Waar kan ik koken?")

    assert "Deze kaart is van iemand anders" in hers.post("/kom", data={"code": number}).text
    page = hers.post("/kom", data={"code": number, "wissel": "mee"}, follow_redirects=True).text

    assert "Dag Olena" in page
    assert "Waar kan ik koken?" in page


def test_a_helpers_login_does_not_merge_the_card_holder(app, make, session, olenas_card):
    helper, number, _link = olenas_card
    tablet = app.test_client()
    tablet.post("/kom", data={"code": number})
    with app.app_context():
        address = db.session.get_one(Person, helper.id).email
    tablet.post("/inloggen", data={"email": address})

    tablet.post(link_in_the_mail(app))

    with app.app_context():
        assert db.session.scalar(select(EntryCard).join(EntryCard.person).where(Person.name == "Olena"))


def test_on_postgresql_guests_become_accounts_while_the_room_goes_on(house_on_postgres):
    app, make = house_on_postgres, Factory(house_on_postgres)
    now = make.session().starts_at
    session = make.session(starts_at=now, ends_at=now + timedelta(hours=1))
    question = make.question(session, make.guest("Mo"), text="Beide?", status=QuestionStatus.VISIBLE)
    pairs = [(make.guest(f"g{n}"), make.identity(f"a{n}")) for n in range(12)]
    with app.app_context(), transaction():
        rows = [
            {"question_id": question.id, "supporter_key": pseudonym(session.id, "support", who.id)}
            for pair in pairs
            for who in pair
        ]
        db.session.execute(insert(Support), rows)
        db.session.get_one(Question, question.id).support_count = len(rows)

    def once(pair):
        with app.app_context(), transaction():
            return account_merging.merge(pair[0].id, pair[1].id, now=now)

    with ThreadPoolExecutor(6) as devices:
        done = list(devices.map(once, pairs + pairs))

    assert sum(done) == 12
    assert supporters(app, question.id) == (12, 12)
