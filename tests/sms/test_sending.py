"""Sending: once, by two real protocols, with every fault of a gateway, and a reminder an hour before a session."""

from datetime import timedelta

import pytest

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.programme.models import Round
from dagvandebuurt.registration.models import PlaceStatus, SessionChoice
from dagvandebuurt.sms import jobs, outbox
from dagvandebuurt.sms.models import SmsStatus
from tests.sms.conftest import SECRET

MINE = "/mijn/sms"


def reminder_in(messages):
    [found] = [message for message in messages() if message.kind == "reminder"]
    return found


def statuses(messages):
    return [message.status for message in messages()]


@pytest.fixture
def asks(make, edition, gateway):
    """Return a function that queues one message, with a number of its own."""
    numbers = iter(range(10, 90))

    def ask():
        answer = make.browser(make.guest("Wie")).post(MINE, data={"number": f"06123456{next(numbers)}"})
        assert answer.status_code == 303

    return ask


def test_it_goes_out_once_however_often_the_job_runs(app, gateway, messages, asks):
    asks()
    for _ in range(3):
        jobs.send_sms(app)

    assert (len(gateway.messages), statuses(messages)) == (1, [SmsStatus.SENT])


def test_by_messagebird_it_goes_in_its_own_words(app, gateway, messages, asks):
    app.config.update(SMS_GATEWAY="messagebird", SMS_URL=gateway.url.removesuffix("/v1"), SMS_FROM="Buurtdag")
    asks()
    assert jobs.send_sms(app) == 1

    [sent] = gateway.messages
    assert (sent["datacoding"], sent["originator"]) == ("plain", "Buurtdag")
    assert sent["reportUrl"].endswith(f"/sms/{SECRET}/bezorgd")


@pytest.mark.parametrize("status", [400, 422])
def test_what_the_gateway_refuses_is_not_tried_again(app, gateway, messages, asks, wait, status):
    gateway.fault = status
    asks()
    jobs.send_sms(app)
    gateway.fault = None
    wait(minutes=5)
    jobs.send_sms(app)

    assert (gateway.messages, statuses(messages)) == ([], [SmsStatus.REFUSED])


@pytest.mark.parametrize("status", [401, 402, 429, 503])
def test_what_it_surely_did_not_take_goes_later(app, gateway, messages, asks, wait, status):
    gateway.fault = status
    asks()
    jobs.send_sms(app)
    assert statuses(messages) == [SmsStatus.WAITING]
    gateway.fault = None
    jobs.send_sms(app)
    assert gateway.messages == []

    wait(minutes=2)
    jobs.send_sms(app)

    assert (len(gateway.messages), statuses(messages)) == (1, [SmsStatus.SENT])


def test_a_gateway_that_is_not_there_takes_it_later(app, gateway, messages, asks, wait):
    there = app.config["SMS_URL"]
    app.config["SMS_URL"] = "http://127.0.0.1:9/v1"
    asks()
    jobs.send_sms(app)
    assert statuses(messages) == [SmsStatus.WAITING]

    app.config["SMS_URL"] = there
    wait(minutes=2)

    assert jobs.send_sms(app) == 1


@pytest.mark.parametrize("fault", ["hangs", "breaks", 500, 502])
def test_of_what_is_unknown_it_says_so_and_sends_nothing_twice(app, gateway, messages, asks, wait, fault):
    gateway.fault = fault
    asks()
    jobs.send_sms(app)
    assert statuses(messages) == [SmsStatus.UNKNOWN]
    taken = len(gateway.messages)
    gateway.fault = None
    wait(minutes=1)
    jobs.send_sms(app)
    assert (len(gateway.messages), statuses(messages)) == (taken, [SmsStatus.UNKNOWN])


