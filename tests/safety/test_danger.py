"""Danger: one press hides a question, gives its asker numbers to call and alarms who is on duty."""

import logging
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.live import items
from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.models import Person
from dagvandebuurt.qanda import events as questions
from dagvandebuurt.qanda.models import Appearance, Question, QuestionStatus
from dagvandebuurt.qanda.private_link import path_to
from dagvandebuurt.safety import events
from dagvandebuurt.safety.models import AlarmStep, DangerAlarm

WORDS = "Ik wil er niet meer zijn."
CALLED = "Loop je gevaar, of iemand anders? Bel."
ALARM = "Iemand loopt misschien gevaar."


@pytest.fixture
def jolien(make):
    return make.moderator("Jolien")


@pytest.fixture
def roos(make, session):
    return make.person("Roos", roles=["organiser"])


def asked_by(make, session, asker, *, anonymous=False, **values):
    values = {"text": WORDS} | values
    if anonymous:
        values["appearance"] = Appearance.ANONYMOUS
    return make.question(session, asker=asker, **values)


def raise_alarm(make, who, session, question, **more):
    return make.do(events.RAISE, who, session, question=str(question.id), **more)


def now_of(make, question):
    with make.context():
        db.session.rollback()
        return db.session.get_one(Question, question.id)


def mails(make):
    with make.context():
        return db.session.scalars(select(Mail).order_by(Mail.id)).all()


def steps(make):
    with make.context():
        db.session.rollback()
        return db.session.scalars(select(AlarmStep).order_by(AlarmStep.at)).all()


def the_alarm(make):
    with make.context():
        return db.session.scalars(select(DangerAlarm)).one()


@pytest.mark.parametrize("anonymous", [False, True])
def test_one_press_hides_it_and_its_asker_a_guest_reads_the_numbers_first_on_every_page(
    make, session, jolien, anonymous
):
    guest = make.guest("Sanne")
    question = asked_by(make, session, guest, anonymous=anonymous, status=QuestionStatus.VISIBLE)
    browser, other = make.browser(guest), make.browser(make.guest("Ander"))

    assert raise_alarm(make, jolien, session, question)["ok"]

    assert now_of(make, question).status is QuestionStatus.HIDDEN
    for path in (f"/sessies/{session.slug}/live", "/programma", "/mijn", "/"):
        page = browser.get(path, follow_redirects=True).text
        assert 'href="tel:112"' in page
        assert 'href="tel:113"' in page
        assert 'href="tel:08002000"' in page
        assert page.index(CALLED) < page.index("room__stage" if "room__stage" in page else 'id="inhoud"'), (
            path
        )
        assert CALLED not in other.get(path, follow_redirects=True).text, path
        assert CALLED not in make.browser().get(path, follow_redirects=True).text, path


def test_who_has_the_way_back_reads_the_numbers_without_any_login(make, session, jolien):
    question = asked_by(make, session, make.guest(), anonymous=True)
    raise_alarm(make, jolien, session, question)

    with make.context():
        page = make.browser().get(path_to(question.id)).text

    assert page.index(CALLED) < page.index("<h1>")


def test_it_is_on_top_of_every_desk_until_somebody_takes_it(make, session, jolien, roos):
    question = asked_by(make, session, make.guest())
    at_desk, organiser = make.browser(jolien), make.browser(roos)
    raise_alarm(make, jolien, session, question)
    pages = (f"/sessies/{session.slug}/regie", "/regie", "/mijn-werk", "/organisatie/vandaag")

    for path in pages:
        for browser in (at_desk, organiser):
            page = browser.get(path, follow_redirects=True)
            if page.status_code == 200:
                assert ALARM in page.text, path
    alarm = the_alarm(make)
    assert (
        organiser.post(f"/gevaar/{alarm.id}/oppakken", data={"seen": str(alarm.revision)}).status_code == 303
    )

    assert ALARM not in at_desk.get(f"/sessies/{session.slug}/regie").text
    page = organiser.get(f"/gevaar/{alarm.id}").text
    assert "Roos pakte dit op" in page
    assert "gaf het door" in page
    assert [(step.person_name, step.action) for step in steps(make)] == [
        ("Jolien", "raise"),
        ("Roos", "take"),
    ]


