"""Mail over a real SMTP server that accepts, defers, refuses, or hangs."""

import socket
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail import rules, transports
from dagvandebuurt.parts.mail.compose import Letter
from dagvandebuurt.parts.mail.models import Mail, MailStatus
from dagvandebuurt.parts.mail.sender import send_due
from tests.servers import smtp_server


@pytest.fixture
def box(app):
    with smtp_server() as box:
        app.config["SMTP_URL"] = box.url
        yield box


def post(app, key="een", to="sjaan@buurt.example", subject="Dag", name="Sjaan"):
    letter = Letter("confirm", to, name, subject, "Dag Sjaan,\n\nkom binnen.\n", "<p>Dag <b>Sjaan</b></p>")
    with app.app_context(), transaction():
        rules.post(letter, dedupe_key=key, now=clock.now())


def only(app):
    with app.app_context():
        return db.session.scalars(select(Mail)).one()


def test_a_mail_arrives_as_text_and_as_html(app, box):
    post(app, subject="Jouw plek — 't is zeker")

    sent = send_due(app)

    [mail] = box.received
    assert sent == 1
    assert box.recipients == [["sjaan@buurt.example"]]
    assert [part.get_content_type() for part in mail.walk()][1:] == ["text/plain", "text/html"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{only(app).id}@127.0.0.1>"
    assert only(app).status is MailStatus.SENT
    assert send_due(app) == 0


def test_the_same_cause_is_one_mail_however_often_it_is_handled(app, box):
    for _ in range(3):
        post(app)

    assert send_due(app) == 1


def test_temporary_refusals_are_retried(app, box, monkeypatch):
    post(app)
    box.answer = "451 later"
    assert send_due(app) == 0
    waiting = only(app)
    box.answer = "250 OK"
    assert send_due(app) == 0  # not before its time
    later = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert send_due(app) == 1
    assert (waiting.status, waiting.tries) == (MailStatus.WAITING, 1)
    assert len(box.received) == 1


def test_permanent_refusals_are_not_retried(app, box):
    post(app)
    box.answer = "550 no such person"

    assert send_due(app) == 0
    assert (only(app).status, only(app).last_error) == (MailStatus.REFUSED, "RefusedForEver 550")


def test_a_hanging_server_blocks_for_a_bounded_time(app, box, monkeypatch):
    monkeypatch.setattr(transports, "SECONDS", 0.5)
    monkeypatch.setattr(transports, "AFTER_DATA", 0.5)
    post(app)
    box.hang = True

    assert send_due(app) == 0
    assert only(app).status is MailStatus.WAITING


def test_a_dead_senders_mail_is_taken_over(app, box, monkeypatch):
    post(app)
    with app.app_context(), transaction():
        assert rules.claim(now=clock.now())  # … and then it died
    assert send_due(app) == 0  # still leased
    later = clock.now() + rules.LEASE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert send_due(app) == 1


def test_e18_marking_a_mail_as_sent_before_it_leaves_is_caught(app, box, monkeypatch):
    """At-most-once delivery: a sender that dies loses the mail it had claimed."""
    claim = rules.claim

    def sent_already(*, now):
        claimed = claim(now=now)
        if claimed is not None:
            rules.mark_sent(claimed, now=now, keeps_links=True)
        return claimed

    monkeypatch.setattr(rules, "claim", sent_already)
    with pytest.raises(AssertionError):
        test_a_dead_senders_mail_is_taken_over(app, box, monkeypatch)


def test_a_rolled_back_mail_is_not_sent(app, box):
    letter = Letter("confirm", "sjaan@buurt.example", "", "Dag", "Dag", "<p>Dag</p>")

    def cause():
        with app.app_context(), transaction():
            rules.post(letter, dedupe_key="een", now=clock.now())
            raise RuntimeError("the cause fails")

    with pytest.raises(RuntimeError):
        cause()

    assert send_due(app) == 0


def test_two_addresses_in_one_field_are_refused_and_harm_nobody(app, box):
    post(app, key="slecht", to="a@buurt.example, b@buurt.example")
    post(app, key="goed")

    send_due(app)

    assert box.recipients == [["sjaan@buurt.example"]]


@contextmanager
def a_server_without_encryption():
    """It offers a login and no STARTTLS, as a man in the middle would; (its URL, every line it received)."""
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            caller, _ = server.accept()
            with caller, caller.makefile("rb") as lines:
                caller.sendall(b"220 mail\r\n")
                for line in lines:
                    heard.append(line)
                    is_hello = line.startswith(b"ehlo")
                    caller.sendall(b"250-mail\r\n250 AUTH PLAIN LOGIN\r\n" if is_hello else b"235 in\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"smtp://noor:geheim@127.0.0.1:{server.getsockname()[1]}", heard
        thread.join(5)


def test_a37_credentials_are_never_sent_unencrypted(app, make):
    post(app)
    with a_server_without_encryption() as (url, heard):
        app.config["SMTP_URL"] = url
        assert send_due(app) == 0

    assert heard  # it was asked for its capabilities
    assert not any(line.lower().startswith(b"auth") for line in heard)
    assert (only(app).status, only(app).last_error) == (MailStatus.WAITING, "NoEncryption")
    assert "the server offers no STARTTLS" in make.browser().get("/readyz").text


def test_a37_login_without_encryption_is_caught(app, make, monkeypatch):
    class Anyway(transports.Smtp):
        def __init__(self, url):
            super().__init__(url)
            self._real, self._user = self._user, ""

        def _connect(self):
            server = super()._connect()
            server.login(self._real, self._password)
            return server

    monkeypatch.setattr(transports, "Smtp", Anyway)
    with pytest.raises(AssertionError):
        test_a37_credentials_are_never_sent_unencrypted(app, make)
