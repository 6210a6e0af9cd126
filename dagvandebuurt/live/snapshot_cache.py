"""Snapshot cache: a room's whole state as JSON bytes, per room, audience and revision.

After a restart all clients reconnect at once; they all get the same bytes from one query.
"""

import threading
from dataclasses import dataclass, replace
from uuid import UUID

import orjson

from dagvandebuurt.live import items
from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.live.items import State


@dataclass(frozen=True)
class _Kept:
    state: State
    public: State  # the revision the hall has reached
    hall: bytes
    desk: bytes

    def of(self, audience: Audience) -> bytes:
        return self.desk if audience is Audience.DESK else self.hall

    def state_for(self, audience: Audience) -> State:
        return self.state if audience is Audience.DESK else self.public


class Snapshots:
    """The newest snapshot of each room. `made` counts cache misses, for tests and metrics."""

    def __init__(self) -> None:
        self._kept: dict[UUID, _Kept] = {}
        self._locks: dict[UUID, threading.Lock] = {}
        self.made = 0

    def of(self, room_id: UUID, audience: Audience) -> tuple[State, bytes]:
        """Return the room's state and its items as a JSON array, for this audience. Raises NotFound."""
        # Take the connection before the lock, everywhere: the holder of the lock needs nothing more.
        items.state_of(room_id)
        with self._locks.setdefault(room_id, threading.Lock()):
            state = items.state_of(room_id)
            kept = self._kept.get(room_id)
            if kept is None or kept.state != state:
                everything = items.changes_since(room_id, 0, state)
                public = items.told_to(Audience.HALL, everything.hall, since=0, state=state)
                kept = _Kept(
                    state,
                    replace(state, revision=public),
                    orjson.dumps(everything.hall),
                    orjson.dumps(everything.desk),
                )
                self._kept[room_id] = kept
                self.made += 1
        return kept.state_for(audience), kept.of(audience)
