"""Live item of raised hands: whether they are taken, how many are up, and who has the turn.

It is one item for a room, the same for everybody. What somebody's own hand is at, and whose hands are up, is on
the pages of those whom it concerns.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.hands.models import Hand, HandRules, HandStatus
from dagvandebuurt.hands.queries import speaking_in
from dagvandebuurt.hands.rules import EXTRA
from dagvandebuurt.live import items
from dagvandebuurt.live.items import Changes, Item


def by_of(hand: Hand) -> dict[str, Any]:
    """Return who speaks as the hall may know it, in the form that the words for askers have."""
    if hand.name_hidden:
        return {"as": "name_hidden", "role": hand.role.value}
    mark = {"mark": hand.mark} if hand.mark else {}
    return {"as": "name", "name": hand.name, "role": hand.role.value, **mark}


def card(rules: HandRules) -> Item:
    """Serialise the hands of a session for everybody."""
    up = db.session.scalar(
        select(func.count()).where(Hand.session_id == rules.session_id, Hand.status == HandStatus.RAISED)
    )
    speaking = speaking_in(rules.session_id)
    turn = None
    if speaking is not None and speaking.ends_at is not None:
        turn = {"id": str(speaking.id), "by": by_of(speaking), "ends_at": speaking.ends_at.isoformat()}
    return {
        "kind": "hands",
        "id": str(rules.session_id),
        "revision": rules.revision,
        "open": rules.is_open,
        "up": up or 0,
        "speaking": turn,
    }


class HandItems:
    """Live item source; asked only for rooms where hands were ever taken."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        rules = db.session.get(HandRules, room_id, populate_existing=True)
        if rules is None or rules.revision <= (since or -1):
            return Changes()
        told = card(rules)
        return Changes(hall=[told], desk=[told])

    def mine_of(self, room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
        return [{} for _ in actors]


SOURCE = HandItems()
items.register(SOURCE, extra=EXTRA, versions=[(HandRules.session_id, HandRules.revision)])
