"""Bounces: a tag in the envelope (VERP), delivery reports (RFC 3464) from a real mailbox, and what follows."""

import logging
import re
import socket
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from sqlalchemy import select

from config import settings
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail import bounce_address, bounces, rules
from dagvandebuurt.parts.mail.bounces import read_inbox
from dagvandebuurt.parts.mail.compose import Letter
from dagvandebuurt.parts.mail.delivery_reports import MOST_BYTES, read
from dagvandebuurt.parts.mail.models import Mail, MailStatus, Priority
from dagvandebuurt.parts.mail.sender import send_due
from tests.conftest import TEST_KEY
from tests.imap_server import imap_server
from tests.servers import smtp_server

NO_SUCH_USER = "550 5.1.1 <sjaan@buurt.example>: no such user"


@pytest.fixture(scope="module")
def dovecot():
    with imap_server() as mailbox:
        yield mailbox


@pytest.fixture
def mailbox(app, dovecot, monkeypatch):
    dovecot.empty()
    dovecot.trusted(monkeypatch)
    app.config |= {
        "MAIL_BOUNCE_ADDRESS": "bounces+{tag}@dag.example",
        "MAIL_BOUNCE_INBOX": dovecot.url,
    }
    return dovecot


@pytest.fixture
def box(app):
    with smtp_server() as box:
        app.config["SMTP_URL"] = box.url
        yield box


@pytest.fixture
def desk(make):
    return make.browser(make.identity("Organisator", roles=["organiser"]))


def report(to, *, status="5.1.1", action="failed", said=NO_SUCH_USER, recipient="sjaan@buurt.example",
           returned="someone@elsewhere.example"):  # fmt: skip
    """A report as Postfix writes it."""
    return f"""\
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Thu, 28 Jan 2027 13:00:00 +0100

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.buurt.example
Diagnostic-Code: smtp; {said}

--x
Content-Type: message/rfc822

From: hallo@dagvandebuurt.example
Message-ID: <{returned}>
Subject: Morgen

Dag Sjaan
--x--
""".replace("\n", "\r\n").encode()


def post(app, key, *, to="sjaan@buurt.example", kind="note", priority=Priority.NEWS):
    letter = Letter(kind, to, "Sjaan", f"Over {key}", "Dag", "<p>Dag</p>", priority=priority)
    with app.app_context(), transaction():
        rules.post(letter, dedupe_key=key, now=clock.now())


def mails(app):
    with app.app_context():
        return {mail.dedupe_key: mail for mail in db.session.scalars(select(Mail))}


def one_that_came_back(app, box, mailbox, **how):
    """A reminder is taken by the mail server, and comes back to the address of its envelope."""
    post(app, "een")
    assert send_due(app) == 1
    mailbox.put(report(box.senders[-1], **how))
    return read_inbox(app)


# --- the tag ----------------------------------------------------------------------------------------------


def test_m12_the_envelope_names_the_mail_and_the_sender_stays_who_it_is(app, box, mailbox):
    post(app, "een")
    send_due(app)

    [sender] = box.senders
    assert re.fullmatch(r"bounces\+[a-z2-7]{42}@dag\.example", sender)
    assert len(sender.partition("@")[0]) <= 64
    assert box.received[0]["From"].endswith("<hallo@dagvandebuurt.example>")
    with app.app_context():
        assert bounce_address.mail_named_by(sender.upper()) == mails(app)["een"].id


def test_m12_a_tag_cannot_be_made_up(app, mailbox):
    mail_id = uuid4()
    with app.app_context():
        right = bounce_address.bounce_address_of(mail_id)
        assert bounce_address.mail_named_by(right) == mail_id
        for at in (8, 33, 34, 49):
            other = "b" if right[at] == "a" else "a"
            assert bounce_address.mail_named_by(right[:at] + other + right[at + 1 :]) is None
        for wrong in ("", "bounces+@dag.example", right.replace("dag.", "dog."), "x" + right, right + "x"):
            assert bounce_address.mail_named_by(wrong) is None
        app.config["SECRET_KEY"] = "another-key-of-another-installation-0123456789"
        assert bounce_address.mail_named_by(right) is None
        app.config["SECRET_KEY_FALLBACKS"] = [TEST_KEY]  # the key was changed since
        assert bounce_address.mail_named_by(right) == mail_id


def test_without_the_setting_mail_comes_back_to_its_sender(app, box):
    post(app, "een")
    send_due(app)

    assert box.senders == ["hallo@dagvandebuurt.example"]


