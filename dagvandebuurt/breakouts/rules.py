"""Commands of breakout rounds. Each runs under the lock of the live room, so what they count stays true."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from dagvandebuurt.breakouts.errors import (
    NobodyCalls,
    NoOtherTable,
    NoRound,
    NoSuchLine,
    NotAlone,
    NotAtTable,
    NoteFull,
    NotHelping,
    NotSeated,
    RoundChanged,
    SessionNotOn,
    TableMuted,
    TablesFull,
    TooFewPeople,
    WasRemoved,
    WordTaken,
    WritingIsOver,
)
from dagvandebuurt.breakouts.mixing import MOST, MOST_TOGETHER
from dagvandebuurt.breakouts.models import (
    EXTRA,
    MOST_LINES,
    BreakoutGroup,
    BreakoutLine,
    BreakoutRemoval,
    BreakoutRound,
    BreakoutSeat,
    BreakoutState,
    BreakoutWish,
    SeatStatus,
)
from dagvandebuurt.breakouts.permissions import BreakoutPermission
from dagvandebuurt.breakouts.queries import (
    Standing,
    existing,
    group_by_number,
    newest_round,
    people_at,
    seat_of,
    state_of,
    tables_of,
    wish_of,
    with_this_word,
)
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.items import turn_on
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.models import ParticipantRole, Person
from dagvandebuurt.people.queries import name_of
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.qanda.muting import is_muted_here

ON_THE_WAY = timedelta(minutes=3)  # so long who did not come yet counts as company
CROWDED = MOST + 2  # people at a table when all others are full as well


# --- the round ---


@command(needs=BreakoutPermission.RUN)
def announce(_actor: Actor, session: ProgrammeSession, *, at: Moment) -> None:
    """Tell everybody that there will be tables, so that they can choose with whom. Idempotent."""
    if session.phase_at(at.now) in (Phase.ENDED, Phase.CANCELLED):
        raise SessionNotOn
    if state_of(session.id) is None:
        turn_on(session.id, EXTRA)
        db.session.add(BreakoutState(session_id=session.id, revision=at.revision))
        db.session.flush()


@command(needs=BreakoutPermission.RUN)
def make(
    actor: Actor,
    session: ProgrammeSession,
    *,
    plan: Sequence[Sequence[UUID]],
    card: str,
    minutes: int,
    after: int,
    at: Moment,
) -> BreakoutRound:
    """Begin a round with the tables of `plan`; one that is going on ends. `after` is the number of the last
    round on screen.

    Raises RoundChanged, SessionNotOn, TooFewPeople.
    """
    last = newest_round(session.id)
    if after != (last.number if last else 0):
        raise RoundChanged(name_of(last.made_by_id) if last and last.made_by_id else None)
    if session.phase_at(at.now) not in (Phase.LOBBY, Phase.LIVE):
        raise SessionNotOn
    tables = _of_who_is_left(plan)
    if sum(map(len, tables)) < 2:
        raise TooFewPeople
    if last is not None and not last.is_over(at.now):
        last.ended_at, last.revision = at.now, at.revision
    made = BreakoutRound(
        session_id=session.id,
        number=after + 1,
        revision=at.revision,
        card=card,
        started_at=at.now,
        ends_at=at.now + timedelta(minutes=minutes),
        made_by_id=actor.id,
    )
    db.session.add(made)
    db.session.flush()
    for number, people in enumerate(tables, 1):
        group = BreakoutGroup(round_id=made.id, number=number, revision=at.revision)
        db.session.add(group)
        db.session.flush()
        db.session.add_all(
            BreakoutSeat(round_id=made.id, person_id=person_id, group_id=group.id, revision=at.revision)
            for person_id in people
        )
    _changed(session, at, made)
    return made


def _of_who_is_left(plan: Sequence[Sequence[UUID]]) -> list[list[UUID]]:
    """Return the plan without who was erased since it was made, and without a table of one person."""
    there = existing({person_id for people in plan for person_id in people})
    tables = [[person_id for person_id in people if person_id in there] for people in plan]
    alone = [people[0] for people in tables if len(people) == 1]
    tables = [people for people in tables if len(people) > 1]
    for person_id in alone:
        if not tables:
            tables.append([])
        min(tables, key=len).append(person_id)
    return tables


@command(needs=BreakoutPermission.RUN)
def end(_actor: Actor, session: ProgrammeSession, *, number: int, at: Moment) -> None:
    """End the round with this number. Without effect when it is over; raises RoundChanged when there is a
    newer one."""
    last = newest_round(session.id)
    if last is None or last.number != number:
        raise RoundChanged(name_of(last.made_by_id) if last and last.made_by_id else None)
    if not last.is_over(at.now):
        last.ended_at, last.revision = at.now, at.revision
        _changed(session, at)


@command(needs=BreakoutPermission.RUN)
def come(actor: Actor, session: ProgrammeSession, *, number: int, at: Moment) -> BreakoutGroup:
    """Say that one comes to help at a table. Raises NobodyCalls when somebody else does already."""
    group = group_by_number(_going_on(session, at).id, number)
    if not group.calls:
        other = group.helper_id if group.helper_id != actor.id else None
        raise NobodyCalls(name_of(other) if other else None)
    group.helped_at, group.helper_id, group.revision = at.now, actor.id, at.revision
    _changed(session, at)
    return group


@command(needs=BreakoutPermission.RUN)
def remove(actor: Actor, session: ProgrammeSession, *, number: int, person_id: UUID, at: Moment) -> None:
    """Remove somebody from the table that one came to help, for the rest of the round. Idempotent.

    Raises NoRound, NotHelping, or NotAtTable for who moved to another table.
    """
    going_on, group, seat = _at_the_table_helped(actor, session, number, person_id, at)
    if seat.status is SeatStatus.REMOVED:
        return
    _record_removal(actor, group, seat, SeatStatus.REMOVED, at)
    _seat_with_others(going_on, group.id, at)
    _changed(session, at)


@command(needs=BreakoutPermission.RUN)
def let_back(actor: Actor, session: ProgrammeSession, *, number: int, person_id: UUID, at: Moment) -> None:
    """Let somebody who was removed from this table take a place again. Idempotent; raises as `remove` does."""
    _going_on_now, group, seat = _at_the_table_helped(actor, session, number, person_id, at)
    if seat.status is SeatStatus.REMOVED:
        _record_removal(actor, group, seat, SeatStatus.LEFT, at)
        _changed(session, at)


def _at_the_table_helped(
    actor: Actor, session: ProgrammeSession, number: int, person_id: UUID, at: Moment
) -> tuple[BreakoutRound, BreakoutGroup, BreakoutSeat]:
    going_on = _going_on(session, at)
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
    _touch(group.id, at)


# --- one's own place ---


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
    going_on = _going_on(session, at)
    seat = seat_of(going_on.id, actor.id)
    if seat is not None and seat.status is SeatStatus.REMOVED:
        raise WasRemoved
    if seat is not None and seat.status is SeatStatus.HERE:
        return seat
    if seat is None:
        assert actor.id is not None
        group = _place_for(going_on, role)
        seat = BreakoutSeat(round_id=going_on.id, person_id=actor.id, group_id=group.id)
        db.session.add(seat)
    else:
        company = [each for each in people_at(seat.group_id) if each.person_id != actor.id]
        if not company or seat.status is SeatStatus.LEFT:
            seat.group_id = _place_for(going_on, role).id
    seat.status, seat.revision = SeatStatus.HERE, at.revision
    db.session.flush()
    _touch(seat.group_id, at)
    _changed(session, at)
    return seat


@command(needs=BreakoutPermission.SIT)
def leave(actor: Actor, session: ProgrammeSession, *, at: Moment) -> None:
    """Leave the table: the place is free, and who stays behind alone is seated with others. Idempotent."""
    going_on = _going_on(session, at)
    seat = seat_of(going_on.id, actor.id)
    if seat is None or seat.is_away:
        return
    seat.status, seat.revision = SeatStatus.LEFT, at.revision
    db.session.flush()
    _touch(seat.group_id, at)
    _seat_with_others(going_on, seat.group_id, at)
    _changed(session, at)


@command(needs=BreakoutPermission.SIT)
def move(actor: Actor, session: ProgrammeSession, *, at: Moment) -> None:
    """Go to another table when nobody else came to one's own. Raises NotAlone, NoOtherTable."""
    going_on, seat = _seated(actor, session, at)
    if sum(each.status is SeatStatus.HERE for each in people_at(seat.group_id)) > 1:
        raise NotAlone
    if not _move(going_on, seat, at):
        raise NoOtherTable
    _changed(session, at)