def test_a_gateway_that_can_be_asked_says_that_it_has_it(app, gateway, messages, asks, wait):
    gateway.fault = "breaks"
    asks()
    jobs.send_sms(app)
    gateway.fault = None
    wait(minutes=4)
    jobs.send_sms(app)

    assert (len(gateway.messages), statuses(messages)) == (1, [SmsStatus.SENT])


def test_or_that_it_has_not_and_then_it_goes(app, gateway, messages, asks, wait):
    gateway.fault = "drops"
    asks()
    jobs.send_sms(app)
    assert (gateway.messages, statuses(messages)) == ([], [SmsStatus.UNKNOWN])
    gateway.fault = None
    wait(minutes=4)
    jobs.send_sms(app)

    assert (len(gateway.messages), statuses(messages)) == (1, [SmsStatus.SENT])


def test_a_process_killed_in_the_middle_sends_nothing_twice(app, gateway, messages, asks, wait):
    """It claimed, maybe sent, and died: what the next one finds."""
    app.config.update(SMS_GATEWAY="messagebird", SMS_URL=gateway.url.removesuffix("/v1"))
    asks()
    with app.app_context(), transaction():
        assert outbox.claim(clock.now()) is not None
    jobs.send_sms(app)
    assert (gateway.messages, statuses(messages)) == ([], [SmsStatus.SENDING])

    wait(minutes=4)
    jobs.send_sms(app)
    jobs.send_sms(app)

    assert (gateway.messages, statuses(messages)) == ([], [SmsStatus.UNKNOWN])


def test_a_process_that_stood_still_meanwhile_sends_nothing(app, gateway, messages, asks, wait):
    asks()
    with app.app_context(), transaction():
        frozen = outbox.claim(clock.now())
        assert outbox.is_still_ours(frozen, now=clock.now())
    now = wait(minutes=4)
    jobs.send_sms(app)

    with app.app_context(), transaction():
        assert not outbox.is_still_ours(frozen, now=now)


def test_reports_in_any_order_and_twice_end_as_delivered(app, make, gateway, messages, asks):
    asks()
    jobs.send_sms(app)
    reference = gateway.messages[0]["reference"]
    phone, address = make.browser(), f"/sms/{SECRET}/bezorgd"

    assert (
        phone.post(address, data={"STATUS": "20", "REASONCODE": "22", "REFERENCE": reference}).status_code
        == 204
    )
    assert statuses(messages) == [SmsStatus.FAILED]
    for _ in range(2):
        assert phone.get(f"{address}?STATUS=10&REASONCODE=0&REFERENCE={reference}").status_code == 204
    phone.get(f"{address}?STATUS=20&REASONCODE=22&REFERENCE={reference}")

    assert statuses(messages) == [SmsStatus.DELIVERED]


@pytest.mark.parametrize(
    "fields", [{}, {"STATUS": "99", "REFERENCE": "x"}, {"STATUS": "10", "REFERENCE": "geen-id"}]
)
def test_a_report_of_nothing_changes_nothing(app, make, gateway, messages, asks, fields):
    asks()

    assert make.browser().get(f"/sms/{SECRET}/bezorgd", query_string=fields).status_code == 204
    assert (
        make.browser().post(f"/sms/{SECRET}/bezorgd", data=b"[1", content_type="application/json").status_code
        == 204
    )

    assert statuses(messages) == [SmsStatus.WAITING]


def test_a_report_says_of_an_unknown_one_that_it_was_taken(app, make, gateway, messages, asks):
    app.config.update(SMS_GATEWAY="messagebird", SMS_URL=gateway.url.removesuffix("/v1"))
    gateway.fault = "breaks"
    asks()
    jobs.send_sms(app)
    reference = gateway.messages[0]["reference"]

    make.browser().get(f"/sms/{SECRET}/bezorgd?id=1&reference={reference}&status=sent&recipient=31612345610")
    assert statuses(messages) == [SmsStatus.SENT]
    make.browser().get(f"/sms/{SECRET}/bezorgd?id=1&reference={reference}&status=delivered")

    assert statuses(messages) == [SmsStatus.DELIVERED]


