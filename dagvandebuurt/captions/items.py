"""A line of captions as everybody in the room gets it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dagvandebuurt.captions.models import CaptionLine
from dagvandebuurt.captions.queries import last_lines, lines_changed
from dagvandebuurt.live import items
from dagvandebuurt.live.items import Changes, Item


def card(line: CaptionLine) -> Item:
    """Which line of the session it is, and its words; a line that was taken back is gone."""
    shared: Item = {
        "kind": "caption",
        "id": str(line.id),
        "revision": line.revision,
        "position": line.position,
    }
    return {**shared, "text": line.text} if line.text else {**shared, "gone": True}


class CaptionItems:
    """The captions of a session, for the live core. Who comes in gets the last of them."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        lines = lines_changed(room_id, since) if since > 0 else last_lines(room_id)
        cards = [card(line) for line in lines]
        return Changes(hall=cards, desk=list(cards))

    def mine_of(self, room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
        return [{} for _ in actors]


SOURCE = CaptionItems()
items.register(SOURCE)