def _seat_with_others(going_on: BreakoutRound, group_id: UUID, at: Moment) -> None:
    """Move the last person at a table to another one. Who is still on the way counts as company at first."""
    there = people_at(group_id)
    here = [each for each in there if each.status is SeatStatus.HERE]
    waits = len(there) > len(here) and at.now < going_on.started_at + ON_THE_WAY
    if len(here) == 1 and not waits:
        _move(going_on, here[0], at)


def _move(going_on: BreakoutRound, seat: BreakoutSeat, at: Moment) -> bool:
    role = db.session.get_one(Person, seat.person_id).participant_role
    others = [each for each in tables_of(going_on.id, role) if each.group.id != seat.group_id and each.here]
    best = _smallest(others)
    if best is None:
        return False
    _touch(seat.group_id, at)
    seat.group_id, seat.revision = best.group.id, at.revision
    db.session.flush()
    _touch(seat.group_id, at)
    return True


def _place_for(going_on: BreakoutRound, role: ParticipantRole) -> BreakoutGroup:
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


# --- at the table ---


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
    _touch(seat.group_id, at)
    _changed(session, at)
    return line


@command(needs=BreakoutPermission.SIT)
def take_along(actor: Actor, session: ProgrammeSession, *, line_id: UUID, on: bool, at: Moment) -> None:
    """Mark a line as an outcome for the wrap-up, or not; anybody at the table may. Raises NoSuchLine."""
    line = _line(_writing(actor, session, at), line_id)
    if line.is_outcome != on:
        line.is_outcome = on
        _touch(line.group_id, at)
        _changed(session, at)


