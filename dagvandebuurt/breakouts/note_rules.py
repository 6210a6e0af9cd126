"""Commands at a table: its note, and a call for help."""

from uuid import UUID

from sqlalchemy import func, select

from dagvandebuurt.breakouts.errors import (
    NoRound,
    NoSuchLine,
    NoteFull,
    TableMuted,
    WritingIsOver,
)
from dagvandebuurt.breakouts.models import MOST_LINES, BreakoutGroup, BreakoutLine, BreakoutSeat
from dagvandebuurt.breakouts.permissions import BreakoutPermission
from dagvandebuurt.breakouts.queries import newest_round, seat_of
from dagvandebuurt.breakouts.seating import changed, here_at, seated, touch
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.muting import is_muted_here


@command(needs=BreakoutPermission.SIT)
def write(actor: Actor, session: ProgrammeSession, *, text: str, at: Moment) -> BreakoutLine:
    """Add a line to the note of one's table. Raises NotSeated, WasRemoved, WritingIsOver, TableMuted, NoteFull."""
    seat = _writing(actor, session, at)
    if is_muted_here(session.id, seat.person_id):
        raise TableMuted
    if _lines(seat.group_id) >= MOST_LINES:
        raise NoteFull
    line = BreakoutLine(group_id=seat.group_id, author_id=actor.id, position=at.revision, text=text)
    db.session.add(line)
    db.session.flush()
    touch(seat.group_id, at)
    changed(session, at)
    return line


@command(needs=BreakoutPermission.SIT)
def take_along(actor: Actor, session: ProgrammeSession, *, line_id: UUID, on: bool, at: Moment) -> None:
    """Mark a line as an outcome for the wrap-up, or not; anybody at the table may. Raises NoSuchLine."""
    line = _line(_writing(actor, session, at), line_id)
    if line.is_outcome != on:
        line.is_outcome = on
        touch(line.group_id, at)
        changed(session, at)


@command(needs=BreakoutPermission.SIT)
def retract(actor: Actor, session: ProgrammeSession, *, line_id: UUID, at: Moment) -> None:
    """Take away a line of one's own. Raises NoSuchLine."""
    line = _line(_writing(actor, session, at), line_id)
    if line.author_id != actor.id:
        raise NoSuchLine
    db.session.delete(line)
    db.session.flush()
    touch(line.group_id, at)
    changed(session, at)


@command(needs=BreakoutPermission.SIT)
def call(actor: Actor, session: ProgrammeSession, *, on: bool, at: Moment) -> None:
    """Ask who runs the session to come, or say that it is not needed any more. Idempotent."""
    _round, seat = seated(actor, session, at)
    group = db.session.get_one(BreakoutGroup, seat.group_id)
    if group.calls == on:
        return
    group.called_at = at.now if on else None
    group.helped_at = group.helper_id = None
    group.revision = at.revision
    changed(session, at)


def _writing(actor: Actor, session: ProgrammeSession, at: Moment) -> BreakoutSeat:
    """Return the place of somebody who may still write: what was begun in time is finished in time."""
    newest = newest_round(session.id)
    if newest is None:
        raise NoRound
    seat = here_at(seat_of(newest.id, actor.id))
    if not newest.takes_lines(at.now):
        raise WritingIsOver
    return seat


def _line(seat: BreakoutSeat, line_id: UUID) -> BreakoutLine:
    found = db.session.get(BreakoutLine, line_id, populate_existing=True)
    if found is None or found.group_id != seat.group_id:
        raise NoSuchLine
    return found


def _lines(group_id: UUID) -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(BreakoutLine).where(BreakoutLine.group_id == group_id)
        )
        or 0
    )
