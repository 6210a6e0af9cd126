"""Outbox of SMS: queue within the most of a day, claim once, mark what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.core.after_commit import after_commit
from dagvandebuurt.core.db import db
from dagvandebuurt.core.timezone import AMSTERDAM
from dagvandebuurt.parts.jobs import wake
from dagvandebuurt.sms.gateways import Report
from dagvandebuurt.sms.models import SmsDay, SmsMessage, SmsNumber, SmsPriority, SmsStatus
from dagvandebuurt.sms.parts import parts_of, plain

JOB = "send_sms"
LEASE = timedelta(minutes=3)  # longer than one call can take (gateways.SECONDS, for each step of it)
BACK_OFF = (1, 2, 5, 15, 30)  # minutes after each failed attempt; the last one repeats
A_MINUTE = timedelta(minutes=1)
# Until the answer to a report, or to the question whether the gateway has it, no longer matters.
ON_ITS_WAY = (SmsStatus.SENDING, SmsStatus.UNKNOWN, SmsStatus.SENT, SmsStatus.FAILED)
ABOVE_THE_MOST, TOO_LATE = "most of the day", "too late"


def post(
    number: SmsNumber,
    text: str,
    *,
    kind: str,
    dedupe_key: str,
    now: datetime,
    most: int,
    priority: SmsPriority = SmsPriority.OWN,
    useless_at: datetime | None = None,
) -> SmsStatus | None:
    """Queue a message in the running transaction, once for each key; return its status, or None where it was
    queued before. Above `most` parts in this day of the edition it is kept as refused."""
    there = db.session.scalar(select(SmsMessage.id).where(SmsMessage.dedupe_key == dedupe_key))
    if there is not None:
        return None
    text = plain(text)
    parts = parts_of(text)
    day = _day(number.edition_id, now)
    is_within = day.parts + parts <= most
    status = SmsStatus.WAITING if is_within else SmsStatus.REFUSED
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    made: Any = db.session.execute(
        dialect.insert(SmsMessage)
        .values(
            id=uuid4(), number_id=number.id, dedupe_key=dedupe_key, kind=kind, text=text, parts=parts, status=status,
            priority=priority, made_at=now, due_at=now, useless_at=useless_at, tries=0,
            last_error=None if is_within else ABOVE_THE_MOST,
        )
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
    )  # fmt: skip
    if not made.rowcount:
        return None
    if is_within:
        day.messages += 1
        day.parts += parts
        after_commit(wake, JOB)
    else:
        day.refused += 1
    return status


def room_today(edition_id: UUID, now: datetime, most: int) -> int:
    """Return how many parts may still be queued on this day of the edition, with its row locked."""
    return max(0, most - _day(edition_id, now).parts)


@dataclass(frozen=True)
class Claim:
    """Message that is ours to send, since `at`: the fencing token."""

    message_id: UUID
    at: datetime


def claim(now: datetime) -> Claim | None:
    """Claim the next message: from now on it is sent once or not at all. What came too late is left out."""
    late = SmsMessage.useless_at.is_not(None) & (SmsMessage.useless_at < now)
    _set((SmsMessage.status == SmsStatus.WAITING) & late, status=SmsStatus.REFUSED, last_error=TOO_LATE)
    found = db.session.scalar(
        select(SmsMessage.id)
        .where(SmsMessage.status == SmsStatus.WAITING, SmsMessage.due_at <= now)
        .order_by(SmsMessage.priority, SmsMessage.due_at, SmsMessage.made_at, SmsMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if found is None:
        return None
    _set(
        (SmsMessage.id == found) & (SmsMessage.status == SmsStatus.WAITING),
        status=SmsStatus.SENDING, tried_at=now, leased_until=now + LEASE, tries=SmsMessage.tries + 1,
    )  # fmt: skip
    return Claim(found, now)


def is_still_ours(claimed: Claim, *, now: datetime) -> bool:
    """Extend the lease; return whether the message is still ours. Call right before sending: a process that stood
    still meanwhile sends nothing that was given up."""
    return _set(_held(claimed.message_id) & (SmsMessage.tried_at == claimed.at), leased_until=now + LEASE)


def mark_sent(message_id: UUID, *, now: datetime) -> None:
    """Mark it as taken by the gateway."""
    held = or_(SmsMessage.status == SmsStatus.SENDING, SmsMessage.status == SmsStatus.UNKNOWN)
    _set(
        (SmsMessage.id == message_id) & held,
        status=SmsStatus.SENT, sent_at=now, leased_until=None, last_error=None,
    )  # fmt: skip


def mark_refused(message_id: UUID, error: str) -> None:
    """Mark it as one that the gateway will never take."""
    _set(_held(message_id), status=SmsStatus.REFUSED, leased_until=None, last_error=error[:60])


def mark_unknown(message_id: UUID, error: str) -> None:
    """Mark it as one of which nobody knows whether the gateway took it: it is not sent again by itself."""
    _set(_held(message_id), status=SmsStatus.UNKNOWN, leased_until=None, last_error=error[:60])


def try_later(message_id: UUID, error: str, *, now: datetime, is_away: bool) -> None:
    """Schedule a retry: the gateway surely took nothing. One that is away does not count as an attempt."""
    tries = db.session.scalar(select(SmsMessage.tries).where(SmsMessage.id == message_id)) or 1
    later = A_MINUTE if is_away else timedelta(minutes=BACK_OFF[min(tries, len(BACK_OFF)) - 1])
    _set(
        _held(message_id),
        status=SmsStatus.WAITING, due_at=now + later, leased_until=None, last_error=error[:60],
        tries=SmsMessage.tries - (1 if is_away else 0),
    )  # fmt: skip


def was_never_taken(message_id: UUID, *, now: datetime) -> None:
    """Queue it again: the gateway says that it has none of this reference."""
    _set(
        (SmsMessage.id == message_id) & (SmsMessage.status == SmsStatus.UNKNOWN),
        status=SmsStatus.WAITING, due_at=now, last_error=None,
    )  # fmt: skip
    after_commit(wake, JOB)


def take_report(report: Report, *, now: datetime) -> bool:
    """Take a delivery report, also twice and in any order: what was delivered stays delivered. Return whether there is
    such a message."""
    try:
        message = db.session.get(SmsMessage, UUID(hex=report.reference), with_for_update=True)
    except ValueError:
        return False
    if message is None:
        return False
    if message.status in ON_ITS_WAY:
        if not report.is_final:
            message.status = SmsStatus.SENT if message.status is not SmsStatus.FAILED else SmsStatus.FAILED
        else:
            message.status = SmsStatus.DELIVERED if report.is_delivered else SmsStatus.FAILED
            message.last_error = None if report.is_delivered else f"report {report.code}".strip()
        message.leased_until, message.reported_at = None, now
        message.sent_at = message.sent_at or now
    return True


def _day(edition_id: UUID, now: datetime) -> SmsDay:
    """Return the row of today, locked: what is queued beside this waits for its count."""
    day = now.astimezone(AMSTERDAM).date()
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    db.session.execute(
        dialect.insert(SmsDay)
        .values(edition_id=edition_id, day=day, messages=0, parts=0, refused=0)
        .on_conflict_do_nothing()
    )
    return db.session.scalars(
        select(SmsDay)
        .where(SmsDay.edition_id == edition_id, SmsDay.day == day)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _held(message_id: UUID) -> Any:
    return (SmsMessage.id == message_id) & (SmsMessage.status == SmsStatus.SENDING)


def _set(which: Any, **values: Any) -> bool:
    """Update by compare-and-set; return whether a row matched."""
    changed: Any = db.session.execute(
        update(SmsMessage).where(which).values(**values).execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)