@pytest.fixture
def soon(make, session, now):
    """A session of the same edition that begins in 40 minutes."""
    with make.context():
        first = db.session.get(Round, session.round_id)
    return make.session(
        "Een heel lange titel over groen, veiligheid, vervoer en al het andere dat er in onze buurt speelt",
        round=first, starts_at=now + timedelta(minutes=40), ends_at=now + timedelta(minutes=80),
    )  # fmt: skip


def test_an_hour_before_a_session_who_has_no_mail_gets_an_sms_and_once(
    app, make, session, soon, edition, gateway, proven, messages
):
    sjaan, without = make.guest("Sjaan"), make.guest("Zonder")
    for person in (sjaan, without):
        make.store(
            SessionChoice(
                session_id=soon.id, person_id=person.id, status=PlaceStatus.CONFIRMED, chosen_at=clock.now()
            )
        )
    proven(make.browser(sjaan))

    for _ in range(2):
        jobs.remind_by_sms(app)
        jobs.send_sms(app)

    reminder = reminder_in(messages)
    assert (reminder.kind, reminder.parts, reminder.status) == ("reminder", 1, SmsStatus.SENT)
    assert "Een heel lange" in reminder.text
    assert "begint om 13.55" in reminder.text
    assert "STOP" in reminder.text
    assert len(gateway.messages) == 2


def test_after_stop_no_reminder_goes(app, make, session, soon, edition, gateway, proven, messages):
    sjaan = make.guest("Sjaan")
    make.store(
        SessionChoice(
            session_id=soon.id, person_id=sjaan.id, status=PlaceStatus.CONFIRMED, chosen_at=clock.now()
        )
    )
    proven(make.browser(sjaan))
    make.browser().post(f"/sms/{SECRET}/binnen", data={"originator": "31612345678", "body": "STOP"})

    jobs.remind_by_sms(app)
    jobs.send_sms(app)

    assert (messages(), len(gateway.messages)) == ([], 1)


def test_above_the_most_of_the_day_a_reminder_is_kept_as_refused(
    app, make, session, soon, edition, gateway, proven, messages
):
    sjaan = make.guest("Sjaan")
    make.store(
        SessionChoice(
            session_id=soon.id, person_id=sjaan.id, status=PlaceStatus.CONFIRMED, chosen_at=clock.now()
        )
    )
    proven(make.browser(sjaan))
    app.config["SMS_PER_DAY"] = 1

    jobs.remind_by_sms(app)
    jobs.send_sms(app)

    kept = reminder_in(messages)
    assert (kept.status, kept.last_error) == (SmsStatus.REFUSED, "most of the day")
    assert len(gateway.messages) == 1


def test_a_reminder_that_comes_too_late_stays_home(
    app, make, session, soon, edition, gateway, proven, messages, wait
):
    sjaan = make.guest("Sjaan")
    make.store(
        SessionChoice(
            session_id=soon.id, person_id=sjaan.id, status=PlaceStatus.CONFIRMED, chosen_at=clock.now()
        )
    )
    proven(make.browser(sjaan))
    jobs.remind_by_sms(app)
    wait(minutes=41)
    jobs.send_sms(app)

    assert reminder_in(messages).status is SmsStatus.REFUSED
    assert len(gateway.messages) == 1


def test_a_code_overtakes_the_reminders(app, make, session, soon, edition, gateway, proven, messages, asks):
    sjaan = make.guest("Sjaan")
    make.store(
        SessionChoice(
            session_id=soon.id, person_id=sjaan.id, status=PlaceStatus.CONFIRMED, chosen_at=clock.now()
        )
    )
    proven(make.browser(sjaan))
    jobs.remind_by_sms(app)
    asks()

    with app.app_context(), transaction():
        first = outbox.claim(clock.now())

    assert {each.id: each.kind for each in messages()}[first.message_id] == "code"
