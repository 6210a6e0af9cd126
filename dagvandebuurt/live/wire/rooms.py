"""Room manager for Socket.IO: each broadcast is encoded once and written to each member.

The library keeps a room for each client besides, and looks through all of them when one leaves: ten thousand
clients leaving at once stop it for twenty seconds. Here every client knows its own rooms.
"""

from collections.abc import Iterable, Iterator
from enum import Enum, auto
from itertools import chain
from typing import Any

import gevent
from engineio import packet as engine_packet
from gevent.lock import RLock
from socketio import Manager, packet

from dagvandebuurt.core.worker_pool import A_TURN
from dagvandebuurt.live.wire.connection import Connection, frame_of

AT_ONCE = 256  # recipients between two yields of a long fan-out


class Stage(Enum):
    COMING = auto()  # the connect handler still decides
    IN = auto()
    GOING = auto()  # the disconnect handler is running


class Member:
    """One client in one namespace."""

    __slots__ = ("engine_sid", "rooms", "sid", "stage")

    def __init__(self, sid: str, engine_sid: str) -> None:
        self.sid, self.engine_sid = sid, engine_sid
        self.stage = Stage.COMING
        self.rooms: set[str] = set()


class Rooms(Manager):
    """Client manager of the library for one process. `encoded` and `delivered` count, for tests.

    `rooms[namespace][None]` holds all clients in a namespace, `rooms[namespace][name]` a room; both by sid.
    The room that each sid is by itself is answered without storing one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rooms: dict[str, dict[str | None, dict[str, Member]]] = {}
        self._sids: dict[tuple[str, str], str] = {}  # (namespace, Engine.IO sid) → sid
        self._telling = RLock()
        self.encoded = self.delivered = 0

    def pre_connect(self, eio_sid: str, namespace: str) -> str | None:
        if (namespace, eio_sid) in self._sids:
            return None
        sid: str = self.server.eio.generate_id()
        self._sids[namespace, eio_sid] = sid
        self.rooms.setdefault(namespace, {None: {}})[None][sid] = Member(sid, eio_sid)
        return sid

    def connect(self, sid: str, namespace: str) -> str:
        member = self._member(sid, namespace)
        if member is not None:
            member.stage = Stage.IN
        return sid

    def is_connected(self, sid: str | None, namespace: str) -> bool:
        member = self._member(sid, namespace)
        return member is not None and member.stage is Stage.IN

    def sid_from_eio_sid(self, eio_sid: str, namespace: str) -> str | None:
        return self._sids.get((namespace, eio_sid))

    def eio_sid_from_sid(self, sid: str, namespace: str) -> str | None:
        member = self._member(sid, namespace)
        return None if member is None else member.engine_sid

    def pre_disconnect(self, sid: str, namespace: str) -> str | None:
        member = self._member(sid, namespace)
        if member is None:
            return None
        member.stage = Stage.GOING
        return member.engine_sid

    def disconnect(self, sid: str, namespace: str, **_: Any) -> None:
        """Remove a client, in time proportional to its own rooms."""
        member = self._member(sid, namespace)
        if member is None:
            return
        for room in list(member.rooms):
            self.leave_room(sid, namespace, room)
        del self.rooms[namespace][None][sid]
        self._sids.pop((namespace, member.engine_sid), None)
        self.callbacks.pop(sid, None)
        if not self.rooms[namespace][None]:
            del self.rooms[namespace]

    def enter_room(self, sid: str, namespace: str, room: str, eio_sid: str | None = None) -> None:
        """Add a client to a room. Raises ValueError for an unknown client, or a room that is another
        client's own."""
        member = self._member(sid, namespace)
        if member is None:
            raise ValueError("sid is not connected to requested namespace")
        if sid != room and self._member(room, namespace) is not None:
            raise ValueError("cannot enter a sid room")
        self.rooms[namespace].setdefault(room, {})[sid] = member
        member.rooms.add(room)

    def leave_room(self, sid: str, namespace: str, room: str) -> None:
        inside = self.rooms.get(namespace, {}).get(room, {})
        member = inside.pop(sid, None)
        if member is not None:
            member.rooms.discard(room)
            if not inside:
                del self.rooms[namespace][room]

    def close_room(self, room: str, namespace: str) -> None:
        if self._member(room, namespace) is not None:
            raise ValueError("cannot close a sid room")
        for member in self._in(namespace, room):
            self.leave_room(member.sid, namespace, room)

    def get_rooms(self, sid: str, namespace: str) -> list[str]:
        member = self._member(sid, namespace)
        return [] if member is None else [sid, *sorted(member.rooms - {sid})]

    def get_participants(self, namespace: str, room: Any) -> Iterator[tuple[str, str]]:
        for member in self._in(namespace, room):
            yield member.sid, member.engine_sid

    def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: Any = None,
        skip_sid: Any = None,
        callback: Any = None,
        to: Any = None,
        **kwargs: Any,
    ) -> None:
        """Send to everybody in `room`; messages of one caller arrive in order."""
        if callback is not None:
            super().emit(event, data, namespace, room, skip_sid, callback, to, **kwargs)
            return
        skipped = skip_sid if isinstance(skip_sid, list) else [skip_sid]
        members = [member for member in self._in(namespace, to or room) if member.sid not in skipped]
        if not members:
            return
        arguments = list(data) if isinstance(data, tuple) else [] if data is None else [data]
        encoded = self.server.packet_class(
            packet.EVENT, namespace=namespace, data=[event, *arguments]
        ).encode()
        pieces = encoded if isinstance(encoded, list) else [encoded]
        self.encoded += 1
        with self._telling:
            self._tell(members, [engine_packet.Packet(engine_packet.MESSAGE, piece) for piece in pieces])

    def _tell(self, members: list[Member], packets: list[engine_packet.Packet]) -> None:
        frame = b"".join(frame_of(each) for each in packets)
        sockets = self.server.eio.sockets
        for start in range(0, len(members), AT_ONCE):
            if start:
                gevent.sleep(A_TURN)
            for member in members[start : start + AT_ONCE]:
                line = sockets.get(member.engine_sid)
                if type(line) is Connection:
                    line.outlet.write(frame)
                elif line is not None:
                    for each in packets:
                        self.server._send_eio_packet(member.engine_sid, each)
            self.delivered += len(members[start : start + AT_ONCE])

    def _member(self, sid: str | None, namespace: str) -> Member | None:
        everybody = self.rooms.get(namespace)
        return None if everybody is None or sid is None else everybody[None].get(sid)

    def _in(self, namespace: str, room: Any) -> list[Member]:
        """Return the members: all for None, one client for a sid, each once for several rooms."""
        rooms = self.rooms.get(namespace, {})
        if room is None or isinstance(room, str):
            inside = rooms.get(room)
            if inside is None:
                only = self._member(room, namespace)
                return [] if only is None else [only]
            return list(inside.values())
        several: Iterable[Member] = chain.from_iterable(self._in(namespace, each) for each in room)
        return list({member.sid: member for member in several}.values())
