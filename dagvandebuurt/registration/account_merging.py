"""Merging of registrations when a guest turns out to have an account: no place is lost or taken twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.registration import calendar_feeds, waiting_list
from dagvandebuurt.registration.models import (
    CalendarSettings,
    Entry,
    EntryCard,
    PlaceStatus,
    Registration,
    SessionChoice,
)

# Precedence: of two entries for one session the better one stays.
WORTH = [PlaceStatus.CONFIRMED, PlaceStatus.OFFERED, PlaceStatus.WAITLISTED, PlaceStatus.REQUESTED]


def has_a_card(person_id: UUID) -> bool:
    """Return whether the guest is a card holder, who may use the browser of a helper."""
    found = select(EntryCard.id).where(EntryCard.person_id == person_id)
    return db.session.scalar(found.limit(1)) is not None


def places_are_the_accounts(guest_id: UUID, into_id: UUID, now: datetime) -> None:
    """Move chosen sessions and the place on the day.

    Of two places in one session the better one is kept, and the other goes to the waiting list.
    """
    for kind, holder in ((SessionChoice, SessionChoice.session_id), (Registration, Registration.edition_id)):
        guests = {getattr(each, holder.key): each for each in _entries(kind, guest_id)}
        own = {getattr(each, holder.key): each for each in _entries(kind, into_id)}
        waiting_list.lock(*(waiting_list.holder_of(each) for each in guests.values()))
        for where, entry in guests.items():
            db.session.refresh(entry)
            mine = own.get(where)
            if mine is not None:
                db.session.refresh(mine)
                worse = max(entry, mine, key=_rank)
                if worse.status is not PlaceStatus.CANCELLED:
                    waiting_list.leave(waiting_list.holder_of(worse), worse, now=now)
                db.session.delete(worse)
                db.session.flush()
                if worse is entry:
                    continue
            entry.person_id = into_id
            db.session.flush()


def their_own_calendar(guest_id: UUID, into_id: UUID, now: datetime) -> None:
    """Give the account a calendar feed of its own, since the address is derived from the person."""
    wishes = db.session.get(CalendarSettings, guest_id)
    if wishes is None:
        return
    if db.session.get(CalendarSettings, into_id) is None:
        calendar_feeds.take_over(wishes, into_id)
    db.session.delete(wishes)
    db.session.flush()


def chosen_sessions(person_id: UUID) -> list[str]:
    chosen = db.session.scalar(
        select(func.count()).where(
            SessionChoice.person_id == person_id, SessionChoice.status != PlaceStatus.CANCELLED
        )
    )
    return [ngettext("%(num)s gekozen sessie", "%(num)s gekozen sessies", chosen)] if chosen else []


def _entries(kind: type[SessionChoice] | type[Registration], person_id: UUID) -> list[Entry]:
    return list(db.session.scalars(select(kind).where(kind.person_id == person_id)))


def _rank(entry: Entry) -> int:
    return WORTH.index(entry.status) if entry.status in WORTH else len(WORTH)
