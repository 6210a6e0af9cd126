"""Permission revocation for open WebSockets: poll a revision counter every 2 s; disconnect or re-admit.

Sockets are authenticated when they connect. Every process asks every two seconds whose permissions changed,
by the same kind of counter that orders the writes of a room, and acts on its own sockets: an ended login is
disconnected, a changed role moves between hall and desk. No message needs to arrive anywhere (ASVS 7.4.1,
8.3.2; CVE-2025-62175 is what happens without).
"""

import logging
import time
from collections import deque
from typing import TYPE_CHECKING

from dagvandebuurt.core.background import BackgroundThread
from dagvandebuurt.core.db import db, reserved
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.live import admission, restore_detection
from dagvandebuurt.live.audiences import NAMESPACE
from dagvandebuurt.live.connections import Listener
from dagvandebuurt.live.provider import provider

if TYPE_CHECKING:
    from dagvandebuurt.live.runtime import Live

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
# Look back this far, to find a socket that was connecting while its permissions changed.
LOOK_BACK_SECONDS = 10.0


class RevocationWatch:
    """Background thread that polls for changed permissions and acts on the sockets of this process."""

    def __init__(self, live: "Live") -> None:
        self._live = live
        self._seen: deque[tuple[float, int]] = deque()
        self._thread = BackgroundThread("live-rights", self._run)

    def start(self) -> None:
        self._seen = deque([(time.monotonic(), 0)])  # sockets that open before the first poll count too
        self._thread.start()

    def stop(self) -> None:
        self._thread.stop()

    def _run(self) -> None:
        while not self._thread.pause(LOOK_SECONDS):
            try:
                with self._live.app.app_context(), reserved():
                    self.look()
            except Exception as failure:  # the database may be away: the next poll sees the same
                logger.warning("rights could not be looked at: %s", type(failure).__name__)

    def look(self) -> None:
        """Act on every change of the last seconds. Idempotent."""
        now, revision = time.monotonic(), provider().rights_revision()
        if self._seen and revision < self._seen[-1][1]:
            self._look_at_everybody()
            self._seen.clear()
            restore_detection.new_epochs()
        self._seen.append((now, revision))
        while len(self._seen) > 1 and self._seen[1][0] <= now - LOOK_BACK_SECONDS:
            self._seen.popleft()
        since = self._seen[0][1]
        if since == revision:
            return
        here = set(self._live.listeners.people())
        for person_id in provider().rights_changed_since(since) & here:
            for listener in self._live.listeners.of_person(person_id):
                self._settle(listener)
        db.session.rollback()

    def _look_at_everybody(self) -> None:
        """Check all connected people one by one, after a restore: the counter went back and cannot tell."""
        for person_id in set(self._live.listeners.people()):
            for listener in self._live.listeners.of_person(person_id):
                self._settle(listener)
            time.sleep(0)

    def _settle(self, listener: Listener) -> None:
        actor = provider().actor_now(listener.actor)
        if actor is None:
            self._live.server.disconnect(listener.sid, namespace=NAMESPACE)
            return
        if actor == listener.actor:
            return
        listener.actor = actor
        for room_id, entry in list(listener.rooms.items()):
            try:
                audience = admission.admit(actor, room_id).audience
            except RuleBroken:
                audience = None
            if audience is not entry.audience:
                # Remove it first, so that nothing more is received. The page then re-enters.
                self._live.leave(listener, room_id)
        self._live.server.emit("rights:changed", {}, to=listener.sid, namespace=NAMESPACE)
