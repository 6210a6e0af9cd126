"""Provider of the live rooms: what the live core asks about people and rooms, which it does not know itself.

The app hands one to `runtime.init_app` when it starts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from flask import Request, current_app

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.live.audiences import Audience


@dataclass(frozen=True)
class Admission:
    """Granted admission. `info` is what everybody inside may know about the room itself."""

    room_id: UUID
    audience: Audience
    info: dict[str, Any]


@dataclass(frozen=True)
class Beat:
    """Heartbeat: a person was in the room at `at`; or a reader without a name, known by their browser alone.
    With both, the reader of that browser gave a name.
    """

    room_id: UUID
    person_id: UUID | None
    at: datetime
    reader: UUID | None = None


class LiveRoomProvider(Protocol):
    """Authentication, admission, presence and permission changes. All of it needs an app context."""

    def who_is(self, request: Request, token: str) -> Any:
        """Authenticate a handshake and return its actor.

        The token was printed in the page, so a foreign site that opens a socket does not have it (cross-site
        WebSocket hijacking, CVE-2019-13611). Raises NotAllowed for a wrong one.
        """
        ...

    def admit_all(self, actors: Sequence[Any], room_id: UUID) -> Sequence[Admission | RuleBroken] | None:
        """Decide for each of these people whether they may enter a live room, or why not; None for a room that
        is not there."""
        ...

    def rooms_as_they_are(self, room_ids: Sequence[UUID]) -> Mapping[UUID, dict[str, Any]]:
        """Return the public state of rooms: whether and when they end.

        It is called with every tick, so that no change of it needs a notification of its own.
        """
        ...

    def keep_beats(self, beats: Iterable[Beat]) -> None:
        """Store heartbeats, the newest of each person. Called in a transaction."""
        ...

    def count_present(self, room_id: UUID, since: datetime, *, named: bool = False) -> int:
        """Count the people in a room since a moment, across all processes. `named`: without the readers."""
        ...

    def rights_revision(self) -> int:
        """Return a counter that rises, in the order of commits, whenever permissions of a person change."""
        ...

    def rights_changed_since(self, revision: int) -> set[UUID]:
        """Return the people whose permissions changed after `revision`."""
        ...

    def actor_now(self, actor: Any) -> Any:
        """Return the current actor of this login; None once it has ended."""
        ...


def provider() -> LiveRoomProvider:
    """Return the provider of the running app."""
    found: LiveRoomProvider = current_app.extensions["live_rooms"]
    return found
