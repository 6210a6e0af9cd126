"""Connection registry: the sockets of this process, their rooms and audiences."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dagvandebuurt.live.audiences import Audience


@dataclass(frozen=True)
class RoomSubscription:
    """One socket in one room. `author_key` is None for an anonymous reader."""

    audience: Audience
    author_key: str | None


@dataclass(eq=False)
class Listener:
    """One socket. `actor` is authenticated when it connects and kept: no database query per event."""

    sid: str
    actor: Any
    rooms: dict[UUID, RoomSubscription] = field(default_factory=dict)
    mine_at: dict[UUID, int] = field(default_factory=dict)  # revision when its own items were last sent


class Listeners:
    """The sockets of this process, indexed by id, room and person."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Listener] = {}
        self._by_room: dict[UUID, dict[str, RoomSubscription]] = {}
        self._by_person: dict[UUID, set[str]] = {}

    def __len__(self) -> int:
        return len(self._by_sid)

    def arrive(self, sid: str, actor: Any) -> Listener:
        listener = self._by_sid[sid] = Listener(sid, actor)
        if actor.id is not None:
            self._by_person.setdefault(actor.id, set()).add(sid)
        return listener

    def find(self, sid: str) -> Listener | None:
        return self._by_sid.get(sid)

    def of_person(self, person_id: UUID) -> list[Listener]:
        return [self._by_sid[sid] for sid in self._by_person.get(person_id, ())]

    def people(self) -> Iterable[UUID]:
        return list(self._by_person)

    def enter(self, listener: Listener, room_id: UUID, entry: RoomSubscription) -> None:
        listener.rooms[room_id] = entry
        self._by_room.setdefault(room_id, {})[listener.sid] = entry

    def leave(self, listener: Listener, room_id: UUID) -> None:
        listener.rooms.pop(room_id, None)
        listener.mine_at.pop(room_id, None)
        inside = self._by_room.get(room_id)
        if inside is not None:
            inside.pop(listener.sid, None)
            if not inside:
                del self._by_room[room_id]

    def depart(self, sid: str) -> Listener | None:
        listener = self._by_sid.pop(sid, None)
        if listener is None:
            return None
        for room_id in list(listener.rooms):
            self.leave(listener, room_id)
        if listener.actor.id is not None:
            sids = self._by_person.get(listener.actor.id, set())
            sids.discard(sid)
            if not sids:
                self._by_person.pop(listener.actor.id, None)
        return listener

    def rooms(self) -> list[UUID]:
        """Return the rooms with a local listener."""
        return list(self._by_room)

    def inside(self, room_id: UUID) -> dict[str, RoomSubscription]:
        return self._by_room.get(room_id, {})
