"""Live items of captions, as serialised for everybody in the room."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dagvandebuurt.captions.models import CaptionLine
from dagvandebuurt.captions.queries import last_lines, lines_changed
from dagvandebuurt.live import items
from dagvandebuurt.live.items import Changes, Item


def card(line: CaptionLine) -> Item:
    """Serialise a line: its position and text; or its removal."""
    shared: Item = {
        "kind": "caption",
        "id": str(line.id),
        "revision": line.revision,
        "position": line.position,
    }
    return {**shared, "text": line.text} if line.text else {**shared, "gone": True}


class CaptionItems:
    """Live item source: the captions of a session. A new client gets the last of them."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        lines = lines_changed(room_id, since) if since > 0 else last_lines(room_id)
        cards = [card(line) for line in lines]
        return Changes(hall=cards, desk=list(cards))

    def mine_of(self, room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
        return [{} for _ in actors]


SOURCE = CaptionItems()
items.register(SOURCE, versions=[(CaptionLine.session_id, CaptionLine.revision)])
