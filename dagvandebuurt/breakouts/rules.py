"""Commands of a breakout round: announce, make and end it, and come to help. Each runs under the lock of the live
room, so what they count stays true."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from dagvandebuurt.breakouts.errors import NobodyCalls, RoundChanged, SessionNotOn, TooFewPeople
from dagvandebuurt.breakouts.models import EXTRA, BreakoutGroup, BreakoutRound, BreakoutSeat, BreakoutState
from dagvandebuurt.breakouts.permissions import BreakoutPermission
from dagvandebuurt.breakouts.queries import existing, group_by_number, newest_round, state_of
from dagvandebuurt.breakouts.seating import changed, going_on_in
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.items import turn_on
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.queries import name_of
from dagvandebuurt.programme.models import Phase, ProgrammeSession


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
    changed(session, at, made)
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
        changed(session, at)


@command(needs=BreakoutPermission.RUN)
def come(actor: Actor, session: ProgrammeSession, *, number: int, at: Moment) -> BreakoutGroup:
    """Say that one comes to help at a table. Raises NobodyCalls when somebody else does already."""
    group = group_by_number(going_on_in(session, at).id, number)
    if not group.calls:
        other = group.helper_id if group.helper_id != actor.id else None
        raise NobodyCalls(name_of(other) if other else None)
    group.helped_at, group.helper_id, group.revision = at.now, actor.id, at.revision
    changed(session, at)
    return group
