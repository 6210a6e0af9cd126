"""Reading breakout rounds: the round of a session, tables with their people, and who can be placed."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, func, or_, select

from dagvandebuurt.attendance.queries import absent_from, recent_visitors
from dagvandebuurt.breakouts.mixing import Guest
from dagvandebuurt.breakouts.models import (
    BreakoutGroup,
    BreakoutLine,
    BreakoutRemoval,
    BreakoutRound,
    BreakoutSeat,
    BreakoutState,
    BreakoutWish,
    SeatStatus,
)
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.people.models import ParticipantRole, Person, Role, RoleGrant
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.muting import muted_by_name

STILL_HERE = timedelta(seconds=90)  # as the number of people in a room is counted
THERE = (SeatStatus.EXPECTED, SeatStatus.HERE)


def state_of(session_id: UUID) -> BreakoutState | None:
    """Return what the session knows of its rounds; None where there was never one."""
    return db.session.get(BreakoutState, session_id, populate_existing=True)


def newest_round(session_id: UUID) -> BreakoutRound | None:
    """Return the newest round of a session, also one that is over."""
    state = state_of(session_id)
    if state is None or state.round_id is None:
        return None
    return db.session.get(BreakoutRound, state.round_id, populate_existing=True)


def seat_of(round_id: UUID, person_id: UUID | None) -> BreakoutSeat | None:
    """Return somebody's place in a round."""
    if person_id is None:
        return None
    return db.session.get(BreakoutSeat, (round_id, person_id), populate_existing=True)


def wish_of(session_id: UUID, person_id: UUID | None) -> BreakoutWish | None:
    return None if person_id is None else db.session.get(BreakoutWish, (session_id, person_id))