def test_people_on_duty_are_mailed_once_without_the_words(make, session, jolien, roos, caplog):
    asker = make.identity("Sanne Visser")
    with make.context():
        address = db.session.get_one(Person, asker.id).email
    question = asked_by(make, session, asker)
    with caplog.at_level(logging.DEBUG):
        answers = [raise_alarm(make, jolien, session, question, op="same-operation") for _ in "ab"]

    assert answers[0]["ok"]
    assert answers[0] == answers[1]
    sent = mails(make)
    assert sorted(mail.subject for mail in sent) == [
        "Er is een bericht voor je",
        "Iemand loopt misschien gevaar",
    ]
    for mail in sent:
        assert WORDS not in mail.text
        assert WORDS not in mail.html
        assert "Sanne" not in (mail.text if mail.to != address else "")
    to_asker = next(mail for mail in sent if mail.to == address)
    assert "gevaar" not in to_asker.text.lower()
    assert "gevaar" not in to_asker.subject.lower()
    assert WORDS not in caplog.text


def test_two_at_once_are_one_alarm_and_the_second_reads_who_was_first(make, session, jolien, roos):
    question = asked_by(make, session, make.guest())
    ruben = make.moderator("Ruben")
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(
                lambda who: _in_context(make, lambda: raise_alarm(make, who, session, question)),
                [jolien, ruben],
            )
        )

    refused = [each["error"] for each in answers if not each["ok"]]
    assert [error["code"] for error in refused] == ["safety.already_raised"]
    assert re.match(r"(Jolien|Ruben) gaf dit al door", refused[0]["message"])
    assert len(steps(make)) == 1
    assert len([mail for mail in mails(make) if mail.to == roos.email]) == 1


def _in_context(make, act):
    with make.context():
        return act()


@pytest.mark.parametrize("meanwhile", ["show", "live", "answer", "hide"])
def test_what_a_colleague_did_meanwhile_keeps_no_danger_on_the_screen(make, session, jolien, meanwhile):
    question = asked_by(
        make,
        session,
        make.guest(),
        status=QuestionStatus.VISIBLE if meanwhile != "show" else QuestionStatus.WAITING,
    )
    seen = question.desk_revision
    ruben = make.moderator("Ruben")
    verb, more = {
        "show": (questions.SHOW, {"seen": seen}),
        "live": (questions.LIVE, {"on": True, "seen": seen}),
        "answer": (questions.ANSWER, {"text": "Bel ons.", "instead_of": ""}),
        "hide": (questions.HIDE, {"reason": "respect", "seen": seen}),
    }[meanwhile]
    assert make.do(verb, ruben, session, question=str(question.id), **more)["ok"]

    assert raise_alarm(make, jolien, session, question, seen=seen)["ok"]
    found = now_of(make, question)
    assert (found.status, found.hidden_reason) == (QuestionStatus.HIDDEN, "urgent")


def test_shown_again_it_was_a_mistake_and_an_old_press_does_not_alarm_again(make, session, jolien):
    guest = make.guest()
    question = asked_by(make, session, guest)
    old = question.desk_revision
    raise_alarm(make, jolien, session, question, seen=old)
    hidden = now_of(make, question).desk_revision
    assert make.do(questions.SHOW, make.moderator("Ruben"), session, question=str(question.id), seen=hidden)[
        "ok"
    ]

    assert CALLED not in make.browser(guest).get(f"/sessies/{session.slug}/live").text
    assert not raise_alarm(make, jolien, session, question, seen=old)["ok"]
    again = raise_alarm(make, jolien, session, question, seen=now_of(make, question).desk_revision)
    assert again["ok"]
    assert CALLED in make.browser(guest).get(f"/sessies/{session.slug}/live").text


def test_the_asker_reads_what_was_sent_puts_it_away_and_nobody_else_can(make, session, jolien, roos):
    guest = make.guest("Sanne")
    question = asked_by(make, session, guest, anonymous=True)
    raise_alarm(make, jolien, session, question)
    alarm = the_alarm(make)
    organiser, browser = make.browser(roos), make.browser(guest)
    room = f"/sessies/{session.slug}/live"

    organiser.post(f"/gevaar/{alarm.id}/bericht", data={"sentence": "come"})
    organiser.post(f"/gevaar/{alarm.id}/bericht", data={"text": "Ik zit bij de ingang, met een gele hoed."})
    page = browser.get(room).text
    assert "Loop naar iemand van de organisatie" in page
    assert "met een gele hoed" in page

    away = f"/gevaar/{alarm.id}/gelezen"
    assert make.browser(make.guest("Ander")).post(away).status_code == 404
    assert CALLED in browser.get(room).text  # another guest put nothing away
    assert browser.post(away, data={"terug": "/programma"}).location.endswith("/programma")
    assert CALLED not in browser.get(room).text
    organiser.post(f"/gevaar/{alarm.id}/bericht", data={"sentence": "read"})
    assert CALLED in browser.get(room).text


