"""Live rooms of sessions: who may enter, and what everybody inside knows of the session."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.permissions import can
from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.live.provider import Admission
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus, phase_of
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.queries import require_open


def admit_all(actors: Sequence[Any], room_id: UUID) -> list[Admission | RuleBroken] | None:
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


def as_they_are(room_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
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
