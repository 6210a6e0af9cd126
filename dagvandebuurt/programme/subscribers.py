"""The programme keeps the door of its live rooms: who may come in, and as what."""

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
from dagvandebuurt.people.bookmarks import Saved, can_be_saved
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus, phase_of
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.public.page_cache import kept
from dagvandebuurt.programme.queries import require_open, sessions_for


@keeps_door
def at_the_session_door(actors: Sequence[Any], room_id: UUID) -> list[Admission | RuleBroken] | None:
    """A session's live room is open from the lobby on, also after the end: to read what was said. One of an
    edition that is not open yet is nowhere."""
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
    """Over, called off, moved: what an open page must hear of its session."""
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
    """Pages are kept by the programme's version, and that went back: another one will have its number."""
    kept().forget()


@can_be_saved("session")
def sessions_to_save(actor: Any, ids: Sequence[UUID]) -> list[Saved]:
    found = db.session.scalars(sessions_for(actor).where(ProgrammeSession.id.in_(ids)))
    return [Saved(session.id, session.title, f"/sessies/{session.slug}") for session in found]
