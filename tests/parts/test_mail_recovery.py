"""Mail that arrives soon, in the right order, also after an outage: senders side by side, recovery, and links
whose term begins when their mail leaves."""

import re
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail import connections, recovery, rules, sender, transports
from dagvandebuurt.parts.mail.compose import Letter
from dagvandebuurt.parts.mail.models import Mail, MailStatus, Priority
from dagvandebuurt.parts.mail.sender import send_due
from dagvandebuurt.people.models import Person, PersonalLink
from tests.servers import smtp_server

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def box(app):
    with smtp_server() as box:
        app.config["SMTP_URL"] = box.url
        yield box


@pytest.fixture
def desk(make):
    return make.browser(make.identity("Organisator", roles=["organiser"]))


@pytest.fixture
def hands(monkeypatch):
    """A clock that is set by hand."""

    class Hands:
        now = clock.now()

        def turn(self, **by):
            self.now += timedelta(**by)

    hands = Hands()
    monkeypatch.setattr(clock, "now", lambda: hands.now)
    return hands


def post(app, *keys, kind="note", priority=Priority.NEWS):
    letters = [
        (Letter(kind, f"{key}@buurt.example", "Sjaan", f"Over {key}", "Dag", "<p>Dag</p>", priority=priority), key)
        for key in keys
    ]  # fmt: skip
    with app.app_context(), transaction():
        rules.post_many(letters, now=clock.now())


def mails(app):
    with app.app_context():
        return {mail.dedupe_key: mail for mail in db.session.scalars(select(Mail))}


def subjects(box):
    return [mail["Subject"].removeprefix("Over ") for mail in box.received]


def until(is_so, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.01)
    return False


# --- in the right order, and several at once -----------------------------------------------------------


def letters_before_a_confirmation(app, box, monkeypatch, reminders=200):
    """How many letters have their turn before a confirmation that is asked for while reminders leave slowly."""
    turns, real = [], rules.claim

    def claim(*, now):
        claimed = real(now=now)
        if claimed is not None:
            turns.append(db.session.get_one(Mail, claimed.mail_id).dedupe_key)
        return claimed

    monkeypatch.setattr(rules, "claim", claim)
    box.slow_seconds = 0.02
    post(app, *(f"m{number}" for number in range(reminders)))
    run = threading.Thread(target=send_due, args=[app])
    run.start()
    try:
        assert until(lambda: len(box.received) >= 10)
        post(app, "vraag", kind="confirm", priority=Priority.OWN)
        asked_after = len(turns)
        assert until(lambda: "vraag" in subjects(box))
        return turns.index("vraag") - asked_after
    finally:
        box.answer = "421 enough"  # the rest of the reminders proves nothing
        run.join(60)


def test_m9_a_confirmation_overtakes_all_reminders_but_those_on_the_wire(app, box, monkeypatch):
    assert letters_before_a_confirmation(app, box, monkeypatch) <= app.config["SMTP_CONNECTIONS"]


def test_m9_without_priorities_reminders_hold_up_a_confirmation(app, box, monkeypatch):
    monkeypatch.setattr(rules, "priority_of", lambda _letter: Priority.NEWS)

    assert letters_before_a_confirmation(app, box, monkeypatch, reminders=60) > 20


def test_many_mails_leave_side_by_side_over_a_bounded_number_of_connections(app, box):
    box.slow_seconds = 0.02
    post(app, *(f"m{number}" for number in range(90)))

    assert send_due(app) == 90
    assert sorted(subjects(box)) == sorted(f"m{number}" for number in range(90))
    assert 1 < box.most_at_once <= app.config["SMTP_CONNECTIONS"]
    assert 1 < len(box.callers) <= app.config["SMTP_CONNECTIONS"]


def test_the_next_mail_goes_over_the_connection_that_was_kept(app, box):
    for key in ("een", "twee", "drie"):
        post(app, key)
        assert send_due(app) == 1

    assert len(box.callers) == 1


def test_a_connection_that_the_server_dropped_is_replaced(app, box):
    post(app, "een")
    send_due(app)
    with app.app_context():
        [(_, kept)] = connections.connections()._idle
    kept._server.sock.shutdown(2)
    post(app, "twee")

    assert send_due(app) == 1
    assert len(box.callers) == 2


