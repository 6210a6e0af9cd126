"""Reading broadcasts."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select

from dagvandebuurt.broadcasts.models import Broadcast, BroadcastRoom
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus

MOST_EARLIER = 50
ROOM_STAYS = timedelta(hours=4)  # after a session a room may still be open in somebody's browser


def shown(
    edition_id: UUID, until: datetime | None, now: datetime, slug: str | None = None
) -> Sequence[Broadcast]:
    """Return what a page says now, the newest first: what everybody is told, and what the session `slug` is.

    `until` is `Edition.broadcasts_until`: where nothing is said there is no query, for this is asked for
    every page.
    """
    if until is None or until <= now:
        return []
    found = standing(edition_id, now)
    if slug is None or all(each.is_everywhere for each in found):
        return [each for each in found if each.is_everywhere]
    here = db.session.scalar(
        select(ProgrammeSession.id).where(
            ProgrammeSession.edition_id == edition_id, ProgrammeSession.slug == slug
        )
    )
    return [each for each in found if each.is_everywhere or here in {room.session_id for room in each.rooms}]


def standing(edition_id: UUID, now: datetime) -> Sequence[Broadcast]:
    """Return what stands on pages or in rooms now, the newest first."""
    return db.session.scalars(
        select(Broadcast)
        .where(Broadcast.edition_id == edition_id, Broadcast.until > now, Broadcast.withdrawn_at.is_(None))
        .order_by(Broadcast.said_at.desc(), Broadcast.id)
    ).all()


def earlier(edition_id: UUID) -> Sequence[Broadcast]:
    """Return what was said in this edition, the newest first; a desk shows so many."""
    return db.session.scalars(
        select(Broadcast)
        .where(Broadcast.edition_id == edition_id)
        .order_by(Broadcast.said_at.desc(), Broadcast.id)
        .limit(MOST_EARLIER)
    ).all()


def broadcast_by_id(edition_id: UUID, broadcast_id: UUID) -> Broadcast:
    """Return a broadcast of this edition. Raises NotFound."""
    found = db.session.get(Broadcast, broadcast_id)
    if found is None or found.edition_id != edition_id:
        raise NotFound
    return found


def sessions_with_a_room(edition_id: UUID, now: datetime) -> Sequence[ProgrammeSession]:
    """Return the sessions of an edition in whose rooms somebody may be or come, by start time."""
    return db.session.scalars(
        select(ProgrammeSession)
        .where(
            ProgrammeSession.edition_id == edition_id,
            ProgrammeSession.status == SessionStatus.SCHEDULED,
            ProgrammeSession.ends_at > now - ROOM_STAYS,
        )
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title, ProgrammeSession.id)
    ).all()


def shown_in_room(room_id: UUID, now: datetime) -> Sequence[tuple[Broadcast, int | None]]:
    """Return all that a live room says now, with the revision there; None for what it was not told: a session
    that came into the programme later says what everybody is told, too.
    """
    edition_id = select(ProgrammeSession.edition_id).where(ProgrammeSession.id == room_id).scalar_subquery()
    rows = db.session.execute(
        select(Broadcast, BroadcastRoom.revision)
        .outerjoin(
            BroadcastRoom,
            and_(BroadcastRoom.broadcast_id == Broadcast.id, BroadcastRoom.session_id == room_id),
        )
        .where(
            Broadcast.edition_id == edition_id,
            Broadcast.until > now,
            Broadcast.withdrawn_at.is_(None),
            or_(Broadcast.is_everywhere, BroadcastRoom.session_id.is_not(None)),
        )
        .order_by(Broadcast.said_at, Broadcast.id)
    )
    return [(row[0], row[1]) for row in rows]


def in_room(room_id: UUID, since: int) -> Sequence[tuple[Broadcast, int]]:
    """Return the broadcasts of a live room that changed after revision `since`, with their revision there."""
    rows = db.session.execute(
        select(Broadcast, BroadcastRoom.revision)
        .join(BroadcastRoom, BroadcastRoom.broadcast_id == Broadcast.id)
        .where(BroadcastRoom.session_id == room_id, BroadcastRoom.revision > since)
        .order_by(BroadcastRoom.revision)
    )
    return [(row[0], row[1]) for row in rows]


def names_of(sessions: Collection[UUID]) -> dict[UUID, str]:
    """Return the titles of these sessions."""
    if not sessions:
        return {}
    rows = db.session.execute(
        select(ProgrammeSession.id, ProgrammeSession.title).where(ProgrammeSession.id.in_(sessions))
    )
    return {row.id: row.title for row in rows}