# --- what comes back --------------------------------------------------------------------------------------


def test_m12_an_organiser_sees_what_came_back_and_what_the_server_said(app, box, mailbox, desk):
    assert one_that_came_back(app, box, mailbox) == 1

    page = desk.get("/organisatie/post").text
    assert "Kwam terug" in page
    assert "sjaan@buurt.example" in page
    assert "Dit adres bestaat niet." in page
    assert "5.1.1 &lt;sjaan@buurt.example&gt;: no such user" in page
    assert mailbox.left() == []  # what was recorded does not stay in the mailbox
    assert read_inbox(app) == 0


def test_m12_reminders_stop_and_links_that_are_asked_for_go(app, box, mailbox, make, desk):
    make.person("Sjaan", email="sjaan@buurt.example")
    with app.app_context(), transaction():
        later = Letter("note", "sjaan@buurt.example", "", "Later", "Dag", "<p>", priority=Priority.NEWS)
        rules.post(later, dedupe_key="later", now=clock.now(), due_at=clock.now() + timedelta(days=1))
    one_that_came_back(app, box, mailbox)

    assert mails(app)["later"].status is MailStatus.REFUSED
    post(app, "herinnering")
    post(app, "ander", to="noor@buurt.example")
    post(app, "eigen", priority=Priority.OWN)
    make.browser().post("/inloggen", data={"email": "sjaan@buurt.example"})
    assert "herinnering" not in mails(app)
    assert send_due(app) == 3
    assert (
        "Een link om in te loggen die iemand zelf vraagt, gaat nog wel" in desk.get("/organisatie/post").text
    )


@pytest.mark.parametrize("by", ["the organiser", "a link that was used"])
def test_m12_reminders_go_again_to_an_address_that_works(app, box, mailbox, make, desk, by):
    make.person("Sjaan", email="sjaan@buurt.example")
    one_that_came_back(app, box, mailbox)
    if by == "the organiser":
        answer = desk.post(f"/organisatie/post/{mails(app)['een'].id}/adres-werkt", follow_redirects=True)
        assert "Er gaan weer herinneringen naar dit adres" in answer.text
    else:
        browser = make.browser()
        browser.post("/inloggen", data={"email": "sjaan@buurt.example"})
        send_due(app)
        text = box.received[-1].get_payload(0).get_payload(decode=True).decode()
        assert browser.post(re.search(r"/link/[\w-]+", text)[0]).status_code == 303

    post(app, "herinnering")
    assert send_due(app) == 1


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"status": "4.2.2", "said": "452 4.2.2 over quota"}, "Deze mailbox is vol."),
        ({"status": "5.7.1", "said": "550 5.7.1 rejected by policy"}, "vertrouwt onze mail niet"),
        ({"status": "5.9.9", "said": ""}, "De mail kwam terug."),
    ],
)
def test_m12_a_mailbox_that_exists_keeps_getting_reminders(app, box, mailbox, desk, how, says):
    assert one_that_came_back(app, box, mailbox, **how) == 1

    assert says in desk.get("/organisatie/post").text
    post(app, "herinnering")
    assert send_due(app) == 1


def test_a_report_of_a_delay_is_not_a_bounce(app, box, mailbox):
    assert one_that_came_back(app, box, mailbox, action="delayed", status="4.4.1") == 0
    assert mails(app)["een"].bounced_at is None


def test_m12_without_a_tag_the_returned_mail_says_which_it_was(app, box, mailbox):
    """For a provider without plus addressing: the id is random, and the recipient must be the same."""
    app.config["MAIL_BOUNCE_ADDRESS"] = None
    post(app, "een")
    send_due(app)
    mail_id = box.received[0]["Message-ID"].strip("<>")
    mailbox.put(report("hallo@dagvandebuurt.example", returned=mail_id, recipient="ander@buurt.example"))
    assert read_inbox(app) == 0
    mailbox.put(report("hallo@dagvandebuurt.example", returned=mail_id))
    assert read_inbox(app) == 1


def test_m12_what_is_no_report_of_ours_changes_nothing_and_stays_for_a_person(app, box, mailbox):
    post(app, "een")
    send_due(app)
    [ours] = box.senders
    for message in (
        report("bounces+" + "a" * 42 + "@dag.example"),  # a tag that nobody signed
        report("hallo@dag.example", returned=f"{uuid4()}@dag.example"),  # a mail that was never sent
        f"From: Sjaan\r\nTo: {ours}\r\nSubject: Re: Over een\r\n\r\nIk kom!\r\n".encode(),
        b"",
        b"\xff\xfe\x00",
    ):
        mailbox.put(message)

    assert read_inbox(app) == 0
    assert mails(app)["een"].bounced_at is None
    assert mailbox.left() == ["S"] * 5


