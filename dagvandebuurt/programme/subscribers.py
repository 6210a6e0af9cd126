"""Subscriptions of the programme: admission to the live rooms of sessions, and cache invalidation."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.permissions import can
from dagvandebuurt.live.admission import Admission, keeps_door, tells_rooms
from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.live.restore_detection import when_put_back
from dagvandebuurt.people.hooks import BookmarkKind, Saved, bookmark_kinds, login_columns
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus, phase_of
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.public import cached_response
from dagvandebuurt.programme.public.page_cache import page_cache
from dagvandebuurt.programme.queries import require_open, sessions_for


@keeps_door
def at_the_session_door(actors: Sequence[Any], room_id: UUID) -> list[Admission | RuleBroken] | None:
    """Decide who may enter a session's live room: open from the lobby on, and readable after the end.

    A session of a closed edition does not exist for visitors.
    """
    session = db.session.get(ProgrammeSession, room_id, options=[joinedload(ProgrammeSession.edition)])
    if session is None or session.status is SessionStatus.DRAFT or not session.edition.is_open:
        return None
    return [_for_one(actor, session) for actor in actors]


def _for_one(actor: Any, session: ProgrammeSession) -> Admission | RuleBroken:
    try:
        require_open(actor, session, now=clock.now())
    except RuleBroken as broken:
        return broken
    audience = Audience.DESK if can(actor, ProgrammePermission.RUN, session) else Audience.HALL
    return Admission(session.id, audience, {"title": session.title, "slug": session.slug})


@tells_rooms
def sessions_as_they_are(room_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return status changes that open pages need: over, cancelled, moved."""
    now = clock.now()
    rows = db.session.execute(
        select(
            ProgrammeSession.id, ProgrammeSession.status, ProgrammeSession.starts_at, ProgrammeSession.ends_at
        ).where(ProgrammeSession.id.in_(room_ids))
    )
    return {
        row.id: {
            "phase": phase_of(row.status, row.starts_at, row.ends_at, now).value,
            "starts_at": row.starts_at.isoformat(),
            "ends_at": row.ends_at.isoformat(),
        }
        for row in rows
    }


@when_put_back
def forget_kept_pages() -> None:
    """Empty the page cache, which is keyed by version: after a restore, another version may get the same
    number.
    """
    page_cache().forget()


def sessions_to_save(actor: Any, ids: Sequence[UUID]) -> list[Saved]:
    found = db.session.scalars(sessions_for(actor).where(ProgrammeSession.id.in_(ids)))
    return [Saved(session.id, session.title, f"/sessies/{session.slug}") for session in found]


def kinds_to_save() -> list[BookmarkKind]:
    return [
        BookmarkKind("session", sessions_to_save),
    ]


bookmark_kinds.subscribe(kinds_to_save)
login_columns.subscribe(cached_response.read_along)
