"""Live items of hosting: for the desk alone. What speakers need of it, their page asks for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.hosting.models import RunningOrder, StageSignal
from dagvandebuurt.live import items
from dagvandebuurt.live.items import Changes, Item


def order_card(order: RunningOrder) -> Item:
    return {
        "kind": "running_order",
        "id": str(order.session_id),
        "revision": order.revision,
        "questions": order.question_ids,
    }


def signal_card(sent: StageSignal) -> Item:
    """Serialise the signal; one that was read is gone."""
    shared: Item = {"kind": "stage_signal", "id": str(sent.session_id), "revision": sent.revision}
    return {**shared, "signal": sent.kind.value} if sent.kind is not None else {**shared, "gone": True}


class HostingItems:
    """Live item source: the order of what comes next, and the last signal."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        found = Changes()
        order = db.session.get(RunningOrder, room_id, populate_existing=True)
        if order is not None and order.revision > (since or -1):
            found.desk.append(order_card(order))
        sent = db.session.get(StageSignal, room_id, populate_existing=True)
        if sent is not None and sent.revision > (since or -1):
            found.desk.append(signal_card(sent))
        return found

    def mine_of(self, room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
        return [{} for _ in actors]


items.register(HostingItems())
