"""Outbox operations: enqueue, claim under a lease, mark as sent or failed."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.core.after_commit import after_commit
from dagvandebuurt.core.db import db
from dagvandebuurt.parts.jobs import wake
from dagvandebuurt.parts.mail.compose import Letter
from dagvandebuurt.parts.mail.dead_mailboxes import without_dead
from dagvandebuurt.parts.mail.hooks import link_is_made_anew
from dagvandebuurt.parts.mail.link_redaction import redact_links, restore_links
from dagvandebuurt.parts.mail.models import Mail, MailStatus, Priority
from dagvandebuurt.parts.mail.send_limits import Turns, mailbox_of

LEASE = timedelta(minutes=3)  # longer than one delivery can take (transports.BEFORE_DATA, AFTER_DATA)
A_MINUTE = timedelta(minutes=1)
BACK_OFF = (1, 5, 15, 60, 180, 360)  # minutes after each failed attempt; the last one repeats
BUSY_BACK_OFF = (1, 2, 5)  # where the reason is the server's own

AWAITED = frozenset({"login", "confirm", "invited"})
# Deleted once sent: the date of a mail beside that of an answer would identify who asked.
LEAVES_NOTHING = frozenset({"notice"})


def priority_of(letter: Letter) -> Priority:
    """Return the sending priority of a kind of mail."""
    return Priority.AWAITED if letter.kind in AWAITED else letter.priority


def post(letter: Letter, *, dedupe_key: str, now: datetime, due_at: datetime | None = None) -> None:
    """Enqueue `letter` in the running transaction. The same key twice is one mail."""
    post_many([(letter, dedupe_key)], now=now, due_at=due_at)


def post_many(
    letters: Sequence[tuple[Letter, str]], *, now: datetime, due_at: datetime | None = None
) -> None:
    """Enqueue many letters, each with its key, in one statement. Reminders to mailboxes that do not exist are
    left out."""
    letters = without_dead(letters)
    if not letters:
        return
    turns = Turns(now)
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
            "priority": priority_of(letter),
            "struck": False,
            "calendar": letter.invitation.calendar.decode() if letter.invitation else None,
            "calendar_method": letter.invitation.method if letter.invitation else None,
            "status": MailStatus.WAITING,
            "made_at": now,
            "due_at": max(due_at or now, turns.of(letter.kind)),
            "tries": 0,
            "link_id": letter.link_id,
        }
        for letter, dedupe_key in letters
    ]
    db.session.execute(dialect.insert(Mail).on_conflict_do_nothing(index_elements=["dedupe_key"]), rows)
    after_commit(wake, "send_mail")


@dataclass(frozen=True)
class Claim:
    """Claimed mail: ours to send until its lease ends."""

    mail_id: UUID
    lease: str


class Failure(Enum):
    """Reason why a mail was not sent."""

    NOT_NOW = "this mail, later"
    BUSY = "the server takes none, a little later"
    FOR_EVER = "this mail, never"
    UNREACHABLE = "no mail at all, now"


def claim(*, now: datetime) -> Claim | None:
    """Claim the next mail: no other sender gets it until the lease ends."""
    mail_id = db.session.scalar(
        select(Mail.id)
        .where(_claimable(now))
        .order_by(Mail.priority, Mail.due_at, Mail.made_at, Mail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if mail_id is None:
        return None
    claimed = Claim(mail_id, secrets.token_hex(16))
    _set(
        Mail.id == mail_id,
        lease=claimed.lease, leased_until=now + LEASE, tries=Mail.tries + 1,
    )  # fmt: skip
    return claimed


def renew(claimed: Claim, *, now: datetime) -> bool:
    """Extend the lease by a whole term; return whether the mail is still ours and unsent. Call right before
    sending."""
    return _set(_ours(claimed), leased_until=now + LEASE)


_UNTRIED: dict[str, Any] = {
    "lease": None, "leased_until": None, "last_error": None, "answer": None, "tried_at": None,
}  # fmt: skip


def mark_sent(claimed: Claim, *, now: datetime, keeps_links: bool = False) -> None:
    """Mark it as sent, even if the lease was lost: no other sender may send it again."""
    waits = and_(Mail.id == claimed.mail_id, Mail.status == MailStatus.WAITING)
    if _set(waits, status=MailStatus.SENT, sent_at=now, **_UNTRIED):
        _redact(claimed.mail_id, keeps_links)


def mark_failed(
    claimed: Claim,
    error: str,
    failure: Failure,
    *,
    now: datetime,
    answer: str = "",
    keeps_links: bool = False,
) -> None:
    """Schedule a retry, or give up after a permanent refusal (SMTP 5xx). `answer`: what the server said.

    A server that is away is tried again every minute, and does not count as an attempt.
    """
    done = {
        "lease": None,
        "leased_until": None,
        "last_error": error[:300],
        "answer": answer[:500] or None,
        "tried_at": now,
    }
    if failure is Failure.FOR_EVER:
        if _set(_ours(claimed), status=MailStatus.REFUSED, **done):
            _redact(claimed.mail_id, keeps_links)
    elif failure is Failure.UNREACHABLE:
        _set(_ours(claimed), due_at=now + A_MINUTE, tries=Mail.tries - 1, **done)
    else:
        tries = db.session.scalar(select(Mail.tries).where(Mail.id == claimed.mail_id)) or 1
        steps = BUSY_BACK_OFF if failure is Failure.BUSY else BACK_OFF
        later = timedelta(minutes=steps[min(tries, len(steps)) - 1])
        _set(_ours(claimed), due_at=now + later, **done)


def _ours(claimed: Claim) -> Any:
    return and_(Mail.id == claimed.mail_id, Mail.lease == claimed.lease, Mail.status == MailStatus.WAITING)


def _set(which: Any, **values: Any) -> bool:
    """Update by compare-and-set; return whether a row matched."""
    changed: Any = db.session.execute(
        update(Mail).where(which).values(**values).execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)


def _redact(mail_id: UUID, keeps_links: bool) -> None:
    """Redact the bearer links of a mail that is done."""
    mail = db.session.get(Mail, mail_id, populate_existing=True)
    if mail is not None and mail.kind in LEAVES_NOTHING:
        db.session.delete(mail)
        return
    if mail is None or keeps_links:
        return
    text, html = redact_links(mail.text), redact_links(mail.html)
    mail.struck = (text, html) != (mail.text, mail.html)
    mail.text, mail.html = text, html
    mail.headers = {}


def delete_waiting(kind: str, thing: UUID) -> None:
    """Delete unsent mails of this kind of `dedupe_key` about that thing: they are no longer true."""
    db.session.execute(
        delete(Mail)
        .where(
            Mail.status.in_((MailStatus.WAITING, MailStatus.SET_ASIDE)),
            Mail.dedupe_key.startswith(f"{kind}:{thing}:"),
        )
        .execution_options(synchronize_session=False)
    )


def try_again(mail: Mail, *, now: datetime) -> bool:
    """Requeue a refused mail after the cause was repaired, with a new link where its link was redacted.

    Return False when that link cannot be made anew: it was used, or is of a kind that its recipient asks for.
    """
    if mail.status is not MailStatus.REFUSED or (mail.struck and not _restore(mail, now)):
        return False
    mail.status, mail.due_at, mail.tries = MailStatus.WAITING, now, 0
    mail.last_error = mail.answer = mail.tried_at = None
    mail.lease = mail.leased_until = None
    after_commit(wake, "send_mail")
    return True


def _restore(mail: Mail, now: datetime) -> bool:
    """Put a new link in the place of a redacted one."""
    if mail.link_id is None:
        return False
    [token] = link_is_made_anew(mail.link_id, mail.to, now) or [None]
    text, html = (restore_links(part, token) if token else None for part in (mail.text, mail.html))
    if text is None or html is None:
        return False
    mail.text, mail.html, mail.struck = text, html, False
    return True


def send_now(*, now: datetime) -> int:
    """Make mails that wait for a retry due now; return how many waiting mails are tried now.

    Mails delayed by MAIL_PER_HOUR are not among them: that limit protects their recipients.
    """
    retry_all(now=now)
    is_due = and_(Mail.status == MailStatus.WAITING, Mail.due_at <= now)
    after_commit(wake, "send_mail")
    return db.session.scalar(select(func.count()).select_from(Mail).where(is_due)) or 0


def retry_all(*, now: datetime) -> None:
    """Make mails that wait for a retry due now."""
    failed = and_(Mail.status == MailStatus.WAITING, Mail.due_at > now, Mail.last_error.is_not(None))
    _set(failed, due_at=now)


def waiting(*, now: datetime, most: int) -> int:
    """Return how many mails could be claimed now, at most `most`."""
    some = select(Mail.id).where(_claimable(now)).limit(most).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _claimable(now: datetime) -> Any:
    return and_(
        Mail.status == MailStatus.WAITING,
        Mail.due_at <= now,
        or_(Mail.leased_until.is_(None), Mail.leased_until < now),
    )
