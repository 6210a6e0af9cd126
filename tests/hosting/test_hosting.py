"""Who is on stage: what is next, in an order that two people can change, and nothing that nobody read yet."""

import re
from datetime import timedelta

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.hosting import events, stage_link
from dagvandebuurt.hosting.stage_view import minutes_until
from dagvandebuurt.live import items
from dagvandebuurt.programme.models import SessionSpeaker, Speaker, SpeakerPart
from dagvandebuurt.qanda import events as question_events
from dagvandebuurt.qanda.models import Question, QuestionStatus
from tests.live.test_races import at_once

UNREAD = "Khadija is een leugenaar"


@pytest.fixture
def host(make, session):
    return make.identity("Ruben", roles=[("host", session.id)])


@pytest.fixture
def jolien(make, session):
    return make.moderator("Jolien", session)


@pytest.fixture
def ready(make, session):
    """Three questions that are shortlisted, in the order in which they were asked."""
    return [
        make.question(
            session, status=QuestionStatus.SHORTLISTED, text=text,
            asked_at=session.starts_at + timedelta(minutes=minute),
        )
        for minute, text in enumerate(("Eerst?", "Tweede?", "Derde?"))
    ]  # fmt: skip


def page_of(make, session, person):
    return make.browser(person).get(f"/sessies/{session.slug}/gespreksleider").get_data(as_text=True)


def order_on(page):
    return re.findall(r"(Eerst|Tweede|Derde)\?</p>", page)


def seen(page):
    """Return the revision of the order as the page has it."""
    return int(
        re.search(r'name="earlier" value="1?">?<input type="hidden" name="seen" value="(\d+)"', page)[1]
    )


def move(make, person, session, question, **more):
    return make.do(events.PLACE, person, session, question=str(question.id), **more)


def test_host_and_moderator_change_one_order(make, session, host, jolien, ready):
    assert order_on(page_of(make, session, host)) == ["Eerst", "Tweede", "Derde"]

    first = move(make, host, session, ready[2], earlier=True)
    second = move(make, jolien, session, ready[2], earlier=True, seen=first["order"]["revision"])

    assert first["ok"], first
    assert second["ok"], second
    assert order_on(page_of(make, session, host)) == ["Derde", "Eerst", "Tweede"]
    assert order_on(page_of(make, session, jolien)) == ["Derde", "Eerst", "Tweede"]


def test_an_order_that_a_colleague_changed_meanwhile_is_not_undone(make, session, host, jolien, ready):
    before = move(make, host, session, ready[2], earlier=True)["order"]["revision"]
    move(make, jolien, session, ready[0], earlier=False, seen=before)

    late = move(make, host, session, ready[1], earlier=True, seen=before)

    assert late["error"]["code"] == "hosting.order_changed"
    assert "Jolien" in late["error"]["message"]


def test_two_moves_at_once_are_one_and_a_refusal(app, make, session, host, jolien, ready):
    known = move(make, host, session, ready[2], earlier=True)["order"]["revision"]

    outcomes = at_once(
        lambda: move(make, host, session, ready[0], earlier=False, seen=known),
        lambda: move(make, jolien, session, ready[1], earlier=True, seen=known),
    )

    assert sorted(outcome["ok"] for outcome in outcomes) == [False, True]


def test_one_operation_moves_once(make, session, host, ready):
    answers = [move(make, host, session, ready[2], earlier=True, op="the-same-operation") for _ in range(2)]

    assert answers[0]["ok"]
    assert answers[0]["order"]["questions"] == answers[1]["order"]["questions"]
    assert order_on(page_of(make, session, host)) == ["Eerst", "Derde", "Tweede"]


def test_a_question_that_left_the_list_does_not_move(app, make, session, host, ready):
    with app.app_context(), transaction():
        db.session.get(Question, ready[1].id).status = QuestionStatus.VISIBLE

    refused = move(make, host, session, ready[1], earlier=True)

    assert refused["error"]["code"] == "hosting.not_listed"
    assert order_on(page_of(make, session, host)) == ["Eerst", "Derde"]


def test_next_puts_the_first_on_stage_by_a_plain_form(app, make, session, host, ready):
    browser = make.browser(host)
    page = browser.get(f"/sessies/{session.slug}/gespreksleider").get_data(as_text=True)
    form = re.search(r'action="([^"]+/beurt)"(.*?)</form>', page, re.DOTALL)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))

    after = browser.post(form[1], data=fields, follow_redirects=True)
    again = browser.post(form[1], data=fields, follow_redirects=True)

    assert "De zaal ziet deze vraag nu groot." in after.get_data(as_text=True)
    assert again.status_code == 200
    with app.app_context():
        assert db.session.get(Question, ready[0].id).status is QuestionStatus.LIVE
        assert db.session.get(Question, ready[1].id).status is QuestionStatus.SHORTLISTED