# --- bounds ------------------------------------------------------------------------------------------------


def test_m12_a_run_reads_a_bounded_number_and_the_next_one_goes_on(app, mailbox, monkeypatch):
    monkeypatch.setattr(bounces, "MOST_A_RUN", 3)
    for _ in range(5):
        mailbox.put(b"Subject: spam\r\n\r\nspam\r\n")

    read_inbox(app)
    assert sorted(mailbox.left()) == ["", "", "S", "S", "S"]
    read_inbox(app)
    assert sorted(mailbox.left()) == ["S"] * 5


def test_m12_of_a_large_message_a_bounded_piece_is_read(app, box, mailbox, monkeypatch):
    lengths = []
    monkeypatch.setattr(bounces, "read", lambda raw: lengths.append(len(raw)) or read(raw))
    post(app, "een")
    send_due(app)
    mailbox.put(report(box.senders[0]) + b"y" * 5_000_000)

    assert read_inbox(app) == 1
    assert lengths == [MOST_BYTES]


def test_m12_a_message_that_is_nested_without_end_is_no_report():
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(5000)
    )

    assert read(deep) is None


@settings_of_hypothesis(max_examples=40)
@given(st.binary(max_size=200), st.integers(0, 900), st.integers(0, 60))
def test_m12_no_message_breaks_the_reader(noise, at, cut):
    message = report("bounces+x@dag.example")

    read(message[:at] + noise + message[at + cut :])


def test_a_report_about_many_recipients_is_read_in_part():
    block = b"\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    message = report("x@dag.example").replace(
        b"\r\n\r\n--x\r\nContent-Type: message/rfc822", b"\r\n" + block * 500
    )

    assert len(read(message).reports) == 20


# --- the mailbox is not there, or somebody is in between ------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda mailbox: mailbox.url.replace("g3heim", "wrong"), "error"),
        (lambda mailbox: mailbox.url.replace("/INBOX", "/Nowhere"), "the server refused select"),
        (lambda mailbox: mailbox.url.replace("localhost", "127.0.0.1"), "SSLCertVerificationError"),
        (lambda _: "imaps://noor:g3heim@127.0.0.1:1/INBOX", "ConnectionRefusedError"),
    ],
    ids=["password", "folder", "certificate", "away"],
)
def test_m12_a_mailbox_that_does_not_open_is_logged_without_its_password(app, mailbox, caplog, change, says):
    app.config["MAIL_BOUNCE_INBOX"] = change(mailbox)

    assert read_inbox(app) == 0
    [line] = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert says in line
    assert "g3heim" not in caplog.text


def test_m12_starttls_opens_the_mailbox_too(app, box, mailbox):
    app.config["MAIL_BOUNCE_INBOX"] = mailbox.starttls_url

    assert one_that_came_back(app, box, mailbox) == 1


def test_m12_the_password_is_never_sent_unencrypted(app, caplog):
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            caller, _ = server.accept()
            with caller, caller.makefile("rb") as lines:
                caller.sendall(b"* OK ready\r\n")
                for line in lines:
                    heard.append(line)
                    tag = line.split()[0]
                    caller.sendall(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        app.config["MAIL_BOUNCE_INBOX"] = f"imap://noor:g3heim@127.0.0.1:{server.getsockname()[1]}"
        assert read_inbox(app) == 0
        thread.join(10)

    assert heard
    assert not any(b"g3heim" in line for line in heard)
    assert "STARTTLS" in caplog.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_BOUNCE_ADDRESS", "bounces"),
        ("MAIL_BOUNCE_ADDRESS", "a@b.example, c@d.example"),
        ("MAIL_BOUNCE_ADDRESS", "a-name-that-is-too-long-for-it+{tag}@dag.example"),
        ("MAIL_BOUNCE_ADDRESS", "{tag}{tag}@dag.example"),
        ("MAIL_BOUNCE_INBOX", "https://mail.example"),
        ("MAIL_BOUNCE_INBOX", "imaps://mail.example/INBOX"),
    ],
)
def test_bounce_settings_that_cannot_work_do_not_start(tmp_path, name, value):
    environ = {"SECRET_KEY": TEST_KEY, "DATA_FOLDER": str(tmp_path)}
    settings(environ)

    with pytest.raises(SystemExit, match=name):
        settings(environ | {name: value})
