"""Pump: broadcasts committed changes from the database to the local sockets; the only sender of messages.

It wakes on a local commit, on a wake-up from another process, and in any case every second; waits a moment
to batch; reads once what changed in each room with local listeners; and sends to its own clients only. If
every message were lost, the next tick would still bring all clients up to date.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from flask import Flask

from dagvandebuurt.core.background import BackgroundThread
from dagvandebuurt.core.db import reserved
from dagvandebuurt.core.metrics import ACKNOWLEDGED, BROADCAST, TURNED
from dagvandebuurt.live import admission, items, restore_detection
from dagvandebuurt.live.audiences import Audience, name_of, own
from dagvandebuurt.live.connections import Listeners
from dagvandebuurt.live.hooks import database_restored
from dagvandebuurt.live.items import State
from dagvandebuurt.live.presence import Presence
from dagvandebuurt.live.reactions import Reactions
from dagvandebuurt.live.restore_detection import Mark

logger = logging.getLogger(__name__)

Send = Callable[[str, Any, str], None]  # event, payload, Socket.IO room
CLOCK_SECONDS = 1.0
TICK_SECONDS = 5.0
FRESH_SECONDS = 3.0  # how long the last broadcast counts as up to date


@dataclass
class Delivered:
    """Broadcast state of a room: the revision of the database, and the one each audience has reached."""

    state: State
    audiences: dict[Audience, int]


class Pump:
    """Broadcaster, one per process. `send` delivers to local clients only."""

    def __init__(
        self,
        app: Flask,
        listeners: Listeners,
        send: Send,
        presence: Presence,
        reactions: Reactions,
        mark: Mark,
        *,
        gather_seconds: float,
        measure: Callable[[], None],
    ) -> None:
        self._app, self._listeners, self._send, self._presence = app, listeners, send, presence
        self._reactions, self.mark = reactions, mark
        self._gather, self._measure = gather_seconds, measure
        self._sent: dict[UUID, Delivered] = {}
        self._wake = threading.Event()
        self._thread = BackgroundThread("live-pump", self._run, wakes=self._wake)
        self._ticked = 0.0
        self._rooms: Mapping[UUID, dict[str, Any]] = {}  # as of the last tick
        self._woken: float | None = None  # when the first commit since the last turn was
        self._turned: float | None = None  # when the last turn ended; None during one

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._thread.stop()

    def wake(self) -> None:
        """Request a turn soon. Never blocks and never fails."""
        if self._woken is None:
            self._woken = time.monotonic()
        self._wake.set()

    def _run(self) -> None:
        while not self._thread.is_stopping:
            if self._wake.wait(CLOCK_SECONDS):
                time.sleep(self._gather)
            self._wake.clear()
            woken, self._woken = self._woken, None
            try:
                with self._app.app_context(), reserved():
                    self.turn()
                    self._measure()
                    ACKNOWLEDGED.publish()
                    TURNED.labels("pump").set_to_current_time()
                    if woken is not None:
                        BROADCAST.observe(time.monotonic() - woken)
            except Exception as failure:  # the database may be away: the next turn sends the same
                logger.warning("the pump missed a turn: %s", type(failure).__name__)

    def turn(self) -> None:
        """Send to each room with local listeners what changed since the last turn."""
        self._turned = None
        rooms = self._listeners.rooms()
        self._tell_reactions()
        for forgotten in set(self._sent) - set(rooms):
            del self._sent[forgotten]
        due = time.monotonic() - self._ticked >= TICK_SECONDS
        if due:
            self._ticked = time.monotonic()
            self._presence.count(rooms)
            self._rooms = admission.rooms_as_they_are(rooms)
        for room_id, state in (items.states_of(rooms) if rooms else {}).items():
            sent = self._sent.get(room_id)
            if sent is not None and sent.state.epoch != state.epoch:
                database_restored()  # another process noticed, or an operator ran `restored`
            if sent is None or sent.state.epoch != state.epoch:
                sent = self._sent[room_id] = self._begin(room_id, state)
                self._tick(room_id, sent)
            elif state.revision < sent.state.revision:
                return self._begin_anew()
            elif sent.state != state:
                self._tell(room_id, sent, state)
            if due:
                self._tick(room_id, sent)
            self.mark.note(room_id, state.revision)
        self.mark.keep()
        self._turned = time.monotonic()

    def told(self, room_id: UUID, state: State | None = None) -> Delivered | None:
        """Return what the room was sent, if that is up to date; None: ask the database.

        It is when the last turn was just now and nothing was committed since, or when the room is known to
        be at `state`.
        """
        told = self._sent.get(room_id)
        if told is None or self._turned is None:
            return None
        if state is not None:
            return told if told.state == state else None
        is_fresh = time.monotonic() - self._turned < FRESH_SECONDS
        return told if is_fresh and not self._wake.is_set() else None

    def _begin_anew(self) -> None:
        """Start a new epoch for every room: the database is behind what was sent, so it was restored."""
        logger.warning("the database is behind what was told: every room begins anew")
        restore_detection.new_epochs()
        self.mark.clear()
        self._wake.set()

    def _begin(self, room_id: UUID, state: State) -> Delivered:
        """Start with a room this process sent nothing of yet.

        Its clients have a snapshot of some revision: a tick makes them ask for the rest, and their own items
        are sent again, for no tick mentions those.
        """
        changes = items.changes_since(room_id, items.FIRST_REVISION, state)
        self._tell_own(room_id, state, changes)
        public = items.told_to(Audience.HALL, changes.hall, since=0, state=state)
        return Delivered(state, {Audience.DESK: state.revision, Audience.HALL: public})

    def _tell_reactions(self) -> None:
        for room_id, counts in self._reactions.take().items():
            for audience in self._audiences(room_id):
                told = {"session": str(room_id), **counts}
                self._send("session:reactions", told, name_of(room_id, audience))

    def _tell(self, room_id: UUID, sent: Delivered, state: State) -> None:
        changes = items.changes_since(room_id, sent.state.revision, state)
        frame = {"session": str(room_id), "epoch": state.epoch}
        for audience in self._audiences(room_id):
            found = changes.of(audience)
            if found:  # to the others, a change for moderators only is not even visible as activity
                known = sent.audiences[audience]
                to = items.told_to(audience, found, since=known, state=state)
                told = {**frame, "from": known, "to": to, "items": _bytes(found)}
                self._send("session:changes", told, name_of(room_id, audience))
                sent.audiences[audience] = to
        self._tell_own(room_id, state, changes)
        sent.state = state

    def _tell_own(self, room_id: UUID, state: State, changes: items.Changes) -> None:
        frame = {"session": str(room_id), "epoch": state.epoch}
        here_now = [each for each in changes.people if self._listeners.of_person(each)]
        for person_id, own_items in changes.own_of(here_now).items():
            here = [listener.rooms.get(room_id) for listener in self._listeners.of_person(person_id)]
            for key in {entry.author_key for entry in here if entry is not None}:
                if key is not None:
                    self._send("session:mine", {**frame, "items": own_items}, own(room_id, key))

    def _tick(self, room_id: UUID, sent: Delivered) -> None:
        for audience in self._audiences(room_id):
            tick = {
                "session": str(room_id),
                "epoch": sent.state.epoch,
                "to": sent.audiences[audience],
                "present": self._presence.present(room_id),
            }
            if room_id in self._rooms:
                tick["room"] = self._rooms[room_id]
            self._send("session:tick", tick, name_of(room_id, audience))

    def _audiences(self, room_id: UUID) -> Iterable[Audience]:
        return sorted({entry.audience for entry in self._listeners.inside(room_id).values()})


def _bytes(found: list[items.Item]) -> orjson.Fragment:
    return orjson.Fragment(orjson.dumps(found))