def test_order_changes_by_a_plain_form(make, session, host, ready):
    browser = make.browser(host)
    path = f"/sessies/{session.slug}/gespreksleider"

    for wanted, earlier in (("Tweede", "1"), ("Eerst", "")):
        page = browser.get(path).get_data(as_text=True)
        browser.post(
            f"{path}/volgorde/{ready[1].id}",
            data={"earlier": earlier, "seen": seen(page), "op": f"operation-{earlier}"},
        )
        assert order_on(browser.get(path).get_data(as_text=True))[0] == wanted


def test_two_people_press_next_at_once(app, make, session, host, jolien, ready):
    def press(person):
        return make.do(
            question_events.LIVE, person, session, question=str(ready[0].id), seen=ready[0].desk_revision
        )

    outcomes = at_once(lambda: press(host), lambda: press(jolien))

    assert [outcome["ok"] for outcome in outcomes].count(True) == 1
    with app.app_context():
        live = db.session.query(Question).filter_by(status=QuestionStatus.LIVE).all()
        assert [question.text for question in live] == ["Eerst?"]


def test_a_colleague_who_was_first_is_named(make, session, host, jolien, ready):
    browser = make.browser(host)
    make.do(question_events.LIVE, jolien, session, question=str(ready[2].id), seen=ready[2].desk_revision)

    page = browser.post(
        f"/sessies/{session.slug}/gespreksleider/beurt",
        data={"question": str(ready[0].id), "seen": ready[0].desk_revision, "instead_of": ""},
        follow_redirects=True,
    ).get_data(as_text=True)

    assert "Jolien heeft intussen een andere vraag aan de beurt gezet." in page


def test_nothing_unread_is_on_the_page_of_host_or_speaker(app, make, session, host, ready):
    for status in (QuestionStatus.WAITING, QuestionStatus.HIDDEN, QuestionStatus.WITHDRAWN):
        make.question(session, status=status, text=UNREAD)
    make.do(question_events.BACKSTAGE, host, session, text="De wethouder komt later")
    with app.test_request_context():
        link = stage_link.path_to(session.id)

    told = page_of(make, session, host)
    read = make.browser().get(link).get_data(as_text=True)

    assert UNREAD not in told + read
    assert "De wethouder komt later" in told
    assert "De wethouder komt later" not in read
    assert order_on(read) == ["Eerst", "Tweede", "Derde"]
    assert 'method="post"' not in read.partition("<main")[2].partition("</main>")[0]


def test_a_link_that_was_not_given_out_shows_nothing(make, session):
    assert make.browser().get("/op-het-podium/verzonnen").status_code == 404


def test_a_speaker_with_an_account_reads_and_presses_nothing(app, make, session, ready):
    person = make.identity("Samira")
    speaker = make.store(Speaker(code="samira", name="Samira", function="", bio="", person_id=person.id))
    browser = make.browser(person)
    path = f"/sessies/{session.slug}/gespreksleider"
    assert browser.get(path).status_code == 403
    make.store(SessionSpeaker(session_id=session.id, speaker_id=speaker.id, part=SpeakerPart.SPEAKER))

    read = browser.get(path)
    pressed = browser.post(f"{path}/sein", data={"kind": "louder"})

    assert order_on(read.get_data(as_text=True)) == ["Eerst", "Tweede", "Derde"]
    assert pressed.status_code == 403


def test_a_signal_stays_until_it_was_read(make, session, host, jolien):
    sent = make.do(events.SIGNAL, jolien, session, kind="five_minutes")
    assert "<strong>Nog 5 minuten</strong>" in page_of(make, session, host)
    newer = make.do(events.SIGNAL, jolien, session, kind="wrap_up")

    stale = make.do(events.SIGNAL, host, session, seen=sent["signal"]["revision"])
    assert stale["signal"]["signal"] == "wrap_up"
    assert "<strong>Rond af</strong>" in page_of(make, session, host)

    make.do(events.SIGNAL, host, session, seen=newer["signal"]["revision"])
    assert "<strong>Rond af</strong>" not in page_of(make, session, host)


def test_order_and_signal_are_for_the_desk_alone(make, session, host, ready, inside):
    move(make, host, session, ready[2], earlier=True)
    make.do(events.SIGNAL, host, session, kind="louder")

    changes = items.changes_since(session.id, 0)

    kinds = {item["kind"] for item in changes.desk}
    assert {"running_order", "stage_signal"} <= kinds
    assert not {"running_order", "stage_signal"} & {item["kind"] for item in changes.hall}


def test_without_a_shortlist_the_host_reads_what_the_hall_wants(make, session, host):
    make.question(session, status=QuestionStatus.VISIBLE, text="Wat de zaal wil?", support_count=9)

    page = page_of(make, session, host)

    assert "Er staat niets klaar. Dit wil de zaal het liefst horen:" in page
    assert "Wat de zaal wil?" in page


@pytest.mark.parametrize(("seconds", "minutes"), [(-1, 0), (0, 0), (1, 1), (60, 1), (61, 2), (300, 5)])
def test_minutes_left_are_rounded_up(now, seconds, minutes):
    assert minutes_until(now + timedelta(seconds=seconds), now) == minutes
