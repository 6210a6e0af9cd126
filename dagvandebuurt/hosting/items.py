"""Live items of hosting. The order and the signals are for the desk alone; that the run of show changed is told
to all, since the big screen follows it.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.hosting.models import RunningOrder, RunOfShow, StageSignal
from dagvandebuurt.live import items
from dagvandebuurt.live.items import Changes, Item
from dagvandebuurt.live.models import LiveRoom


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


def show_card(show: RunOfShow) -> Item:
    """Serialise that the run of show changed: pages that show it ask for it."""
    return {"kind": "run_of_show", "id": str(show.session_id), "revision": show.revision}


class HostingItems:
    """Live item source: the order of what comes next, the last signal, and the run of show."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        found = Changes()
        row = db.session.execute(
            select(RunningOrder, StageSignal, RunOfShow)
            .select_from(LiveRoom)
            .outerjoin(RunningOrder, RunningOrder.session_id == LiveRoom.id)
            .outerjoin(StageSignal, StageSignal.session_id == LiveRoom.id)
            .outerjoin(RunOfShow, RunOfShow.session_id == LiveRoom.id)
            .where(LiveRoom.id == room_id)
            .execution_options(populate_existing=True)
        ).first()
        order, sent, show = row or (None, None, None)
        if order is not None and order.revision > (since or -1):
            found.desk.append(order_card(order))
        if sent is not None and sent.revision > (since or -1):
            found.desk.append(signal_card(sent))
        if show is not None and show.revision > (since or -1):
            found.desk.append(show_card(show))
            found.hall.append(show_card(show))
        return found

    def mine_of(self, room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
        return [{} for _ in actors]


items.register(
    HostingItems(),
    versions=[(each.session_id, each.revision) for each in (RunningOrder, StageSignal, RunOfShow)],
)