@pytest.mark.parametrize(("roles", "status"), [((), 403), (["captioner"], 403), (["organiser"], 200)])
def test_who_may_read_an_alarm(make, session, jolien, roles, status):
    question = asked_by(make, session, make.guest())
    raise_alarm(make, jolien, session, question)
    alarm = the_alarm(make)
    browser = make.browser(make.person("Iemand", roles=roles))

    page = browser.get(f"/gevaar/{alarm.id}")
    assert page.status_code == status
    assert (WORDS in page.text) == (status == 200)
    assert browser.post(f"/sessies/{session.slug}/vragen/{question.id}/gevaar").status_code == 403


def test_only_the_desk_hears_of_it_live(make, session, inside, jolien):
    guest = make.guest()
    question = asked_by(make, session, guest)
    before = items.state_of(session.id).revision
    raise_alarm(make, jolien, session, question)

    found = items.changes_since(session.id, before)
    told = [each for each in found.of(Audience.DESK) if each["kind"] == "danger"]
    assert [each["open"] for each in told] == [True]
    assert WORDS not in str(told)
    assert not [each for each in found.of(Audience.HALL) if each["kind"] == "danger"]
    own = found.own_of([guest.id])[guest.id]
    assert own[0]["hidden_reason"] == "urgent"


def test_the_organisation_sets_its_own_numbers_and_a_colleague_is_not_overwritten(
    make, session, jolien, roos
):
    organiser, guest = make.browser(roos), make.guest()
    raise_alarm(make, jolien, session, asked_by(make, session, guest))
    page = organiser.get("/organisatie/gevaar").text
    assert 'value="0800-2000"' in page
    sent = {
        "seen": "0",
        "numbers-0-name": "Wijkteam",
        "numbers-0-number": "038 123 45 67",
        "numbers-0-about": "Altijd",
    }

    assert organiser.post("/organisatie/gevaar/nummers", data=sent).status_code == 303
    room = make.browser(guest).get(f"/sessies/{session.slug}/live").text
    assert 'href="tel:0381234567"' in room
    assert "Wijkteam" in room
    assert "tel:112" not in room

    late = organiser.post("/organisatie/gevaar/nummers", data=sent | {"numbers-0-name": "Anders"})
    assert late.status_code == 409
    assert "Anders" in late.text
    wrong = organiser.post(
        "/organisatie/gevaar/nummers", data=sent | {"seen": "1", "numbers-0-number": "bel mij"}
    )
    assert wrong.status_code == 422
    assert "bel mij" in wrong.text
    empty = organiser.post("/organisatie/gevaar/nummers", data={"seen": "1"})
    assert empty.status_code == 303
    assert "tel:112" in make.browser(guest).get(f"/sessies/{session.slug}/live").text


def test_only_who_is_on_duty_is_mailed_once_somebody_is_chosen(make, session, jolien, roos):
    other = make.person("Bram", roles=["organiser"])
    organiser = make.browser(roos)
    organiser.post("/organisatie/gevaar/wie", data={"person": [str(other.id), "geen-id"]})
    raise_alarm(make, jolien, session, asked_by(make, session, make.guest()))

    assert [mail.to for mail in mails(make)] == [other.email]


def test_from_a_report_and_by_form_without_script(make, session, roos):
    question = asked_by(make, session, make.guest(), status=QuestionStatus.VISIBLE)
    make.report(session, question=question)
    browser = make.browser(make.person("Jolien", roles=["moderator"]))
    page = browser.get(f"/sessies/{session.slug}/regie/meldingen").text
    assert f"/vragen/{question.id}/gevaar" in page

    answer = browser.post(
        f"/sessies/{session.slug}/vragen/{question.id}/gevaar", data={"terug": "meldingen", "seen": "0"}
    )
    assert answer.location.endswith("/regie/meldingen")
    assert now_of(make, question).status is QuestionStatus.HIDDEN