def test_an_idle_connection_is_closed(app, box, monkeypatch):
    monkeypatch.setattr(connections, "IDLE_SECONDS", 0.05)
    post(app, "een")
    send_due(app)
    with app.app_context():
        pool = connections.connections()

    assert until(lambda: not pool._idle)


def test_a_sender_that_fails_ends_the_run_and_loses_nothing(app, box, monkeypatch):
    """As when the lease of the jobs is lost: every sender stops, and what is left waits."""
    real, calls = rules.claim, []

    def claim(*, now):
        calls.append(threading.current_thread().name)
        if "mail-sender" in calls and threading.current_thread().name == "mail-sender":
            raise RuntimeError("the lease is lost")
        return real(now=now)

    monkeypatch.setattr(rules, "claim", claim)
    box.slow_seconds = 0.02
    post(app, *(f"m{number}" for number in range(60)))

    with pytest.raises(RuntimeError):
        send_due(app)
    waiting = [mail for mail in mails(app).values() if mail.status is MailStatus.WAITING]
    assert len(waiting) + len(box.received) == 60
    assert waiting


# --- after an outage ------------------------------------------------------------------------------------


def a_while_of_deferrals(app, box, hands):
    """Each recipient is deferred, so each mail has a back-off of its own. Then it is over."""
    post(app, *(f"m{number}" for number in range(8)))
    box.recipient_answer = "450 4.2.0 greylisted, come back later"
    for _ in range(25):
        send_due(app)
        hands.turn(minutes=1)
    assert box.received == []
    assert {mail.tries for mail in mails(app).values()} == {4}  # the next one is an hour away
    box.recipient_answer = "250 OK"
    post(app, "nieuw", kind="login")  # somebody asks for a link


def test_m10_the_first_mail_that_gets_through_takes_all_others_along(app, box, hands):
    a_while_of_deferrals(app, box, hands)

    assert send_due(app) == 9
    assert subjects(box)[0] == "nieuw"


def test_m10_without_recovery_each_waits_for_its_own_back_off(app, box, hands, monkeypatch):
    monkeypatch.setattr(recovery, "was_away", lambda *, now: False)

    a_while_of_deferrals(app, box, hands)
    assert send_due(app) == 1


def test_m10_a_server_without_room_is_tried_again_within_minutes(app, box, hands):
    """Answers about the server itself: the back-off does not grow beyond five minutes."""
    post(app, *(f"m{number}" for number in range(5)))
    box.answer = "452 4.3.1 insufficient system storage"
    for _ in range(30):
        send_due(app)
        hands.turn(minutes=1)
    box.answer = "250 OK"
    for _ in range(5):
        send_due(app)
        hands.turn(minutes=1)

    assert len(box.received) == 5


def test_m10_one_full_mailbox_is_not_tried_again_with_every_other_mail(app, box, hands):
    box.full.add("vol@buurt.example")
    post(app, "eerst")
    send_due(app)
    post(app, "vol")
    for number in range(8):
        post(app, f"m{number}")
        send_due(app)
        hands.turn(minutes=1)

    assert len(box.received) == 9
    assert mails(app)["vol"].tries == 3  # at once, after one minute and five after that


# --- links ----------------------------------------------------------------------------------------------


def ask_for_a_link(make, email):
    assert make.browser().post("/inloggen", data={"email": email}).status_code == 200


def path_in(box, which=-1):
    text = box.received[which].get_payload(0).get_payload(decode=True).decode()
    return re.search(r"/link/[\w-]+", text)[0]


def works(make, path):
    return make.browser().get(path).status_code == 200


def a_link_asked_for_during_an_outage(app, make, box, hands):
    make.person("Sjaan", email="sjaan@buurt.example")
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"  # nobody is there
    ask_for_a_link(make, "sjaan@buurt.example")
    for _ in range(4):
        hands.turn(minutes=45)
        assert send_due(app) == 0
    app.config["SMTP_URL"] = box.url
    hands.turn(minutes=1)
    assert send_due(app) == 1
    hands.turn(minutes=50)
    return works(make, path_in(box))


