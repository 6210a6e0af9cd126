"""Outbox under load and with a slow or unavailable server, and what remains of a mail afterwards."""

import re
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail import rules, send_limits, transports
from dagvandebuurt.parts.mail.compose import Letter
from dagvandebuurt.parts.mail.link_redaction import PATHS, redact_links
from dagvandebuurt.parts.mail.models import Mail, MailStatus, Priority
from dagvandebuurt.parts.mail.sender import send_due
from tests.servers import smtp_server

TOKEN = "x9-Q_" * 8


@pytest.fixture
def box(app):
    with smtp_server() as box:
        app.config["SMTP_URL"] = box.url
        yield box


@pytest.fixture
def desk(make):
    return make.browser(make.identity("Organisator", roles=["organiser"]))


def post(app, key, *, kind="confirm", to=None, priority=Priority.OWN, text="Dag Sjaan", now=None):
    to = to or f"{key}@buurt.example"
    letter = Letter(kind, to, "Sjaan", f"Over {key}", text, f"<p>{text}</p>", priority=priority)
    with app.app_context(), transaction():
        rules.post(letter, dedupe_key=key, now=now or clock.now())


def mails(app):
    with app.app_context():
        return {mail.dedupe_key: mail for mail in db.session.scalars(select(Mail))}


def at(monkeypatch, moment):
    monkeypatch.setattr(clock, "now", lambda: moment)


def subjects(box):
    return [mail["Subject"].removeprefix("Over ") for mail in box.received]


# --- once -------------------------------------------------------------------------------------------


def two_senders_and_a_slow_server(app, box, monkeypatch):
    """Everything in a hundredth of its real time: an acceptance takes longer than half a lease."""
    monkeypatch.setattr(rules, "LEASE", timedelta(seconds=0.5))
    box.slow_seconds = 0.3
    for number in range(8):
        post(app, f"m{number}")
    senders = [threading.Thread(target=send_due, args=[app]) for _ in range(2)]
    for sender in senders:
        sender.start()
        time.sleep(0.1)  # out of step: what the first holds must be safe from the second
    for sender in senders:
        sender.join(30)
    assert sorted(subjects(box)) == [f"m{number}" for number in range(8)]
    assert {mail.status for mail in mails(app).values()} == {MailStatus.SENT}


def test_m1_two_concurrent_senders_send_each_mail_once(app, box, monkeypatch):
    two_senders_and_a_slow_server(app, box, monkeypatch)


def test_m1_without_a_renewed_lease_mails_are_sent_twice(app, box, monkeypatch):
    monkeypatch.setattr(rules, "renew", lambda _claim, *, now: True)
    real = rules.claim

    def claim(*, now):  # as it was: a lease that began long before its mail's turn
        monkeypatch.setattr(rules, "LEASE", timedelta(seconds=0.05))
        return real(now=now)

    monkeypatch.setattr(rules, "claim", claim)
    with pytest.raises(AssertionError):
        two_senders_and_a_slow_server(app, box, monkeypatch)


def test_a_sender_without_the_lease_neither_sends_nor_marks(app):
    post(app, "een")
    now = clock.now()
    with app.app_context():
        with transaction():
            slow = rules.claim(now=now)
        with transaction():
            other = rules.claim(now=now + rules.LEASE * 1.1)

        assert slow.mail_id == other.mail_id
        with transaction():
            assert not rules.renew(slow, now=now)
            rules.mark_failed(slow, "too late", rules.Failure.FOR_EVER, now=now)
            assert rules.renew(other, now=now)
    assert mails(app)["een"].status is MailStatus.WAITING


def test_a_lease_outlasts_any_delivery(app):
    assert rules.LEASE.total_seconds() > transports.BEFORE_DATA + transports.AFTER_DATA + 30


def test_many_mails_go_over_one_connection(app, box, monkeypatch):
    made = []
    real = transports.Smtp._connect
    monkeypatch.setattr(transports.Smtp, "_connect", lambda self: made.append(1) or real(self))
    for number in range(5):
        post(app, f"m{number}")

    assert send_due(app) == 5
    assert len(made) == 1


# --- turns ------------------------------------------------------------------------------------------


def test_m2_urgent_mail_is_sent_before_bulk_mail(app, box):
    for kind, priority in (("note", Priority.NEWS), ("note", Priority.OWN), ("login", Priority.OWN)):
        post(app, f"{kind}{int(priority)}", kind=kind, priority=priority)

    assert send_due(app) == 3
    assert subjects(box) == ["login1", "note1", "note2"]


