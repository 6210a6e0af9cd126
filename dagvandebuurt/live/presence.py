"""Presence heartbeats: who is in a room now. A section decides what attendance means.

An end is never recorded: a person without heartbeats was last there at the last one. So nothing has to be
closed, not by a goodbye (which anybody can forge) and not after a crash.
"""

import logging
import threading
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from flask import Flask

from dagvandebuurt.core import clock
from dagvandebuurt.core.background import BackgroundThread
from dagvandebuurt.core.db import reserved
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.provider import Beat, provider

logger = logging.getLogger(__name__)

BEAT_SECONDS = 30
STILL_HERE = timedelta(seconds=90)
FLUSH_SECONDS = 1.0  # longest time in the buffer: what a kill can lose
AGAIN_SECONDS = 5.0  # pause after a failed flush


class Presence:
    """Heartbeat buffer: gathers and stores them with one statement, FLUSH_SECONDS after the first."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._beats: dict[tuple[UUID, UUID], Beat] = {}
        self._waiting: Counter[UUID] = Counter()  # people and readers in `_beats`: read for every arrival
        self._present: dict[UUID, int] = {}
        self._due = threading.Event()  # the buffer is not empty
        self._thread = BackgroundThread("live-presence", self._run, wakes=self._due)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._thread.stop()

    def beat(self, room_id: UUID, person_id: UUID | None, reader: UUID | None = None) -> None:
        """Record a heartbeat, with its own moment and not that of its storing: of a person, or else of the
        browser that `reader` names. A visitor with neither is not counted; with both they count once, from
        now on as the person.
        """
        visitor = person_id or reader
        if visitor is None:
            return
        if (room_id, visitor) not in self._beats:
            self._waiting[room_id] += 1
        before = self._beats.get((room_id, visitor))
        reader = reader or (before.reader if before else None)
        self._beats[room_id, visitor] = Beat(room_id, person_id, clock.now(), reader)
        self._due.set()
        if not self._thread.is_running:
            self.flush()

    def present(self, room_id: UUID) -> int:
        """Return the number of people seen in the last 90 seconds, as of the last count, plus unsaved
        arrivals."""
        return max(self._present.get(room_id, 0), self._waiting.get(room_id, 0))

    def count(self, room_ids: Iterable[UUID]) -> None:
        """Count again. Needs an app context."""
        since = clock.now() - STILL_HERE
        self._present = {room_id: provider().count_present(room_id, since) for room_id in room_ids}

    def count_now(self, room_id: UUID) -> int:
        """Count in the database how many people are here. Needs an app context."""
        since = clock.now() - STILL_HERE
        self._present[room_id] = provider().count_present(room_id, since)
        return self.present(room_id)

    def count_named(self, room_id: UUID) -> int:
        """Count in the database the people here who gave a name, and so can ask. Needs an app context."""
        return provider().count_present(room_id, clock.now() - STILL_HERE, named=True)

    def flush(self) -> None:
        """Store the gathered heartbeats. Those that fail are gathered again."""
        beats, self._beats = self._beats, {}
        self._waiting = Counter()
        if not beats:
            return
        try:
            with self._app.app_context(), reserved(), transaction():
                provider().keep_beats(beats.values())
        except Exception:
            self._beats = {**beats, **self._beats}
            self._waiting = Counter(room_id for room_id, _ in self._beats)
            raise

    def _run(self) -> None:
        while self._due.wait() and not self._thread.pause(FLUSH_SECONDS):
            self._due.clear()
            try:
                self.flush()
            except Exception as failure:
                logger.warning("beats wait: %s", type(failure).__name__)
                self._due.set()
                self._thread.pause(AGAIN_SECONDS)
        try:
            self.flush()
        except Exception as failure:
            logger.warning("last beats lost: %s", type(failure).__name__)
