"""Commands of one's own place: with whom to sit, sit down, leave, and go to others."""

from dagvandebuurt.breakouts.errors import NoOtherTable, NotAlone, WasRemoved, WordTaken
from dagvandebuurt.breakouts.mixing import MOST_TOGETHER
from dagvandebuurt.breakouts.models import BreakoutSeat, BreakoutWish, SeatStatus
from dagvandebuurt.breakouts.permissions import BreakoutPermission
from dagvandebuurt.breakouts.queries import people_at, seat_of, wish_of, with_this_word
from dagvandebuurt.breakouts.seating import (
    changed,
    going_on_in,
    move_to_others,
    place_for,
    seat_with_others,
    seated,
    touch,
)
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.programme.models import ProgrammeSession


@command(needs=BreakoutPermission.SIT)
def wish(actor: Actor, session: ProgrammeSession, *, joins: bool, word_key: str | None, at: Moment) -> None:
    """Store whether somebody wants to sit at a table, and with whom. Raises WordTaken."""
    if word_key and with_this_word(session.id, word_key, but=actor.id) >= MOST_TOGETHER:
        raise WordTaken
    found = wish_of(session.id, actor.id)
    if found is None:
        found = BreakoutWish(session_id=session.id, person_id=actor.id)
        db.session.add(found)
    found.joins, found.word_key = joins, word_key if joins else None


@command(needs=BreakoutPermission.SIT)
def sit(actor: Actor, session: ProgrammeSession, *, role: ParticipantRole, at: Moment) -> BreakoutSeat:
    """Sit down at one's own table; who has none gets a place at the smallest that fits. Idempotent.

    Raises NoRound, TablesFull, WasRemoved.
    """
    going_on = going_on_in(session, at)
    seat = seat_of(going_on.id, actor.id)
    if seat is not None and seat.status is SeatStatus.REMOVED:
        raise WasRemoved
    if seat is not None and seat.status is SeatStatus.HERE:
        return seat
    if seat is None:
        assert actor.id is not None
        group = place_for(going_on, role)
        seat = BreakoutSeat(round_id=going_on.id, person_id=actor.id, group_id=group.id)
        db.session.add(seat)
    else:
        company = [each for each in people_at(seat.group_id) if each.person_id != actor.id]
        if not company or seat.status is SeatStatus.LEFT:
            seat.group_id = place_for(going_on, role).id
    seat.status, seat.revision = SeatStatus.HERE, at.revision
    db.session.flush()
    touch(seat.group_id, at)
    changed(session, at)
    return seat


@command(needs=BreakoutPermission.SIT)
def leave(actor: Actor, session: ProgrammeSession, *, at: Moment) -> None:
    """Leave the table: the place is free, and who stays behind alone is seated with others. Idempotent."""
    going_on = going_on_in(session, at)
    seat = seat_of(going_on.id, actor.id)
    if seat is None or seat.is_away:
        return
    seat.status, seat.revision = SeatStatus.LEFT, at.revision
    db.session.flush()
    touch(seat.group_id, at)
    seat_with_others(going_on, seat.group_id, at)
    changed(session, at)


@command(needs=BreakoutPermission.SIT)
def move(actor: Actor, session: ProgrammeSession, *, at: Moment) -> None:
    """Go to another table when nobody else came to one's own. Raises NotAlone, NoOtherTable."""
    going_on, seat = seated(actor, session, at)
    if sum(each.status is SeatStatus.HERE for each in people_at(seat.group_id)) > 1:
        raise NotAlone
    if not move_to_others(going_on, seat, at):
        raise NoOtherTable
    changed(session, at)