def test_m2_mail_over_the_hourly_limit_is_delayed_not_dropped(app, box, monkeypatch):
    app.config["MAIL_PER_HOUR"] = 3
    start = clock.now()
    for number in range(7):
        post(app, f"m{number}", now=start + timedelta(minutes=number))

    went = []
    for minutes in range(0, 190, 5):
        at(monkeypatch, start + timedelta(minutes=minutes))
        send_due(app)
        went.append(len(box.received))

    assert went[-1] == 7
    assert all(later - earlier <= 3 for earlier, later in zip(went, went[12:], strict=False))  # in any hour
    assert went[36] - went[0] >= 4


def test_m2_registrants_are_told_when_delayed_mail_arrives(app, make, now):
    make.edition(
        registration_opens_at=now - timedelta(days=1), registration_closes_at=now + timedelta(days=2)
    )
    app.config["MAIL_PER_HOUR"] = 2
    pages = []
    for number in range(4):
        page = make.browser().post(
            "/aanmelden",
            data={
                "name": "Sjaan", "email": f"sjaan{number}@buurt.example", "participant_role": "resident",
                "accept_rules": "y", "accept_privacy": "y", "house_rules": "y", "privacy": "y",
            },
            follow_redirects=True,
        )  # fmt: skip
        assert page.status_code == 200, page.text
        pages.append(re.search(r"over ongeveer (\d+) minuten", page.text))

    assert [match and match[1] for match in pages] == [None, None, "60", "60"]
    assert len(mails(app)) == 4


def test_m2_the_page_is_the_same_for_unknown_addresses(app, make, now):
    app.config["MAIL_PER_HOUR"] = 1
    make.person("Noor", email="noor@buurt.example")
    post(app, "vol", kind="login", now=now)

    unknown, known = (
        re.sub(
            r'"csrf[^>]*>|value="[^"]*"', "", make.browser().post("/inloggen", data={"email": email}).text
        ).replace(email, "…")
        for email in ("niemand@buurt.example", "noor@buurt.example")
    )

    assert "over ongeveer 60 minuten" in known
    assert known == unknown


def test_send_times_stay_within_the_hourly_limit(app, now):
    app.config["MAIL_PER_HOUR"] = 2

    def minutes(kind):
        with app.app_context():
            return send_limits.minutes_until(kind, now=now)

    assert minutes("login") == 0
    for number in range(5):
        post(app, f"m{number}", kind="login", now=now)
    assert minutes("login") == 120
    assert minutes("confirm") == 0  # each kind has its own


# --- no server configured, or none reachable ----------------------------------------------------------


def test_m3_without_a_server_no_mail_is_marked_sent_and_a_warning_is_shown(app, make, desk):
    post(app, "een")

    assert send_due(app) == 0
    assert mails(app)["een"].status is MailStatus.WAITING
    assert "Er is geen mailserver ingesteld" in desk.get("/organisatie/post").text
    assert "SMTP_URL is not set" in make.browser().get("/readyz").text
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    assert "Er is geen mailserver ingesteld" not in desk.get("/organisatie/post").text


def test_m3_demo_mail_is_readable_with_its_links(app):
    app.config["DEMO"] = True
    post(app, "een", text=f"http://127.0.0.1:5000/link/{TOKEN}")

    assert send_due(app) == 1
    assert TOKEN in mails(app)["een"].text


def test_m4_after_an_outage_all_mail_is_sent_within_two_minutes(app, monkeypatch):
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"  # nobody is there
    start = clock.now()
    for number in range(10):
        post(app, f"m{number}", now=start)
    for minutes in range(60):
        at(monkeypatch, start + timedelta(minutes=minutes))
        assert send_due(app) == 0
    tried = [mail for mail in mails(app).values() if mail.last_error]
    assert 3 <= len(tried) <= 10  # a few show that it is away: the others need not try each minute
    assert {mail.tries for mail in mails(app).values()} == {0}

    with smtp_server() as box:
        app.config["SMTP_URL"] = box.url
        back = start + timedelta(minutes=60)
        for minutes in range(2):
            at(monkeypatch, back + timedelta(minutes=minutes))
            send_due(app)
        assert len(box.received) == 10


