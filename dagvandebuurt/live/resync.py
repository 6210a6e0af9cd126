"""Resynchronisation: what changed in a room since the revision a client knows.

After a freeze all clients ask at once (thundering herd). Where nothing changed, the answer comes from
memory: the pump knows the revision each audience has reached. The others are answered in batches, with as
many queries for a thousand as for one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.live import items
from dagvandebuurt.live.batching import Batcher
from dagvandebuurt.live.connections import Listener, RoomSubscription
from dagvandebuurt.live.errors import NotEntered
from dagvandebuurt.live.items import State
from dagvandebuurt.live.pump import Delivered

if TYPE_CHECKING:
    from dagvandebuurt.live.runtime import Live


@dataclass(frozen=True)
class SyncRequest:
    """Sync request: `listener` knows `room_id` up to revision `since` of `epoch` (None: not given).

    `mine`: whether it also asks for its own items.
    """

    listener: Listener
    room_id: UUID
    since: int
    epoch: str | None = None
    mine: bool = True

    @property
    def entry(self) -> RoomSubscription | None:
        return self.listener.rooms.get(self.room_id)

    def knows_all(self, told: Delivered) -> bool:
        """Return whether nothing changed for it since, by what the pump sent. `told` must be up to date."""
        entry = self.entry
        if entry is None or self.since == 0 or self.epoch not in (None, told.state.epoch):
            return False
        is_read = self.since == told.audiences[entry.audience]
        return is_read and (not self.mine or self.listener.mine_at.get(self.room_id) == told.state.revision)

    def knows_nothing(self, state: State) -> bool:
        """Return whether it gets everything: it asks for that, or what it knows is of another epoch."""
        return self.since == 0 or self.epoch not in (None, state.epoch)


class Resync:
    """Resynchroniser, one per process."""

    def __init__(self, live: "Live") -> None:
        self._live = live
        self._together = Batcher(self._answer_all)

    def ask(self, asked: SyncRequest) -> dict[str, Any]:
        """Return the payload of the acknowledgement.

        `mine` is absent where nothing of it changed since it was last asked for. Raises NotEntered.
        """
        if asked.entry is None:
            raise NotEntered
        told = self._live.pump.told(asked.room_id)
        if told is not None and asked.knows_all(told):
            return self._unchanged(asked, told)
        return self._together.ask(asked)

    def _unchanged(self, asked: SyncRequest, told: Delivered) -> dict[str, Any]:
        return self._frame(asked, told.state.epoch, asked.since, asked.since) | {"items": []}

    def _frame(self, asked: SyncRequest, epoch: str, since: int, to: int) -> dict[str, Any]:
        return {
            "session": str(asked.room_id),
            "epoch": epoch,
            "from": since,
            "to": to,
            "present": self._live.presence.present(asked.room_id),
        }

    def _answer_all(self, everybody: list[SyncRequest]) -> list[dict[str, Any] | RuleBroken]:
        answers: dict[int, dict[str, Any] | RuleBroken] = {}
        for room_id in {asked.room_id for asked in everybody}:
            here = {place: asked for place, asked in enumerate(everybody) if asked.room_id == room_id}
            answers |= self._answer_room(room_id, here)
        return [answers[place] for place in range(len(everybody))]

    def _answer_room(
        self, room_id: UUID, here: dict[int, SyncRequest]
    ) -> dict[int, dict[str, Any] | RuleBroken]:
        told = self._live.pump.told(room_id)
        state = told.state if told is not None else items.state_of(room_id)
        if told is None:
            told = self._live.pump.told(room_id, state)  # everything may have been sent already
        answers: dict[int, dict[str, Any] | RuleBroken] = {}
        lacking: dict[int, tuple[SyncRequest, RoomSubscription]] = {}
        for place, asked in here.items():
            entry = asked.entry  # a client that left meanwhile has no entry
            if entry is None:
                answers[place] = NotEntered()
            elif told is not None and asked.knows_all(told):
                answers[place] = self._unchanged(asked, told)
            else:
                lacking[place] = asked, entry
        if lacking:
            answers |= self._read(room_id, items.state_of(room_id), lacking)
        return answers

    def _read(
        self, room_id: UUID, state: State, lacking: dict[int, tuple[SyncRequest, RoomSubscription]]
    ) -> Iterable[tuple[int, dict[str, Any]]]:
        known = {(asked.since, entry.audience) for asked, entry in lacking.values() if asked.since}
        changes = {each: items.since_for(each[1], room_id, each[0], state) for each in known}
        wanting = [asked for asked, _ in lacking.values() if asked.mine]
        mine = dict(
            zip(
                (asked.listener.sid for asked in wanting),
                items.mine_of(room_id, [asked.listener.actor for asked in wanting]),
                strict=True,
            )
        )
        found = {}
        for place, (asked, entry) in lacking.items():
            changed = changes.get((asked.since, entry.audience))
            if asked.knows_nothing(state) or changed is None:
                now, everything = self._live.snapshots.of(room_id, entry.audience)
                answer = self._frame(asked, now.epoch, 0, now.revision)
                answer["items"] = orjson.Fragment(everything)
            else:
                to = items.told_to(entry.audience, changed, since=asked.since, state=state)
                answer = self._frame(asked, state.epoch, asked.since, to)
                answer["items"] = changed
            if asked.mine:
                answer["mine"] = mine[asked.listener.sid]
                asked.listener.mine_at[room_id] = state.revision
            found[place] = answer
        return found.items()
