"""Commands on captions, each under the lock of its room, and idempotent."""

from uuid import UUID

from dagvandebuurt.captions.errors import NoSuchLine, NotNow
from dagvandebuurt.captions.models import CaptionLine
from dagvandebuurt.captions.permissions import CaptionPermission
from dagvandebuurt.captions.queries import next_position
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.programme.models import Phase, ProgrammeSession


@command(needs=CaptionPermission.TYPE)
def add(_actor: Actor, session: ProgrammeSession, *, text: str, at: Moment) -> CaptionLine:
    """Append a line. Raises NotNow once the session is over."""
    if session.phase_at(at.now) in (Phase.ENDED, Phase.CANCELLED):
        raise NotNow
    line = CaptionLine(
        session_id=session.id, revision=at.revision, position=next_position(session.id), text=text, at=at.now
    )
    db.session.add(line)
    return line


@command(needs=CaptionPermission.TYPE)
def correct(_actor: Actor, session: ProgrammeSession, *, line_id: UUID, text: str, at: Moment) -> CaptionLine:
    """Replace the text of a line, keeping its time; empty text deletes it. Also after the end, for the
    recording. Raises NoSuchLine.
    """
    line = db.session.get(CaptionLine, line_id)
    if line is None or line.session_id != session.id:
        raise NoSuchLine
    line.text, line.revision = text, at.revision
    return line