def group_by_number(round_id: UUID, number: int) -> BreakoutGroup:
    """Return a table of a round. Raises NotFound."""
    found = db.session.scalar(
        select(BreakoutGroup)
        .where(BreakoutGroup.round_id == round_id, BreakoutGroup.number == number)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def people_at(group_id: UUID) -> Sequence[BreakoutSeat]:
    """Return who sits at a table or is on the way there, by name."""
    return (
        db.session.scalars(
            select(BreakoutSeat)
            .join(Person, Person.id == BreakoutSeat.person_id)
            .where(BreakoutSeat.group_id == group_id, BreakoutSeat.status.in_(THERE))
            .order_by(Person.name, BreakoutSeat.person_id)
            .execution_options(populate_existing=True)
        )
        .unique()
        .all()
    )


def lines_of(session_id: UUID, group_id: UUID) -> Sequence[BreakoutLine]:
    """Return the note of a table, in the order in which it was written, without what muted people wrote."""
    lines = db.session.scalars(
        select(BreakoutLine)
        .where(BreakoutLine.group_id == group_id)
        .order_by(BreakoutLine.position, BreakoutLine.id)
        .execution_options(populate_existing=True)
    ).all()
    muted = muted_by_name(session_id, {line.author_id for line in lines if line.author_id})
    return [line for line in lines if line.author_id not in muted]


def removals_at(group_id: UUID) -> Sequence[BreakoutRemoval]:
    """Return who was removed from a table, or let back in, the newest first."""
    return db.session.scalars(
        select(BreakoutRemoval)
        .where(BreakoutRemoval.group_id == group_id)
        .order_by(BreakoutRemoval.at.desc(), BreakoutRemoval.id)
    ).all()


def outcomes_of(session_id: UUID) -> list[tuple[BreakoutRound, list[tuple[int, list[str]]]]]:
    """Return what the tables take along to the wrap-up: for each round, for each table, its lines. Without names."""
    if newest_round(session_id) is None:
        return []
    rows = db.session.execute(
        select(BreakoutRound, BreakoutGroup.number, BreakoutLine.text, BreakoutLine.author_id)
        .join(BreakoutGroup, BreakoutGroup.round_id == BreakoutRound.id)
        .join(BreakoutLine, BreakoutLine.group_id == BreakoutGroup.id)
        .where(BreakoutRound.session_id == session_id, BreakoutLine.is_outcome)
        .order_by(BreakoutRound.number, BreakoutGroup.number, BreakoutLine.position, BreakoutLine.id)
    ).unique()
    lines = [(row[0], row[1], row[2], row[3]) for row in rows]
    muted = muted_by_name(session_id, {line[3] for line in lines if line[3]})
    found: dict[UUID, tuple[BreakoutRound, dict[int, list[str]]]] = {}
    for breakout, number, text, author_id in lines:
        if author_id not in muted:
            tables = found.setdefault(breakout.id, (breakout, {}))[1]
            tables.setdefault(number, []).append(text)
    return [(breakout, list(tables.items())) for breakout, tables in found.values()]


@dataclass(frozen=True)
class Standing:
    """A table as it is filled: how many people are expected or there, and how many have one's own role."""

    group: BreakoutGroup
    people: int
    here: int
    alike: int


def tables_of(round_id: UUID, role: ParticipantRole | None = None) -> list[Standing]:
    """Return every table of a round with its numbers, in order, in one query."""
    seat = BreakoutSeat
    is_there = seat.status.in_(THERE)
    counts = (
        select(
            seat.group_id,
            func.sum(case((is_there, 1), else_=0)).label("people"),
            func.sum(case((seat.status == SeatStatus.HERE, 1), else_=0)).label("here"),
            func.sum(case((is_there & (Person.participant_role == role), 1), else_=0)).label("alike"),
        )
        .join(Person, Person.id == seat.person_id)
        .where(seat.round_id == round_id)
        .group_by(seat.group_id)
        .subquery()
    )
    rows = db.session.execute(
        select(BreakoutGroup, counts.c.people, counts.c.here, counts.c.alike)
        .outerjoin(counts, counts.c.group_id == BreakoutGroup.id)
        .where(BreakoutGroup.round_id == round_id)
        .order_by(BreakoutGroup.number)
        .execution_options(populate_existing=True)
    )
    return [Standing(row[0], row[1] or 0, row[2] or 0, row[3] or 0) for row in rows]


def calling(round_id: UUID) -> Sequence[BreakoutGroup]:
    """Return the tables that wait for help, the longest first."""
    return db.session.scalars(
        select(BreakoutGroup)
        .where(
            BreakoutGroup.round_id == round_id,
            BreakoutGroup.called_at.is_not(None),
            BreakoutGroup.helped_at.is_(None),
        )
        .order_by(BreakoutGroup.called_at, BreakoutGroup.number)
    ).all()


# --- who can be placed ---


def guests_of(session: ProgrammeSession, now: datetime) -> list[Guest]:
    """Return who is in now and can be placed.

    Left out: who runs the session, who said no, and who is on no list of attendees (they can sit down by one
    press). A person without JavaScript is never seen as inside, so who said yes counts as well; not again
    when they did not come to the last round.
    """
    wishes = {
        wish.person_id: wish
        for wish in db.session.scalars(select(BreakoutWish).where(BreakoutWish.session_id == session.id))
    }
    visitors = recent_visitors(session.id, since=now - STILL_HERE)
    joins = {person_id for person_id, wish in wishes.items() if wish.joins}
    known = visitors | joins
    inside = known - absent_from(session.id, known, since=now - STILL_HERE)
    wanted = (inside | (joins - _did_not_come(session.id))) - (wishes.keys() - joins)
    runs = select(RoleGrant.person_id).where(
        RoleGrant.role.in_((Role.MODERATOR, Role.HOST)),
        or_(RoleGrant.scope_id.is_(None), RoleGrant.scope_id == session.id),
    )
    rows = db.session.execute(
        select(Person.id, Person.participant_role, Person.neighbourhood, Person.domain).where(
            Person.id.in_(wanted),
            Person.id.not_in(runs),
            Person.suspended_at.is_(None),
            Person.forgotten_at.is_(None),
        )
    )
    return [
        Guest(
            row.id,
            role=row.participant_role.value,
            place=" ".join((row.neighbourhood or "").casefold().split()),
            theme=row.domain.value if row.domain else "",
            together=(wishes[row.id].word_key or "") if row.id in wishes else "",
        )
        for row in rows
    ]


def _did_not_come(session_id: UUID) -> set[UUID]:
    """Return who was placed in the newest round and is not there."""
    state = state_of(session_id)
    if state is None:
        return set()
    return set(
        db.session.scalars(
            select(BreakoutSeat.person_id).where(
                BreakoutSeat.round_id == state.round_id, BreakoutSeat.status != SeatStatus.HERE
            )
        )
    )


def met_before(session_id: UUID) -> dict[UUID, set[UUID]]:
    """Return with whom each person sat at a table in the earlier rounds of a session."""
    rows = db.session.execute(
        select(BreakoutSeat.group_id, BreakoutSeat.person_id)
        .join(BreakoutRound, BreakoutRound.id == BreakoutSeat.round_id)
        .where(BreakoutRound.session_id == session_id, BreakoutSeat.status != SeatStatus.EXPECTED)
    )
    tables: dict[UUID, set[UUID]] = defaultdict(set)
    for group_id, person_id in rows:
        tables[group_id].add(person_id)
    met: dict[UUID, set[UUID]] = defaultdict(set)
    for people in tables.values():
        for person_id in people:
            met[person_id] |= people - {person_id}
    return met


def existing(people: Collection[UUID]) -> set[UUID]:
    """Return who of these still has an account or a guest's name."""
    return set(
        db.session.scalars(select(Person.id).where(Person.id.in_(people), Person.forgotten_at.is_(None)))
    )


def with_this_word(session_id: UUID, word_key: str, *, but: UUID | None) -> int:
    """Count the others who chose this word."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(BreakoutWish)
            .where(
                BreakoutWish.session_id == session_id,
                BreakoutWish.word_key == word_key,
                BreakoutWish.person_id != but,
            )
        )
        or 0
    )