@command(needs=BreakoutPermission.SIT)
def retract(actor: Actor, session: ProgrammeSession, *, line_id: UUID, at: Moment) -> None:
    """Take away a line of one's own. Raises NoSuchLine."""
    line = _line(_writing(actor, session, at), line_id)
    if line.author_id != actor.id:
        raise NoSuchLine
    db.session.delete(line)
    db.session.flush()
    _touch(line.group_id, at)
    _changed(session, at)


@command(needs=BreakoutPermission.SIT)
def call(actor: Actor, session: ProgrammeSession, *, on: bool, at: Moment) -> None:
    """Ask who runs the session to come, or say that it is not needed any more. Idempotent."""
    _round, seat = _seated(actor, session, at)
    group = db.session.get_one(BreakoutGroup, seat.group_id)
    if group.calls == on:
        return
    group.called_at = at.now if on else None
    group.helped_at = group.helper_id = None
    group.revision = at.revision
    _changed(session, at)


def _going_on(session: ProgrammeSession, at: Moment) -> BreakoutRound:
    found = newest_round(session.id)
    if found is None or found.is_over(at.now):
        raise NoRound
    return found


def _seated(actor: Actor, session: ProgrammeSession, at: Moment) -> tuple[BreakoutRound, BreakoutSeat]:
    going_on = _going_on(session, at)
    return going_on, _here(seat_of(going_on.id, actor.id))


def _here(seat: BreakoutSeat | None) -> BreakoutSeat:
    if seat is not None and seat.status is SeatStatus.REMOVED:
        raise WasRemoved
    if seat is None or seat.status is not SeatStatus.HERE:
        raise NotSeated
    return seat


def _writing(actor: Actor, session: ProgrammeSession, at: Moment) -> BreakoutSeat:
    """Return the place of somebody who may still write: what was begun in time is finished in time."""
    newest = newest_round(session.id)
    if newest is None:
        raise NoRound
    seat = _here(seat_of(newest.id, actor.id))
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


def _touch(group_id: UUID, at: Moment) -> None:
    db.session.get_one(BreakoutGroup, group_id).revision = at.revision


def _changed(session: ProgrammeSession, at: Moment, newest: BreakoutRound | None = None) -> None:
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
