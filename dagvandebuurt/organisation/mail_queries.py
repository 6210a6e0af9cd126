"""Figures and lists of the outbox, for the organiser."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.mail.models import Mail, MailStatus

MOST_LISTED = 200
_WAITS = Mail.status == MailStatus.WAITING


@dataclass(frozen=True)
class MailFigures:
    """Figures of the outbox.

    `oldest_minutes` is the delay of the oldest mail; None when nothing waits. `queued` are delayed by the
    hourly limit, `failed` await a retry, `due` can go now.
    """

    waiting: int
    sent: int
    refused: int
    oldest_minutes: int | None
    queued: int
    failed: int
    due: int


def figures_of_mail(now: datetime) -> MailFigures:
    rows = db.session.execute(select(Mail.status, func.count()).group_by(Mail.status))
    counted = {row[0]: row[1] for row in rows}
    oldest = db.session.scalar(select(func.min(Mail.made_at)).where(_WAITS, Mail.made_at <= now))
    minutes = int((now - oldest).total_seconds() // 60) if oldest else None
    return MailFigures(
        waiting=counted.get(MailStatus.WAITING, 0),
        sent=counted.get(MailStatus.SENT, 0),
        refused=counted.get(MailStatus.REFUSED, 0),
        oldest_minutes=minutes,
        queued=_count(and_(_WAITS, Mail.last_error.is_(None), Mail.due_at > now)),
        failed=_count(and_(_WAITS, Mail.last_error.is_not(None))),
        due=_count(and_(_WAITS, Mail.due_at <= now)),
    )


def _count(which: object) -> int:
    return db.session.scalar(select(func.count()).select_from(Mail).where(which)) or 0  # type: ignore[arg-type]


@dataclass(frozen=True)
class Reason:
    """One reason why mails wait: for how many, what the server said last, and when one is tried again."""

    error: str
    count: int
    next_at: datetime
    answer: str | None


def reasons_to_wait() -> list[Reason]:
    """Return why mail that was tried waits, the most common reason first."""
    failed = and_(_WAITS, Mail.last_error.is_not(None))
    rows = db.session.execute(
        select(Mail.last_error, func.count(), func.min(Mail.due_at))
        .where(failed)
        .group_by(Mail.last_error)
        .order_by(func.count().desc(), Mail.last_error)
        .limit(10)
    ).all()
    return [Reason(error, count, next_at, _last_answer(error)) for error, count, next_at in rows if error]


def _last_answer(error: str) -> str | None:
    return db.session.scalar(
        select(Mail.answer)
        .where(_WAITS, Mail.last_error == error, Mail.answer.is_not(None))
        .order_by(Mail.tried_at.desc(), Mail.id)
        .limit(1)
    )


def waiting_mail() -> Sequence[Mail]:
    """Return the mail that waits, in the order in which it goes."""
    return db.session.scalars(
        select(Mail)
        .where(_WAITS)
        .order_by(Mail.priority, Mail.due_at, Mail.made_at, Mail.id)
        .limit(MOST_LISTED)
    ).all()


def refused_mail() -> Sequence[Mail]:
    """Return permanently refused mail, newest first."""
    return db.session.scalars(
        select(Mail)
        .where(Mail.status == MailStatus.REFUSED)
        .order_by(Mail.made_at.desc(), Mail.id)
        .limit(MOST_LISTED)
    ).all()


@dataclass(frozen=True)
class Bounced:
    """Address from which mail came back: the last one, and how many."""

    mail: Mail
    count: int


def bounced_mail() -> list[Bounced]:
    """Return each address from which mail came back, the last one first."""
    came_back = db.session.scalars(
        select(Mail)
        .where(Mail.bounced_at.is_not(None))
        .order_by(Mail.bounced_at.desc(), Mail.id)
        .limit(MOST_LISTED)
    )
    by_mailbox: dict[str, list[Mail]] = {}
    for mail in came_back:
        by_mailbox.setdefault(mail.mailbox, []).append(mail)
    # An address that does not exist is shown so, also where a later mail came back for another reason.
    return [
        Bounced(max(mails, key=lambda each: each.bounced_hard), len(mails)) for mails in by_mailbox.values()
    ]
