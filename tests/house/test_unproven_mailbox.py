"""E-mail injection: typing somebody else's address cannot make the server mail one's text to it."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.lessons.models import LessonStatus
from dagvandebuurt.moderation import letters as moderation_letters
from dagvandebuurt.moderation.models import Report, ReportStatus
from dagvandebuurt.parts.mail.models import Mail
from tests.lessons.writing import a_lesson

ROOT = Path(__file__).parents[2]
VICTIM = "slachtoffer@buurt.example"
CANARY = "Kanarie log snel in op https://evil.example/inloggen"


def everything_a_stranger_can_have_mailed(app, make, now):
    """Every form that takes an unconfirmed address, with text in all other fields; then what the server
    itself mails about it later. Returns the mails to that address."""
    edition = make.edition(
        registration_opens_at=now - timedelta(days=1), registration_closes_at=now + timedelta(days=2)
    )
    session = make.session(round=make.round(edition), starts_at=now - timedelta(minutes=5))
    lesson = a_lesson(make, now, LessonStatus.PUBLISHED, session=session, writer=make.person("Sven"))
    stranger = make.browser()
    answer = stranger.post(
        "/aanmelden",
        data={
            "name": CANARY, "email": VICTIM, "participant_role": "resident", "domain": "", "neighbourhood": CANARY,
            "house_rules": "y", "privacy": "y",
        },
    )  # fmt: skip
    assert answer.status_code == 303
    stranger.post("/inloggen", data={"email": VICTIM})
    for number in range(2):  # also when it is known already
        make.browser().post(
            "/aanmelden",
            data={"name": f"{CANARY} {number}", "email": VICTIM, "participant_role": "resident", "domain": "",
                  "neighbourhood": CANARY, "house_rules": "y", "privacy": "y"},
        )  # fmt: skip
    answer = stranger.post(
        f"/melden/les/{lesson.id}",
        data={"reason": "respect", "good_faith": "y", "note": CANARY, "name": CANARY, "email": VICTIM},
    )
    assert answer.status_code == 303
    _the_house_decides(app, now)
    desk = make.browser(make.identity("Organisator", roles=["organiser", "admin"]))
    stopped = desk.post(
        "/organisatie/accounts/stilzetten", data={"email": VICTIM, "reason": "Dit adres stuurt reclame."}
    )
    assert stopped.status_code == 303, stopped.text
    with app.app_context():
        return db.session.scalars(select(Mail).where(Mail.to == VICTIM)).all()


def _the_house_decides(app, now):
    with app.app_context(), transaction():
        report = db.session.scalars(select(Report)).one()
        report.status, report.is_upheld, report.decided_at = ReportStatus.DISMISSED, False, now
        moderation_letters.tell_reporter(report, now=now)


def no_word_of_a_stranger(mails):
    for mail in mails:
        whole = "\n".join([mail.to_name, mail.subject, mail.text, mail.html, str(mail.headers)])
        assert "anarie" not in whole, mail.kind
        assert "evil.example" not in whole, mail.kind


def test_m7_unconfirmed_mailboxes_receive_no_user_input(app, make, now):
    mails = everything_a_stranger_can_have_mailed(app, make, now)

    assert {mail.kind for mail in mails} >= {"confirm", "decision", "suspended"}
    assert sum(mail.kind == "decision" for mail in mails) == 2
    no_word_of_a_stranger(mails)


def test_m7_a_mail_with_a_typed_name_is_caught(app, make, now, monkeypatch):
    real = moderation_letters.write
    monkeypatch.setattr(
        moderation_letters, "write", lambda kind, **values: real(kind, **values | {"to_name": CANARY})
    )
    mails = everything_a_stranger_can_have_mailed(app, make, now)

    with pytest.raises(AssertionError):
        no_word_of_a_stranger(mails)


def test_m7_confirmed_people_are_greeted_by_name(app, make, now):
    """So the test above could fail: the same text does reach people who confirmed it."""
    person = make.person("Noor de Boer", email="noor@buurt.example")
    desk = make.browser(make.identity("Organisator", roles=["organiser", "admin"]))
    desk.post("/organisatie/accounts/stilzetten", data={"email": person.email, "reason": "Om te kijken."})

    with app.app_context():
        [mail] = db.session.scalars(select(Mail).where(Mail.to == person.email))
    assert mail.to_name == "Noor de Boer"
    assert "Dag Noor de Boer," in mail.text


def test_m7_every_mail_declares_whether_its_address_is_confirmed():
    """A mail greets by name only where `has_account` is checked: a new one must be reviewed here."""
    by_name = []
    for path in sorted((ROOT / "dagvandebuurt").rglob("*.py")):
        source = path.read_text()
        if "parts.mail.compose import" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "write":
                [name] = [word.value for word in node.keywords if word.arg == "to_name"]
                if "has_account" not in ast.unparse(name) and ast.unparse(name) != "''":
                    by_name.append(f"{path.relative_to(ROOT)}: {ast.unparse(name)}")

    assert by_name == [
        "dagvandebuurt/mailings/filling.py: self._marks['to']",  # a placeholder; `has_address`: confirmed ones
        "dagvandebuurt/people/letters.py: person.name",  # `_note`: its callers check first
        "dagvandebuurt/people/letters.py: person.name",  # `warn_owner`: checks first
        "dagvandebuurt/people/mailer.py: person.name",  # `send`: accounts only
        "dagvandebuurt/people/mailer.py: name",  # a placeholder; its readers are chosen by confirmed address
        "dagvandebuurt/safety/letters.py: person.name",  # who is on duty: its caller takes accounts only
    ]
