"""Commands of who came to help at a table: remove somebody, and let them back."""

from uuid import UUID

from dagvandebuurt.breakouts.errors import NotAtTable, NotHelping
from dagvandebuurt.breakouts.models import (
    BreakoutGroup,
    BreakoutRemoval,
    BreakoutRound,
    BreakoutSeat,
    SeatStatus,
)
from dagvandebuurt.breakouts.permissions import BreakoutPermission
from dagvandebuurt.breakouts.queries import group_by_number, seat_of
from dagvandebuurt.breakouts.seating import changed, going_on_in, seat_with_others, touch
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.programme.models import ProgrammeSession


@command(needs=BreakoutPermission.RUN)
def remove(actor: Actor, session: ProgrammeSession, *, number: int, person_id: UUID, at: Moment) -> None:
    """Remove somebody from the table that one came to help, for the rest of the round. Idempotent.

    Raises NoRound, NotHelping, or NotAtTable for who moved to another table.
    """
    going_on, group, seat = _at_the_table_helped(actor, session, number, person_id, at)
    if seat.status is SeatStatus.REMOVED:
        return
    _record_removal(actor, group, seat, SeatStatus.REMOVED, at)
    seat_with_others(going_on, group.id, at)
    changed(session, at)


@command(needs=BreakoutPermission.RUN)
def let_back(actor: Actor, session: ProgrammeSession, *, number: int, person_id: UUID, at: Moment) -> None:
    """Let somebody who was removed from this table take a place again. Idempotent; raises as `remove` does."""
    _round, group, seat = _at_the_table_helped(actor, session, number, person_id, at)
    if seat.status is SeatStatus.REMOVED:
        _record_removal(actor, group, seat, SeatStatus.LEFT, at)
        changed(session, at)


def _at_the_table_helped(
    actor: Actor, session: ProgrammeSession, number: int, person_id: UUID, at: Moment
) -> tuple[BreakoutRound, BreakoutGroup, BreakoutSeat]:
    going_on = going_on_in(session, at)
    group = group_by_number(going_on.id, number)
    if group.helper_id is None or group.helper_id != actor.id:
        raise NotHelping
    seat = seat_of(going_on.id, person_id)
    if seat is None or seat.group_id != group.id:
        raise NotAtTable
    return going_on, group, seat


def _record_removal(
    actor: Actor, group: BreakoutGroup, seat: BreakoutSeat, after: SeatStatus, at: Moment
) -> None:
    seat.status, seat.revision = after, at.revision
    db.session.add(
        BreakoutRemoval(
            group_id=group.id,
            person_id=seat.person_id,
            moderator_id=actor.id,
            is_back=after is not SeatStatus.REMOVED,
            at=at.now,
        )
    )
    db.session.flush()
    touch(group.id, at)