def test_m4_wrong_smtp_credentials_are_not_a_permanent_refusal(app, box, monkeypatch):
    def login(*_args, **_named):
        raise transports.smtplib.SMTPAuthenticationError(535, b"wrong")

    monkeypatch.setattr(transports.smtplib.SMTP, "login", login)
    monkeypatch.setattr(transports.smtplib.SMTP, "has_extn", lambda *_: True)
    monkeypatch.setattr(transports.smtplib.SMTP, "starttls", lambda *_, **__: None)
    app.config["SMTP_URL"] = box.url.replace("smtp://", "smtp://noor:geheim@")
    post(app, "een")

    assert send_due(app) == 0
    mail = mails(app)["een"]
    assert (mail.status, mail.last_error) == (MailStatus.WAITING, "SMTPAuthenticationError 535")


def test_m4_an_organiser_sees_why_mail_waits_and_retries_it(app, box, desk):
    post(app, "een")
    box.answer = "451 later"
    send_due(app)
    assert send_due(app) == 0  # it waits a minute

    page = desk.get("/organisatie/post").text
    assert "1 mail kon nog niet weg" in page
    assert "451" in page
    box.answer = "250 OK"
    answer = desk.post("/organisatie/post/nu", follow_redirects=True)

    assert "We proberen 1 mail nu opnieuw" in answer.text
    assert send_due(app) == 1


def test_an_organiser_sees_how_long_mail_waits_and_how_many_go_in_an_hour(app, desk):
    app.config.update(SMTP_URL="smtp://127.0.0.1:1", MAIL_PER_HOUR=60)
    now = clock.now()
    post(app, "een", now=now - timedelta(minutes=7))
    post(app, "twee", now=now + timedelta(minutes=7))
    post(app, "drie", now=now + timedelta(minutes=7))

    page = desk.get("/organisatie/post").text

    assert "De oudste mail wacht al 7 minuten" in page
    assert "2 mails wachten op hun beurt: er gaan er hoogstens 60 per uur weg" in page


# --- what remains of it -------------------------------------------------------------------------------


def test_m5_sent_mail_holds_no_bearer_links(app, box):
    links = "\n".join(f"https://dagvandebuurt.example/{path}/{TOKEN}" for path in PATHS)
    post(app, "een", text=links)

    assert send_due(app) == 1
    assert "".join(box.raw[0].decode().split("=\r\n")).count(TOKEN) >= len(PATHS)
    mail = mails(app)["een"]
    assert mail.struck
    for part in (mail.text, mail.html, str(mail.headers)):
        assert TOKEN not in part
    assert "https://dagvandebuurt.example/link/…" in mail.text


def test_m5_permanently_refused_mail_is_redacted_and_not_resent(app, box, desk):
    post(app, "een", text=f"https://dagvandebuurt.example/link/{TOKEN}")
    box.answer = "550 no such person"
    send_due(app)

    mail = mails(app)["een"]
    assert (mail.status, mail.struck, TOKEN in mail.text + mail.html) == (MailStatus.REFUSED, True, False)
    assert "De link in deze mail is gewist" in desk.get("/organisatie/post").text
    answer = desk.post(f"/organisatie/post/{mail.id}/opnieuw", follow_redirects=True)
    assert "Op de site kan deze persoon een nieuwe vragen" in answer.text
    assert mails(app)["een"].status is MailStatus.REFUSED


def test_m5_mail_awaiting_a_retry_keeps_its_link(app, box):
    post(app, "een", text=f"https://dagvandebuurt.example/link/{TOKEN}")
    box.answer = "451 later"
    send_due(app)

    assert TOKEN in mails(app)["een"].text


def test_m5_every_bearer_link_prefix_is_known(app):
    secret = {
        str(rule).split("<")[0].strip("/")
        for rule in app.url_map.iter_rules()
        if rule.arguments & {"token", "secret"}
    }

    assert len(secret) > 5
    assert secret <= set(PATHS)


def test_text_that_resembles_a_link_is_not_redacted():
    text = "Zie https://dagvandebuurt.example/sessies/hoe-praat-je-met-de-gemeente-over-groen en /lessen/kom-erbij"

    assert redact_links(text) == text
    assert redact_links(redact_links(f"/link/{TOKEN} dag")) == "/link/… dag"


def test_the_same_many_times_is_still_one_mail(app, box):
    for _ in range(3):
        post(app, "een")
    assert send_due(app) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Mail)) == 1
