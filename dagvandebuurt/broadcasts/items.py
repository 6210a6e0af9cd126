"""Broadcasts as live items of the rooms that are told."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dagvandebuurt.broadcasts.models import Broadcast, BroadcastRoom
from dagvandebuurt.broadcasts.queries import in_room, shown_in_room
from dagvandebuurt.core import clock
from dagvandebuurt.live import items
from dagvandebuurt.live.items import Changes, Item


def card(said: Broadcast, revision: int) -> Item:
    """Return the item. A page takes it away by itself at `until`; a withdrawn one is gone."""
    shared: Item = {"kind": "broadcast", "id": str(said.id), "revision": revision}
    if said.withdrawn_at is not None:
        return {**shared, "gone": True}
    return {
        **shared,
        "text": said.text,
        "text_en": said.text_en,
        "said_at": said.said_at.isoformat(),
        "until": said.until.isoformat(),
    }


class BroadcastItems:
    """Live item source: what is said in a room."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        if since > items.FIRST_REVISION:
            cards = [card(said, revision) for said, revision in in_room(room_id, since)]
        else:
            standing = shown_in_room(room_id, clock.now())
            cards = [card(said, revision or items.FIRST_REVISION) for said, revision in standing]
        return Changes(hall=cards, desk=list(cards))

    def mine_of(self, _room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
        return [{} for _ in actors]


items.register(BroadcastItems(), versions=[(BroadcastRoom.session_id, BroadcastRoom.revision)])
