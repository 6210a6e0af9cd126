"""The programme keeps the door of its live rooms: who may come in, and as what."""

from typing import Any
from uuid import UUID

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import can
from dagvandebuurt.live.admission import Admission, keeps_door
from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.queries import require_open


@keeps_door
def at_the_session_door(actor: Any, room_id: UUID) -> Admission | None:
    """A session's live room is open from the lobby on, also after the end: to read what was said."""
    session = db.session.get(ProgrammeSession, room_id)
    if session is None or session.status is SessionStatus.DRAFT:
        return None
    require_open(actor, session, now=clock.now())
    audience = Audience.DESK if can(actor, ProgrammePermission.RUN, session) else Audience.HALL
    return Admission(room_id, audience, {"title": session.title, "slug": session.slug})