def test_m11_the_hour_of_a_login_link_begins_when_its_mail_leaves(app, make, box, hands):
    assert a_link_asked_for_during_an_outage(app, make, box, hands)
    hands.turn(minutes=11)
    assert not works(make, path_in(box))


def test_m11_a_term_that_begins_when_the_link_is_asked_for_is_caught(app, make, box, hands, monkeypatch):
    monkeypatch.setattr(sender, "link_leaves", lambda *_: [True])

    assert not a_link_asked_for_during_an_outage(app, make, box, hands)


def test_m11_a_link_for_an_address_that_changed_meanwhile_does_not_leave(app, make, box):
    person = make.person("Sjaan", email="sjaan@buurt.example")
    ask_for_a_link(make, "sjaan@buurt.example")
    with app.app_context(), transaction():
        db.session.get_one(Person, person.id).email = "nieuw@buurt.example"

    assert send_due(app) == 0
    [mail] = mails(app).values()
    assert (mail.status, mail.last_error) == (MailStatus.REFUSED, "LinkGone")


def a_refused_login_mail(app, make, box):
    make.person("Sjaan", email="sjaan@buurt.example")
    ask_for_a_link(make, "sjaan@buurt.example")
    box.recipient_answer = "550 5.1.1 no such user here"
    assert send_due(app) == 0
    box.recipient_answer = "250 OK"
    [mail] = mails(app).values()
    return mail


def test_m11_a_refused_login_mail_goes_once_more_with_a_link_that_works(app, make, box, desk, hands):
    mail = a_refused_login_mail(app, make, box)
    assert mail.struck
    hands.turn(hours=5)

    page = desk.get("/organisatie/post").text
    assert "no such user here" in page
    desk.post(f"/organisatie/post/{mail.id}/opnieuw")
    hands.turn(hours=5)
    assert send_due(app) == 1
    assert works(make, path_in(box))
    [sent] = mails(app).values()
    assert (sent.status, sent.struck) == (MailStatus.SENT, True)


def test_m11_a_used_link_is_never_made_anew(app, make, box, desk):
    mail = a_refused_login_mail(app, make, box)
    with app.app_context(), transaction():
        db.session.scalars(select(PersonalLink)).one().used_at = clock.now()

    answer = desk.post(f"/organisatie/post/{mail.id}/opnieuw", follow_redirects=True)
    assert "is gewist of al gebruikt" in answer.text
    assert send_due(app) == 0


# --- at the organiser's desk ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "says", "quotes"),
    [
        ({"recipient_answer": "452 4.2.2 mailbox is full"}, "neemt nu niets aan", "mailbox is full"),
        (
            {"answer": "451 4.3.0 <b>try</b> later"},
            "De mailserver neemt nu even geen mail aan",
            "&lt;b&gt;try",
        ),
        ({"answer": "421 going down"}, "De mailserver is niet te bereiken", "going down"),
    ],
)
def test_an_organiser_reads_in_plain_words_why_mail_waits(app, box, desk, answers, says, quotes):
    post(app, "een")
    for name, answer in answers.items():
        setattr(box, name, answer)
    send_due(app)

    page = desk.get("/organisatie/post").text
    assert says in page
    assert quotes in page
    assert "een@buurt.example" in page
    assert "Er wacht nog wel mail" in page
    setattr(box, next(iter(answers)), "250 OK")
    desk.post("/organisatie/post/nu")
    assert send_due(app) == 1
    page = desk.get("/organisatie/post").text
    assert "Wacht nog" not in page
    assert "Er wacht nog wel mail" not in page


def test_mail_that_nobody_tried_yet_can_be_sent_now_as_well(app, desk):
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    post(app, *(f"m{number}" for number in range(10)))
    send_due(app)

    assert "Verstuur nu" in desk.get("/organisatie/post").text
    answer = desk.post("/organisatie/post/nu", follow_redirects=True)
    assert "We proberen 10 mails nu opnieuw" in answer.text


def test_what_a_server_says_is_one_line_of_bounded_length():
    said = transports.in_one_line(b"no\r\nBcc: x\x00\xff" + b"y" * 1000)

    assert said.startswith("no Bcc: x")
    assert len(said) == transports.MOST_SAID
