"""The mails about decisions. They are needed (Digital Services Act, articles 16.5 and 17), so nobody
can switch them off; who asked anonymously or came as a guest reads the same on a page."""

from datetime import datetime
from typing import Any
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.moderation import words
from dagvandebuurt.moderation.models import Appeal, AppealStatus, Report
from dagvandebuurt.people.correspondence import send
from dagvandebuurt.people.models import Person
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.qanda.way_back import path_to
from dagvandebuurt.qanda.words import REASONS


def tell_reporter(report: Report, *, now: datetime) -> None:
    """What was decided on what they reported, in the running transaction."""
    _send(
        report.reporter_id,
        f"report:{report.id}:{report.status}",
        subject=_l("Je melding: dit is besloten"),
        said=words.UPHELD if report.is_upheld else words.DISMISSED,
        note=report.decision,
        path="/mijn#meldingen",
        now=now,
    )


def tell_asker_of_hiding(question: Question, *, now: datetime, revision: int) -> None:
    """That their question was hidden and why, with the way to an appeal."""
    _send(
        question.asker_id,
        f"hidden:{question.id}:{revision}",
        subject=_l("Je vraag is niet getoond"),
        said=_l(
            "Een moderator heeft je vraag verborgen. Ben je het er niet mee eens? Vraag een ander om te kijken."
        ),
        text=question.text,
        reason=REASONS.get(question.hidden_reason),  # type: ignore[call-overload]
        note=question.hidden_note,
        path=f"{path_to(question.id)}/bezwaar",
        now=now,
    )


def tell_asker_of_appeal(appeal: Appeal, question: Question, *, now: datetime) -> None:
    """How their appeal ended."""
    granted = appeal.status is AppealStatus.GRANTED
    _send(
        question.asker_id,
        f"appeal:{appeal.id}",
        subject=_l("Je bezwaar: dit is besloten"),
        said=_l("Je kreeg gelijk: je vraag is weer te lezen.")
        if granted
        else words.APPEAL_STATUS[AppealStatus.REFUSED],
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
    text: str | None = None,
    reason: Any = None,
    **told: Any,
) -> None:
    person = db.session.get(Person, person_id) if person_id is not None else None
    send(person, "decision", "decision", dedupe_key=dedupe_key, now=now, text=text, reason=reason, **told)
