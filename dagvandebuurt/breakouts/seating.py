"""What the commands of breakout rounds share: the round that goes on, somebody's place, and the table they belong at."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from dagvandebuurt.breakouts.errors import NoRound, NotSeated, TablesFull, WasRemoved
from dagvandebuurt.breakouts.mixing import MOST
from dagvandebuurt.breakouts.models import (
    EXTRA,
    BreakoutGroup,
    BreakoutRound,
    BreakoutSeat,
    BreakoutState,
    SeatStatus,
)
from dagvandebuurt.breakouts.queries import Standing, newest_round, people_at, seat_of, state_of, tables_of
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.live.items import turn_on
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.models import ParticipantRole, Person
from dagvandebuurt.programme.models import ProgrammeSession

ON_THE_WAY = timedelta(minutes=3)  # so long who did not come yet counts as company
CROWDED = MOST + 2  # people at a table when all others are full as well


def going_on_in(session: ProgrammeSession, at: Moment) -> BreakoutRound:
    """Return the round that goes on. Raises NoRound."""
    found = newest_round(session.id)
    if found is None or found.is_over(at.now):
        raise NoRound
    return found


def seated(actor: Actor, session: ProgrammeSession, at: Moment) -> tuple[BreakoutRound, BreakoutSeat]:
    """Return the round that goes on and the place where somebody is. Raises NoRound, NotSeated, WasRemoved."""
    going_on = going_on_in(session, at)
    return going_on, here_at(seat_of(going_on.id, actor.id))


def here_at(seat: BreakoutSeat | None) -> BreakoutSeat:
    """Return the place of somebody who is at their table. Raises NotSeated, WasRemoved."""
    if seat is not None and seat.status is SeatStatus.REMOVED:
        raise WasRemoved
    if seat is None or seat.status is not SeatStatus.HERE:
        raise NotSeated
    return seat


def seat_with_others(going_on: BreakoutRound, group_id: UUID, at: Moment) -> None:
    """Move the last person at a table to another one. Who is still on the way counts as company at first."""
    there = people_at(group_id)
    here = [each for each in there if each.status is SeatStatus.HERE]
    waits = len(there) > len(here) and at.now < going_on.started_at + ON_THE_WAY
    if len(here) == 1 and not waits:
        move_to_others(going_on, here[0], at)


def move_to_others(going_on: BreakoutRound, seat: BreakoutSeat, at: Moment) -> bool:
    """Move somebody to the table that suits best; False when nobody is at another one."""
    role = db.session.get_one(Person, seat.person_id).participant_role
    others = [each for each in tables_of(going_on.id, role) if each.group.id != seat.group_id and each.here]
    best = _smallest(others)
    if best is None:
        return False
    touch(seat.group_id, at)
    seat.group_id, seat.revision = best.group.id, at.revision
    db.session.flush()
    touch(seat.group_id, at)
    return True


def place_for(going_on: BreakoutRound, role: ParticipantRole) -> BreakoutGroup:
    """Return the table for somebody who has none. Raises TablesFull."""
    tables = tables_of(going_on.id, role)
    best = _smallest([each for each in tables if each.people])
    if best is not None:
        return best.group
    empty = [each.group for each in tables if not each.people]
    if len(empty) < len(tables):
        raise TablesFull
    return empty[0]  # everybody left: who comes next finds this one


def _smallest(tables: Sequence[Standing]) -> Standing | None:
    """Return the smallest table with room, before others one where somebody is, with few of one's own role."""
    for most in (MOST, CROWDED):
        free = [each for each in tables if each.people < most]
        if free:
            return min(free, key=lambda each: (not each.here, each.people, each.alike, each.group.number))
    return None


def touch(group_id: UUID, at: Moment) -> None:
    """Let who is at this table be told of it."""
    db.session.get_one(BreakoutGroup, group_id).revision = at.revision


def changed(session: ProgrammeSession, at: Moment, newest: BreakoutRound | None = None) -> None:
    """Let everybody in the room be told, and of `newest` when there is a new round."""
    state = state_of(session.id)
    if state is None:
        assert newest is not None
        turn_on(session.id, EXTRA)
        state = BreakoutState(session_id=session.id, round_id=newest.id, revision=at.revision)
        db.session.add(state)
    if newest is not None:
        state.round_id = newest.id
    state.revision = at.revision
    db.session.flush()
