"""In-process live core without sockets: every socket is a list of what it would have received.

Dispatch, rooms, pump and audiences are the real ones; only the Socket.IO server below them is replaced.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from dagvandebuurt.live import dispatch
from dagvandebuurt.live.connections import Listener
from dagvandebuurt.live.rate_limit import TokenBuckets
from dagvandebuurt.live.runtime import Json


class Inside:
    """`app` with its live core; `come` opens a socket, `look` runs the pump."""

    def __init__(self, app, monkeypatch):
        self.app, self.core = app, app.extensions["live"]
        self.rooms = defaultdict(set)
        self.seats = {}
        self.core.pace = TokenBuckets(10**9, 1)
        for name in ("enter_room", "leave_room", "emit"):
            monkeypatch.setattr(self.core.server, name, getattr(self, f"_{name}"))

    def come(self, actor):
        seat = Seat(self, self.core.listeners.arrive(uuid4().hex, actor))
        self.seats[seat.listener.sid] = seat
        return seat

    def look(self, *, tick=False):
        """Run one turn of the pump. With a tick when asked, else as the clock says."""
        self.core.pump._ticked = float("-inf") if tick else float("inf")
        with self.app.app_context():
            self.core.pump.turn()

    def _enter_room(self, sid, room, namespace=None):
        self.rooms[room].add(sid)

    def _leave_room(self, sid, room, namespace=None):
        self.rooms[room].discard(sid)

    def _emit(self, event, payload, to=None, room=None, namespace=None):
        sids = {to} if to else self.rooms[room]
        told = Json.dumps(payload)
        for sid in sids:
            self.seats[sid].frames.append((event, json.loads(told)))


@dataclass(eq=False)
class Seat:
    """One socket. `frames` is what it received and has not read yet, `wire` all that it ever received."""

    inside: Inside
    listener: Listener
    frames: list[tuple[str, Any]] = field(default_factory=list)
    wire: str = ""

    def call(self, event, **message):
        with self.inside.app.app_context():  # no writer runs: writes execute at once
            outcome = dispatch.answer(self.inside.core, self.listener, event, (message,))
        answer = json.loads(Json.dumps(outcome))
        self.wire += json.dumps(answer, ensure_ascii=False)
        return answer

    def read(self):
        """What was received since the last call."""
        frames, self.frames = self.frames, []
        self.wire += json.dumps(frames, ensure_ascii=False)
        return frames

    def go(self):
        self.inside.core.listeners.depart(self.listener.sid)
        for sids in self.inside.rooms.values():
            sids.discard(self.listener.sid)
