"""Live items of breakout rounds. That there is a round is told to all; at which table somebody sits and that
their table changed only to themselves; that a table asks for help to the session's moderators.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from dagvandebuurt.breakouts.models import (
    EXTRA,
    BreakoutGroup,
    BreakoutRound,
    BreakoutSeat,
    BreakoutState,
    SeatStatus,
)
from dagvandebuurt.core.db import db
from dagvandebuurt.live import items
from dagvandebuurt.live.items import Changes, Item, OwnChanges


def round_card(newest: BreakoutRound) -> Item:
    """Serialise the newest round of a session."""
    return {
        "kind": "breakout_round",
        "id": str(newest.session_id),
        "revision": newest.revision,
        "number": newest.number,
        "ends_at": newest.ends_at.isoformat(),
        "ended": newest.ended_at is not None,
    }


def announcement_card(state: BreakoutState) -> Item:
    """Serialise that there will be tables."""
    return {"kind": "breakout_round", "id": str(state.session_id), "revision": state.revision, "number": 0}


def seat_card(seat: BreakoutSeat, group: BreakoutGroup, number: int) -> Item:
    """Serialise one's own place. Its `revision` rises with anything that changes at the table."""
    return {
        "kind": "breakout_seat",
        "id": str(seat.round_id),
        "revision": max(seat.revision, group.revision),
        "round": number,
        "table": None if seat.is_away else group.number,
        "here": seat.status is SeatStatus.HERE,
    }


def call_card(group: BreakoutGroup) -> Item:
    return {
        "kind": "breakout_call",
        "id": str(group.id),
        "revision": group.revision,
        "table": group.number,
        "calls": group.calls,
    }


class BreakoutItems:
    """Live item source: the newest round, one's own place in it, and the calls for help."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        found, after = Changes(), since or -1
        state = db.session.get(BreakoutState, room_id, populate_existing=True)
        if state is None or state.revision <= after:
            return found
        if state.round_id is None:
            return Changes(hall=[announcement_card(state)], desk=[announcement_card(state)])
        newest = db.session.get_one(BreakoutRound, state.round_id, populate_existing=True)
        if newest.revision > after:
            found.hall.append(round_card(newest))
            found.desk.append(round_card(newest))
        rows = db.session.execute(
            select(BreakoutSeat, BreakoutGroup)
            .join(BreakoutGroup, BreakoutGroup.id == BreakoutSeat.group_id)
            .where(
                BreakoutSeat.round_id == newest.id,
                or_(BreakoutSeat.revision > after, BreakoutGroup.revision > after),
            )
            .execution_options(populate_existing=True)
        ).unique()
        cards = {seat.person_id: seat_card(seat, group, newest.number) for seat, group in rows}
        found.own.append(
            OwnChanges(frozenset(cards), lambda people: {each: [cards[each]] for each in people})
        )
        groups = db.session.scalars(
            select(BreakoutGroup)
            .where(
                BreakoutGroup.round_id == newest.id,
                BreakoutGroup.revision > after,
                BreakoutGroup.revision > newest.revision,  # as it was made: nobody calls yet
            )
            .order_by(BreakoutGroup.number)
        )
        found.desk += [call_card(group) for group in groups]
        return found

    def mine_of(self, room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
        state = db.session.get(BreakoutState, room_id)
        if state is None or state.round_id is None:
            return [{} for _ in actors]
        rows = db.session.execute(
            select(BreakoutSeat, BreakoutGroup, BreakoutRound.number)
            .join(BreakoutGroup, BreakoutGroup.id == BreakoutSeat.group_id)
            .join(BreakoutRound, BreakoutRound.id == BreakoutSeat.round_id)
            .where(
                BreakoutSeat.round_id == state.round_id,
                BreakoutSeat.person_id.in_([actor.id for actor in actors]),
            )
        ).unique()
        cards = {seat.person_id: seat_card(seat, group, number) for seat, group, number in rows}
        return [{"seat": cards[actor.id]} if actor.id in cards else {} for actor in actors]


items.register(BreakoutItems(), extra=EXTRA, versions=[(BreakoutState.session_id, BreakoutState.revision)])
