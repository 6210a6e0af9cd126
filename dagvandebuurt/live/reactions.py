"""Reactions (applause, hearts): aggregated and sent as counts once a tick. Not stored.

Each process sends its own listeners what it received. With several processes a room therefore sees its own
part of the applause, which is good enough for a mood.
"""

import time
from collections import Counter
from uuid import UUID

EACH_SECONDS = 1.0  # one per person per interval


class Reactions:
    """Reaction counts of each room since the last tick."""

    def __init__(self) -> None:
        self._gathered: dict[UUID, Counter[str]] = {}
        self._last: dict[tuple[UUID, UUID], float] = {}

    def add(self, room_id: UUID, person_id: UUID, kind: str) -> None:
        """Count one more, unless this person did so a moment ago."""
        now = time.monotonic()
        if now - self._last.get((room_id, person_id), -EACH_SECONDS) < EACH_SECONDS:
            return
        if len(self._last) > 10_000:
            self._last = {key: at for key, at in self._last.items() if now - at < EACH_SECONDS}
        self._last[room_id, person_id] = now
        self._gathered.setdefault(room_id, Counter())[kind] += 1

    def take(self) -> dict[UUID, dict[str, int]]:
        """Return the counts and reset them."""
        gathered, self._gathered = self._gathered, {}
        return {room_id: dict(counts) for room_id, counts in gathered.items()}
