"""Lost rights reach open sockets: the one thing that travels to connections that ask for nothing.

Who somebody is was settled at connecting. Every process asks every two seconds whose rights changed,
by the same kind of counter that orders the writes of a room, and acts on its own sockets: a login that
ended is disconnected, a changed role moves between hall and desk. No message needs to arrive anywhere
(ASVS 7.4.1, 8.3.2; CVE-2025-62175 is what happens without).
"""

import logging
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from dagvandebuurt.core.db import db, reserved
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.live import admission, restore_detection
from dagvandebuurt.live.audiences import NAMESPACE
from dagvandebuurt.live.connections import Listener

if TYPE_CHECKING:
    from dagvandebuurt.live.runtime import Live

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
# A socket that was connecting while its rights changed is found by looking back this far.
LOOK_BACK_SECONDS = 10.0


class Rights(Protocol):
    """What the room that knows people tells about rights."""

    def revision(self) -> int:
        """A counter that rises, in the order of commits, whenever somebody's rights change."""
        ...

    def changed_since(self, revision: int) -> set[UUID]:
        """Whose rights changed after `revision`."""
        ...

    def again(self, actor: Any) -> Any:
        """Who is behind this login now; None once it has ended."""
        ...


_rights: list[Rights] = []


def tells_rights(rights: Rights) -> None:
    """The room that knows people signs up here."""
    _rights[:] = [rights]


class Watch:
    """Looks whose rights changed, and acts on the sockets of this process."""

    def __init__(self, live: "Live") -> None:
        self._live = live
        self._seen: deque[tuple[float, int]] = deque()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        self._seen = deque([(time.monotonic(), 0)])  # sockets that open before the first look count too
        self._thread = threading.Thread(target=self._run, name="live-rights", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(10)
            self._thread = None

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                with self._live.app.app_context(), reserved():
                    self.look()
            except Exception as failure:  # the database may be away: the next look sees the same
                logger.warning("rights could not be looked at: %s", type(failure).__name__)

    def look(self) -> None:
        """Act on every change of the last seconds. Acting twice on one changes nothing."""
        if not _rights:
            return
        now, revision = time.monotonic(), _rights[0].revision()
        if self._seen and revision < self._seen[-1][1]:
            self._look_at_everybody()
            self._seen.clear()
            restore_detection.begin_anew()
        self._seen.append((now, revision))
        while len(self._seen) > 1 and self._seen[1][0] <= now - LOOK_BACK_SECONDS:
            self._seen.popleft()
        since = self._seen[0][1]
        if since == revision:
            return
        here = set(self._live.listeners.people())
        for person_id in _rights[0].changed_since(since) & here:
            for listener in self._live.listeners.of_person(person_id):
                self._settle(listener)
        db.session.rollback()

    def _look_at_everybody(self) -> None:
        """The counter went back: the database was put back, and whose rights changed is not to be found by
        it. Who stands here is asked about one by one."""
        for person_id in set(self._live.listeners.people()):
            for listener in self._live.listeners.of_person(person_id):
                self._settle(listener)
            time.sleep(0)

    def _settle(self, listener: Listener) -> None:
        actor = _rights[0].again(listener.actor)
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
                # Out first: nothing more is heard here. The page comes in again, as what it may be now.
                self._live.leave(listener, room_id)
        self._live.server.emit("rights:changed", {}, to=listener.sid, namespace=NAMESPACE)
