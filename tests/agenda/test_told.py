"""Notifications of action points: followers, askers, reminders, open data."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import insert

from dagvandebuurt.agenda import answering, jobs, rules
from dagvandebuurt.agenda.deadlines import days_late, ends_at, halfway
from dagvandebuurt.agenda.models import Decision, Follow, FollowUp, FollowUpQuestion, FollowUpStatus
from dagvandebuurt.agenda.queries import locked
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.models import Invitation, MutedMail, ParticipantRole, Person
from dagvandebuurt.qanda import events as questions
from dagvandebuurt.qanda import private_link
from dagvandebuurt.qanda.models import Appearance, QuestionStatus

MANY = 1_600


@pytest.fixture
def asked(make):
    """Create a point that waits for an answer, and a contact who can give it."""
    organisation = make.organisation("Gemeente Lindermond")
    contact = make.identity(
        "Priya", email="priya@lindermond.example", roles=[("org_contact", organisation.id)]
    )
    return make.point(organisation, status=FollowUpStatus.ACKNOWLEDGED), contact


def _answer(app, asked, now, said="We doen het."):
    point, contact = asked
    with app.app_context(), transaction():
        answering.answer(
            contact, locked(point.number), decision=Decision.WILL_DO, text=said, due_on=None, now=now
        )


def _mails(app, **where):
    with app.app_context():
        return {mail.to: mail for mail in db.session.query(Mail).filter_by(**where)}


def _at(monkeypatch, moment):
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)


# --- many ----------------------------------------------------------------------------------------


def test_mail_to_1600_followers_is_one_statement_in_the_background(app, make, now, asked):
    with app.app_context(), transaction():
        ids = [uuid4() for _ in range(MANY)]
        db.session.execute(
            insert(Person),
            [
                {
                    "id": each, "name": f"Volger <{number}>", "email": f"v{number}@buurt.example",
                    "email_key": f"v{number}@buurt.example", "email_confirmed_at": now,
                    "participant_role": ParticipantRole.RESIDENT, "created_at": now, "rights_revision": 0,
                    "language": "en" if number % 4 == 0 else "nl",
                }
                for number, each in enumerate(ids)
            ],
        )  # fmt: skip
        db.session.execute(
            insert(Follow), [{"person_id": e, "follow_up_id": asked[0].id, "since": now} for e in ids]
        )
    statements = []

    def hear(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    sql_event.listen(engine, "before_cursor_execute", hear)
    try:
        _answer(app, asked, now)
        in_the_request = list(statements)
        statements.clear()
        told = jobs.tell_followers(app)
    finally:
        sql_event.remove(engine, "before_cursor_execute", hear)

    assert not any("INTO mail" in each for each in in_the_request)
    assert told == MANY
    assert sum("INTO mail" in each for each in statements) == 1
    assert len(statements) < 20, statements
    assert jobs.tell_followers(app) == 0
    mails = _mails(app, kind="note")
    assert len(mails) == MANY
    one, other = mails["v1@buurt.example"], mails["v4@buurt.example"]
    assert (one.to_name, "Volger <1>" in one.text, "Volger &lt;1&gt;" in one.html) == (
        "Volger <1>",
        True,
        True,
    )
    assert "We doen het." in one.text
    assert "- gedaan: De organisatie gaf antwoord" in one.text
    assert ">nu: De organisatie gaat aan de slag" in one.html
    assert "/agenda/" in one.html
    assert one.subject != other.subject or other.text != one.text
    ways_out = {mail.headers["List-Unsubscribe"] for mail in mails.values()}
    assert len(ways_out) == MANY
    assert one.headers["List-Unsubscribe"][1:-1] in one.text
    off = one.headers["List-Unsubscribe"][1:-1].partition("/post/uit/")[2]
    assert make.browser().post(f"/post/uit/{off}").status_code < 400
    with app.app_context():
        assert db.session.query(MutedMail).one().subject == "agenda"


def test_crash_while_notifying_is_resumed_without_duplicates(app, make, now, asked, monkeypatch):
    follower = make.person("Volger")
    make.store(Follow(person_id=follower.id, follow_up_id=asked[0].id, since=now))
    _answer(app, asked, now)

    def fail(*_args, **_kwargs):
        raise SystemExit("the machine stops")

    with monkeypatch.context() as broken:
        broken.setattr("dagvandebuurt.people.mailer.post_many", fail)
        with pytest.raises(SystemExit, match="stops"):
            jobs.tell_followers(app)
    assert _mails(app, kind="note") == {}

    assert [jobs.tell_followers(app), jobs.tell_followers(app)] == [1, 0]
    assert list(_mails(app, kind="note")) == [follower.email]


def test_no_mail_to_opted_out_unaddressed_or_acting_people(app, make, now, asked):
    wants, muted, guest = make.person("Wil"), make.person("Niet"), make.person("Gast", email=None)
    make.store(
        *(
            Follow(person_id=e.id, follow_up_id=asked[0].id, since=now)
            for e in (wants, muted, guest, asked[1])
        ),
        MutedMail(person_id=muted.id, subject="agenda"),
    )
    _answer(app, asked, now)
    jobs.tell_followers(app)

    assert list(_mails(app, kind="note")) == [wants.email]
    assert "geantwoord" in make.browser(guest).get("/mijn").get_data(as_text=True)


# --- askers --------------------------------------------------------------------------------------


def _raise(make, app, session, question, now, who=None, **data):
    browser = make.browser(who or make.moderator(session=session))
    fields = {"title": "Een vast antwoord", "body": "Meldingen blijven liggen.", "organisation": "", "place": "", "theme": ""}  # fmt: skip
    return browser.post(f"/sessies/{session.slug}/vragen/{question.id}/agendapunt", data=fields | data)


@pytest.mark.parametrize("appearance", [Appearance.ROLE, Appearance.ANONYMOUS])
def test_askers_also_anonymous_ones_learn_the_follow_up(app, make, session, now, asked, appearance):
    noor = make.identity("Noor")
    question = make.question(
        session, noor, status=QuestionStatus.VISIBLE, appearance=appearance, text="Wie leest mijn melding?"
    )

    made = _raise(make, app, session, question, now)
    jobs.tell_followers(app)

    assert made.status_code == 303

    assert len(_mails(app, kind="note")) == (appearance is Appearance.ROLE)
    with app.app_context():
        path = private_link.path_to(question.id)
        point = db.session.query(FollowUp).filter(FollowUp.title == "Een vast antwoord").one()
        number = point.number
    stranger = make.browser()
    assert f"actiepunt {number}" in stranger.get(path).get_data(as_text=True)
    assert "Een vast antwoord" not in stranger.get(path).get_data(as_text=True)  # nobody checked it yet
    assert "De redactie kijkt het na" in make.browser(noor).get("/mijn").get_data(as_text=True)

    contact = asked[1]
    with app.app_context(), transaction():
        found = db.session.get(FollowUp, point.id)
        found.status, found.organisation_id = FollowUpStatus.SENT, asked[0].organisation_id
        found.sent_at, found.due_on = now, now.date()
        db.session.flush()
        answering.answer(
            contact, found, decision=Decision.WILL_DO, text="Voortaan wel.", due_on=None, now=now
        )
    jobs.tell_followers(app)

    assert "Voortaan wel." in stranger.get(path).get_data(as_text=True)
    texts = [mail.text for mail in _mails_list(app)]
    assert any("Voortaan wel." in text for text in texts) == (appearance is Appearance.ROLE)


def _mails_list(app):
    with app.app_context():
        return db.session.query(Mail).filter_by(kind="note").all()


def test_supporters_are_offered_to_follow_but_never_subscribed(app, make, session, now):
    ali = make.identity("Ali")
    question = make.question(
        session, make.identity("Noor"), status=QuestionStatus.VISIBLE, text="Wie leest dit?"
    )
    make.do(questions.SUPPORT, ali, session, question=str(question.id), on=True)

    _raise(make, app, session, question, now)
    jobs.tell_followers(app)

    assert ali.id is not None
    with app.app_context():
        assert db.session.query(Follow).count() == 0
        number = db.session.query(FollowUp).one().number
    browser = make.browser(ali)
    mine = browser.get("/mijn").get_data(as_text=True)
    room = browser.get(f"/sessies/{session.slug}/live").get_data(as_text=True)
    assert "Wil je horen wat ermee gebeurt?" in mine
    assert f'href="/agenda/{number}"' in room
    browser.post(f"/agenda/{number}/volgen", data={"on": "1"})
    with app.app_context():
        assert db.session.query(Follow).one().person_id == ali.id
    assert "Wil je horen wat ermee gebeurt?" not in browser.get("/mijn").get_data(as_text=True)


def test_question_has_one_point_and_keeps_its_answer(app, make, session, now):
    question = make.question(session, status=QuestionStatus.ANSWERED, answer="Deels.")

    first, second = (_raise(make, app, session, question, now) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 409)
    with app.app_context():
        assert db.session.query(FollowUpQuestion).count() == 1
    card = make.browser().get(f"/sessies/{session.slug}/live").get_data(as_text=True)
    assert "Deels." in card


# --- reminders, and the clock --------------------------------------------------------------------


def test_reminders_at_half_term_last_day_and_overdue_once_each(app, make, monkeypatch):
    organisation = make.organisation(response_days=28)
    contact = make.person("Priya", email="priya@lindermond.example", roles=[("org_contact", organisation.id)])
    organiser, publisher = (
        make.person("Roos", roles=["organiser"]),
        make.person("Carolien", roles=["publisher"]),
    )
    make.person("Ander", roles=[("org_contact", make.organisation("Ander").id)])
    sent = datetime(2027, 3, 1, 11, 0, tzinfo=UTC)
    make.point(organisation, status=FollowUpStatus.SENT, sent_at=sent, due_on=date(2027, 3, 29))

    told = {}
    for day in range(1, 60):
        for hour in (2, 10, 15):
            moment = datetime(2027, 3, 1, hour, 5, tzinfo=UTC) + timedelta(days=day)
            _at(monkeypatch, moment)
            if (count := jobs.remind_organisations(app)) > 0:
                told[moment.date()] = count

    # Half-way, the last day, and the day after; a month later, when the first mail is forgotten, not before.
    assert told == {date(2027, 3, 15): 1, date(2027, 3, 29): 1, date(2027, 3, 30): 3}
    with app.app_context():
        late = {mail.to for mail in db.session.query(Mail).filter(Mail.subject.startswith("Te laat"))}
    assert late == {contact.email, organiser.email, publisher.email}


@pytest.mark.parametrize(
    ("due", "in_time", "late"),
    [
        # The clocks go forward on 28 March 2027 and back on 31 October 2027.
        (date(2027, 3, 28), datetime(2027, 3, 28, 21, 59, tzinfo=UTC), datetime(2027, 3, 28, 22, 0, tzinfo=UTC)),
        (date(2027, 3, 27), datetime(2027, 3, 27, 22, 59, tzinfo=UTC), datetime(2027, 3, 27, 23, 0, tzinfo=UTC)),
        (date(2027, 10, 31), datetime(2027, 10, 31, 22, 59, tzinfo=UTC), datetime(2027, 10, 31, 23, 0, tzinfo=UTC)),
        (date(2027, 10, 30), datetime(2027, 10, 30, 21, 59, tzinfo=UTC), datetime(2027, 10, 30, 22, 0, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_deadline_is_midnight_in_amsterdam_across_dst(due, in_time, late):
    point = FollowUp(status=FollowUpStatus.SENT, due_on=due, sent_at=in_time - timedelta(days=28))

    assert ends_at(due) == late
    assert (days_late(point, in_time), days_late(point, late)) == (0, 1)


def test_overdue_is_computed_and_ends_with_an_answer(app, make, now, monkeypatch):
    point = make.point(status=FollowUpStatus.SENT, due_on=now.date() - timedelta(days=3))
    answered = make.point(
        status=FollowUpStatus.ANSWERED, title="Al klaar", due_on=now.date() - timedelta(days=3)
    )

    page, other = (
        make.browser().get(f"/agenda/{each.number}").get_data(as_text=True) for each in (point, answered)
    )

    assert "Te laat: 3 dagen" in page
    assert "Te laat" not in other
    listed = make.browser().get("/agenda?stand=late").get_data(as_text=True)
    assert re.findall(r'class="card__title"><a href="/agenda/(\d+)"', listed) == [str(point.number)]


def test_half_term_is_a_calendar_day():
    point = FollowUp(sent_at=datetime(2027, 3, 20, 23, 30, tzinfo=UTC), due_on=date(2027, 4, 18))

    assert halfway(point) == date(2027, 4, 4)  # sent on the 21st, in Amsterdam


# --- open data -----------------------------------------------------------------------------------


def test_open_data_is_public_content_without_people(app, make, now, asked):
    raiser = make.identity("Kanarie Raiser", email="kanarie@buurt.example")
    make.point(None, raiser, title="Nog niet gecontroleerd")
    make.store(Follow(person_id=raiser.id, follow_up_id=asked[0].id, since=now))
    _answer(app, asked, now)

    browser = make.browser()
    as_json, as_csv, as_atom = (browser.get(f"/agenda.{form}") for form in ("json", "csv", "atom"))

    [point] = as_json.json["points"]
    assert (point["status"], point["followers"], point["answers"][0]["text"]) == (
        "answered",
        1,
        "We doen het.",
    )
    rows = as_csv.get_data().decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert "We doen het." in rows[1]
    for body in (json.dumps(as_json.json), *(each.get_data(as_text=True) for each in (as_csv, as_atom))):
        for word in (
            "Kanarie",
            "kanarie",
            "Priya",
            "Nog niet gecontroleerd",
            str(raiser.id),
            str(asked[1].id),
        ):
            assert word not in body
    assert "<entry>" in as_atom.get_data(as_text=True)


def test_proposal_is_private_until_checked_and_sent(make, now):
    raiser = make.identity("Noor")
    point = make.point(None, raiser, title="Over mijn buurman")

    for who, status in ((None, 404), (make.identity("Ali"), 404), (raiser, 200), (make.identity("Sven", roles=["editor"]), 200)):  # fmt: skip
        assert make.browser(who).get(f"/agenda/{point.number}").status_code == status
    assert "Over mijn buurman" not in make.browser().get("/agenda").get_data(as_text=True)


def test_sending_mails_the_contacts_only(app, make, now):
    organisation = make.organisation()
    contact = make.person("Priya", email="priya@x.example", roles=[("org_contact", organisation.id)])
    make.person("Ander", roles=[("org_contact", make.organisation("Ander").id)])
    checker, sender = make.person("Sven", roles=["editor"]), make.person("Carolien", roles=["publisher"])
    point = make.point(organisation, status=FollowUpStatus.CURATED, checked_by_id=checker.id, checked_at=now)

    done = make.browser(sender).post(f"/agenda/regie/{point.number}/versturen")

    assert done.status_code == 303
    assert list(_mails(app, kind="note")) == [contact.email]
    desk = make.browser(contact).get("/agenda/voor-ons").get_data(as_text=True)
    assert "Een bankje op de dijk" in desk
    assert rules.MOST_WAITING == 5


def test_contact_is_invited_for_one_organisation(app, make, session, now):
    organisation = make.organisation("Gemeente Lindermond")
    desk = make.browser(make.person("Roos", roles=["organiser"]))
    asked = {"email": "priya@lindermond.example", "role": "org_contact", "session": ""}

    without = desk.post("/organisatie/rollen", data=asked)
    done = desk.post("/organisatie/rollen", data=asked | {"organisation": str(organisation.id)})

    assert (without.status_code, done.status_code) == (422, 303)
    assert "Kies voor welke organisatie" in without.get_data(as_text=True)
    assert "Gemeente Lindermond" in desk.get("/organisatie/rollen").get_data(as_text=True)
    with app.app_context():
        assert db.session.query(Invitation).one().scope_id == organisation.id


# --- merged and refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["merged", "refused"])
def test_askers_of_a_merged_or_declined_point_are_notified(app, make, session, now, end):
    """The questions and followers go to the other point: they are told before."""
    noor, raiser = make.person("Noor"), make.identity("Ali")
    question = make.question(session, noor, status=QuestionStatus.FORWARDED)
    point, into = make.point(raised_by=raiser), make.point(status=FollowUpStatus.SENT)
    make.store(FollowUpQuestion(question_id=question.id, follow_up_id=point.id))
    with app.app_context():
        raiser_address = db.session.get_one(Person, raiser.id).email
    editor = make.identity("Eva", roles=["editor"])

    with app.app_context(), transaction():
        if end == "merged":
            rules.merge(editor, locked(point.number), into=locked(into.number), now=now)
        else:
            rules.decline(editor, locked(point.number), reason="personal_data", note="Over iemand.", now=now)
    jobs.tell_followers(app)

    told = _mails(app)
    assert set(told) == {noor.email, raiser_address}
    assert ("gaat verder" if end == "merged" else "Over iemand.") in told[noor.email].text
    if end == "merged":  # and they hear what becomes of the other one
        with app.app_context():
            follows = db.session.query(Follow).filter_by(follow_up_id=into.id).all()
        assert [each.person_id for each in follows] == [raiser.id]
