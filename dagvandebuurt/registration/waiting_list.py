"""Waiting list for a bounded number of places: the day, or one session.

Every change locks the row of the day or session first. So there is never one place too many, and nobody
waits beside one that is free. `taken` counts confirmed places and those offered but not accepted yet.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.registration import calendar_invitations, letters
from dagvandebuurt.registration.models import SEATED, Entry, PlaceStatus, Registration, SessionChoice

Holder = Edition | ProgrammeSession

TIME_TO_ACCEPT = timedelta(days=1)
TOO_SHORT_TO_ASK = timedelta(hours=1)  # before the start: the next in line gets the place without an offer


def lock(*holders: Holder) -> None:
    """Lock these waiting lists for the rest of the transaction.

    Always in one order: two people who swap the same two sessions at once do not deadlock.
    """
    for holder in sorted(holders, key=lambda each: each.id.bytes):
        kind = type(holder)
        # Others may go on referring to it (PostgreSQL: FOR NO KEY UPDATE).
        db.session.execute(select(kind.id).where(kind.id == holder.id).with_for_update(key_share=True))
        db.session.refresh(holder, ["capacity", "taken", "starts_at"])


def enter(holder: Holder, entry: Entry, *, now: datetime) -> None:
    """Give `entry` a place, or a spot at the end of the line. Under the lock."""
    if entry.status in SEATED or _claim(holder):
        is_new = entry.status is not PlaceStatus.CONFIRMED
        entry.status, entry.lined_up_at, entry.offered_until = PlaceStatus.CONFIRMED, None, None
        if is_new:
            calendar_invitations.invite(entry, now)
    elif entry.status is not PlaceStatus.WAITLISTED:
        entry.status, entry.lined_up_at = PlaceStatus.WAITLISTED, now


def leave(holder: Holder, entry: Entry, *, now: datetime) -> None:
    """Give up a place or a spot in the line; the place goes to the next. Under the lock."""
    had_place, was_certain = entry.status in SEATED, entry.status is PlaceStatus.CONFIRMED
    entry.status, entry.lined_up_at, entry.offered_until = PlaceStatus.CANCELLED, None, None
    db.session.flush()
    if was_certain:
        calendar_invitations.cancel(entry, now)
    if had_place:
        _give_back(holder)
        pass_on(holder, now=now)


def lapse(holder: Holder, entry: Entry, *, now: datetime) -> bool:
    """Lapse an offer, and pass the place on. Return False when it was accepted just in time. Under the lock."""
    db.session.refresh(entry)
    if entry.status is not PlaceStatus.OFFERED or entry.offered_until is None or entry.offered_until > now:
        return False
    leave(holder, entry, now=now)
    letters.mail_lapsed_offer(entry, now)
    return True


def pass_on(holder: Holder, *, now: datetime) -> None:
    """Offer free places to those who wait longest, until the start. Under the lock."""
    if holder.starts_at <= now:
        return
    while (first := _first_in_line(holder)) is not None and _claim(holder):
        until = None if first.person.email is None else accept_until(holder.starts_at, now)
        first.lined_up_at, first.offered_until = None, until
        # Those who cannot be asked, by mail or for lack of time, get the place at once.
        first.status = PlaceStatus.CONFIRMED if until is None else PlaceStatus.OFFERED
        db.session.flush()
        letters.mail_offer(first, now)
        if until is None:
            calendar_invitations.invite(first, now)


def accept_until(starts_at: datetime, now: datetime) -> datetime | None:
    """Return the deadline of an offer: a day, or half of the time that is left; None: too short to ask."""
    left = starts_at - now
    if left <= TOO_SHORT_TO_ASK:
        return None
    return now + min(TIME_TO_ACCEPT, left / 2)


def holder_of(entry: Entry) -> Holder:
    """Return the day or the session of the place."""
    return entry.edition if isinstance(entry, Registration) else entry.session


def _line(holder: Holder) -> tuple[type[Registration] | type[SessionChoice], object]:
    if isinstance(holder, Edition):
        return Registration, Registration.edition_id == holder.id
    return SessionChoice, SessionChoice.session_id == holder.id


def _first_in_line(holder: Holder) -> Entry | None:
    entry, of_holder = _line(holder)
    return db.session.scalar(
        select(entry)
        .where(of_holder, entry.status == PlaceStatus.WAITLISTED)  # type: ignore[arg-type]
        .order_by(entry.lined_up_at, entry.id)
        .limit(1)
    )


def _claim(holder: Holder) -> bool:
    """Take one place if there is one. One statement: also without a lock two cannot take the last."""
    kind = type(holder)
    claimed = db.session.scalar(
        update(kind)
        .where(kind.id == holder.id, (kind.capacity.is_(None)) | (kind.taken < kind.capacity))
        .values(taken=kind.taken + 1)
        .returning(kind.id)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(holder, ["taken"])
    return claimed is not None


def _give_back(holder: Holder) -> None:
    kind = type(holder)
    db.session.execute(
        update(kind)
        .where(kind.id == holder.id, kind.taken > 0)
        .values(taken=kind.taken - 1)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(holder, ["taken"])
