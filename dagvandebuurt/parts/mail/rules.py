"""Putting a mail in the outbox, and taking it out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.core.db import db
from dagvandebuurt.core.facts import record
from dagvandebuurt.parts.mail.caps import mailbox_of
from dagvandebuurt.parts.mail.facts import MailWaits
from dagvandebuurt.parts.mail.letter import Letter
from dagvandebuurt.parts.mail.models import Mail, MailStatus

LEASE = timedelta(minutes=2)
BACK_OFF = (1, 5, 15, 60, 180, 360)  # minutes after each failed try; the last one repeats


def post(letter: Letter, *, dedupe_key: str, now: datetime, due_at: datetime | None = None) -> None:
    """Write `letter` into the outbox, in the running transaction. The same key twice is one mail."""
    post_many([(letter, dedupe_key)], now=now, due_at=due_at)


def post_many(
    letters: Sequence[tuple[Letter, str]], *, now: datetime, due_at: datetime | None = None
) -> None:
    """The same for many letters, each with its key, in one statement."""
    if not letters:
        return
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    rows = [
        {
            "id": uuid4(),
            "dedupe_key": dedupe_key,
            "kind": letter.kind,
            "mailbox": mailbox_of(letter.to),
            "to": letter.to,
            "to_name": letter.to_name,
            "subject": letter.subject,
            "text": letter.text,
            "html": letter.html,
            "headers": letter.headers,
            "calendar": letter.invitation.calendar.decode() if letter.invitation else None,
            "calendar_method": letter.invitation.method if letter.invitation else None,
            "status": MailStatus.WAITING,
            "made_at": now,
            "due_at": due_at or now,
            "tries": 0,
        }
        for letter, dedupe_key in letters
    ]
    db.session.execute(dialect.insert(Mail).on_conflict_do_nothing(index_elements=["dedupe_key"]), rows)
    record(MailWaits())


def claim(*, now: datetime, most: int = 20) -> list[UUID]:
    """Take due mails for sending: nobody else gets them until the lease ends."""
    due = (
        select(Mail.id)
        .where(
            Mail.status == MailStatus.WAITING,
            Mail.due_at <= now,
            or_(Mail.leased_until.is_(None), Mail.leased_until < now),
        )
        .order_by(Mail.due_at, Mail.made_at, Mail.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = list(db.session.scalars(due))
    if ids:
        db.session.execute(
            update(Mail)
            .where(Mail.id.in_(ids))
            .values(leased_until=now + LEASE, tries=Mail.tries + 1)
            .execution_options(synchronize_session=False)
        )
    return ids


def mark_sent(mail: Mail, *, now: datetime) -> None:
    mail.status, mail.sent_at, mail.leased_until, mail.last_error = MailStatus.SENT, now, None, None


def mark_failed(mail: Mail, error: str, *, now: datetime, for_ever: bool) -> None:
    """Not sent this time: try later, or never again when the other side said so (SMTP 5xx)."""
    mail.leased_until, mail.last_error = None, error[:300]
    if for_ever:
        mail.status = MailStatus.REFUSED
    else:
        mail.due_at = now + timedelta(minutes=BACK_OFF[min(mail.tries, len(BACK_OFF)) - 1])


def forget_waiting(kind: str, thing: UUID) -> None:
    """Mails that wait, of this kind of `dedupe_key` and about that thing, are not true any more."""
    db.session.execute(
        delete(Mail)
        .where(Mail.status == MailStatus.WAITING, Mail.dedupe_key.startswith(f"{kind}:{thing}:"))
        .execution_options(synchronize_session=False)
    )


def try_again(mail: Mail, *, now: datetime) -> None:
    """Somebody repaired what made the other side refuse."""
    if mail.status is MailStatus.REFUSED:
        mail.status, mail.due_at, mail.tries, mail.leased_until = MailStatus.WAITING, now, 0, None
        record(MailWaits())
