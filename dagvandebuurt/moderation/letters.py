"""Mails about decisions: mandatory, so nobody can switch them off (Digital Services Act, articles 16.5 and
17).

Anonymous askers and guests read the same on a page.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.moderation import labels, report_link
from dagvandebuurt.moderation.models import (
    IN_SESSIONS,
    Appeal,
    AppealStatus,
    Report,
    ReportedKind,
    ReportStatus,
    TextDecision,
)
from dagvandebuurt.moderation.subjects import Subject, subject_behind
from dagvandebuurt.parts.mail.compose import write
from dagvandebuurt.parts.mail.rules import delete_waiting, post
from dagvandebuurt.parts.mail.send_limits import may_still_get
from dagvandebuurt.people.mailer import send
from dagvandebuurt.people.models import Person
from dagvandebuurt.qanda.labels import REASONS
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.qanda.private_link import path_to

PATIENCE = timedelta(minutes=5)  # a mistake is mended before its asker reads of it


def tell_reporter(report: Report, *, now: datetime, note: str | None = None) -> None:
    """Mail the decision to the reporter, within the running transaction; `note` after an appeal."""
    _send_to_reporter(
        report,
        f"report:{report.id}:{report.status}",
        subject=_l("Je melding: dit is besloten"),
        said=labels.decided(report),
        note=note or report.decision,
        now=now,
    )


def tell_reporter_it_is_hidden(report: Report, *, now: datetime) -> None:
    """Mail the reporter that the question was hidden. It waits as long as the mail to its asker does."""
    _send_to_reporter(
        report,
        f"upheld:{report.id}:{report.revision}",
        subject=_l("Je melding: dit is besloten"),
        said=labels.decided(report),
        note=report.decision,
        now=now,
        due_at=now + PATIENCE,
    )


def take_back_upholding(report: Report) -> None:
    """Delete the unsent mail about upholding this report: its question may be read again."""
    delete_waiting("upheld", report.id)


def confirm_report(report: Report, *, now: datetime) -> None:
    """Mail the receipt, with the link to its status (article 16.4)."""
    _send_to_reporter(
        report,
        f"report:{report.id}:receipt",
        subject=_l("Je melding is binnen"),
        said=labels.REPORT_STATUS[ReportStatus.RECEIVED],
        label=_l("Je meldde:"),
        text=labels.TEXT_REASONS.get(report.reason),
        now=now,
    )


def _send_to_reporter(
    report: Report, dedupe_key: str, *, now: datetime, due_at: datetime | None = None, **told: Any
) -> None:
    """Mail to their account, or to an unconfirmed address with a daily limit."""
    if report.kind in IN_SESSIONS:
        told["path"] = "/mijn#meldingen"
    else:
        told["path"] = report_link.path_to(report.id)
    address = report.reporter_email
    if address is None:
        _send(report.reporter_id, dedupe_key, now=now, due_at=due_at, **told)
    elif may_still_get(address, "decision", now=now):
        # An unconfirmed address may be another person's: the mail holds none of the reporter's text, not even
        # their name.
        post(
            write("decision", to=address, to_name="", language="nl", **_NOTHING_TOLD | told),
            dedupe_key=dedupe_key,
            now=now,
            due_at=due_at,
        )


_NOTHING_TOLD: dict[str, Any] = {"label": None, "text": None, "reason": None, "note": None}


def tell_writer(subject: Subject, *, now: datetime, reason: str | None = None, note: str = "") -> None:
    """Mail the author that something was hidden and why, and how to appeal (article 17); or that it is back."""
    kind = "reactie" if subject.kind is ReportedKind.COMMENT else "les"
    said = labels.HIDDEN if subject.is_hidden else labels.SHOWN_AGAIN
    _send(
        subject.writer_id,
        f"text:{subject.id}:{now.isoformat()}",
        subject=_l("Over wat je schreef is iets besloten"),
        said=said[subject.kind],
        label=_l("Je schreef:"),
        text=subject.text,
        reason=labels.TEXT_REASONS.get(reason or ""),
        note=note or None,
        path=path_for("moderation.contest_text_form", kind=kind, subject_id=subject.id)
        if subject.is_hidden
        else subject.path,
        now=now,
    )


def tell_writer_of_appeal(appeal: Appeal, *, now: datetime) -> None:
    """Mail the author the outcome of an appeal: their own, or the reporter's."""
    against: Report | TextDecision | None = (
        db.session.get(TextDecision, appeal.decision_id)
        if appeal.decision_id
        else db.session.get(Report, appeal.report_id)
    )
    subject = subject_behind(against) if against is not None else None
    granted = appeal.status is AppealStatus.GRANTED
    if subject is None or (appeal.report_id and not granted):
        return  # nothing changed for them
    if appeal.report_id:
        report = db.session.get_one(Report, appeal.report_id)
        return tell_writer(subject, now=now, reason=report.reason, note=appeal.decision or "")
    _send(
        subject.writer_id,
        f"appeal:{appeal.id}",
        subject=_l("Je bezwaar: dit is besloten"),
        said=labels.SHOWN_AGAIN[subject.kind] if granted else labels.APPEAL_STATUS[AppealStatus.REFUSED],
        label=_l("Je schreef:"),
        text=subject.text,
        note=appeal.decision,
        path=subject.path if granted else "/mijn#mijn-reacties",
        now=now,
    )


def tell_asker_of_hiding(question: Question, *, now: datetime, revision: int) -> None:
    """Mail the asker that their question was hidden and why, and how to appeal. It waits a few minutes: who hid
    it by mistake shows it again, and then no mail says otherwise (`take_back_hiding`).
    """
    _send(
        question.asker_id,
        f"hidden:{question.id}:{revision}",
        subject=_l("Je vraag is niet getoond"),
        said=_l(
            "Een moderator heeft je vraag verborgen. Ben je het er niet mee eens? Vraag een ander om te kijken."
        ),
        text=question.text,
        reason=REASONS.get(question.hidden_reason),  # type: ignore[arg-type]
        note=question.hidden_note,
        path=f"{path_to(question.id)}/bezwaar",
        now=now,
        due_at=now + PATIENCE,
    )


def take_back_hiding(question: Question) -> None:
    """Delete the unsent mail about hiding this question: it may be read again."""
    delete_waiting("hidden", question.id)


def tell_asker_of_appeal(appeal: Appeal, question: Question, *, now: datetime) -> None:
    """Mail the asker the outcome of their appeal."""
    granted = appeal.status is AppealStatus.GRANTED
    _send(
        question.asker_id,
        f"appeal:{appeal.id}",
        subject=_l("Je bezwaar: dit is besloten"),
        said=_l("Je kreeg gelijk: je vraag is weer te lezen.")
        if granted
        else labels.APPEAL_STATUS[AppealStatus.REFUSED],
        text=question.text,
        note=appeal.decision,
        path=path_to(question.id),
        now=now,
    )


def _send(
    person_id: UUID | None,
    dedupe_key: str,
    *,
    now: datetime,
    due_at: datetime | None = None,
    text: str | None = None,
    reason: Any = None,
    **told: Any,
) -> None:
    person = db.session.get(Person, person_id) if person_id is not None else None
    told = {**_NOTHING_TOLD, **told, "text": text, "reason": reason}
    send(person, "decision", "decision", dedupe_key=dedupe_key, now=now, due_at=due_at, **told)
