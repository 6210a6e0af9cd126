"""Reactions (applause, hearts): aggregated and sent as counts once a tick. Not stored.

Each process sends its own listeners what it received, and tells the other processes its counts over the
channel of the wake-ups (`live.wakeups.Wakeups.mention`). Nothing is said while nobody reacts. A message may
be lost, so the counts are approximate: they tell a mood, they count no votes. Without such a channel
(SQLite) there is one process, and it has them all.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from uuid import UUID

EACH_SECONDS = 1.0  # one per person per interval
KINDS = ("applause", "heart")
MOST = 9_999  # of one kind in one message: whatever is said, a screen has room for four digits
TOPIC = re.compile(r"reactions:([0-9a-f]{32})((?::[a-z]+=[0-9]{1,4})+)", re.ASCII)


class Reactions:
    """Reaction counts of each room since the last tick. `tell_others` hears of each tick what came in here."""

    def __init__(self, tell_others: Callable[[str], None] = lambda topic: None) -> None:
        self._tell_others = tell_others
        self._gathered: dict[UUID, Counter[str]] = {}
        self._heard: dict[UUID, Counter[str]] = {}
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

    def hear(self, topic: str) -> bool:
        """Add what another process told. Return whether this topic is about reactions. Never raises."""
        found = TOPIC.fullmatch(topic)
        if found is None:
            return False
        counts = self._heard.setdefault(UUID(found[1]), Counter())
        for each in found[2].split(":")[1:]:
            kind, number = each.split("=")
            if kind in KINDS:
                counts[kind] += int(number)
        return True

    def take(self) -> dict[UUID, dict[str, int]]:
        """Return the counts and reset them. The other processes are told those of this one."""
        together, self._gathered = self._gathered, {}
        heard, self._heard = self._heard, {}
        for room_id, counts in together.items():
            self._tell_others(_topic(room_id, counts))
        for room_id, counts in heard.items():
            together.setdefault(room_id, Counter()).update(counts)
        return {room_id: dict(counts) for room_id, counts in together.items()}


def _topic(room_id: UUID, counts: Mapping[str, int]) -> str:
    told = (f"{kind}={min(number, MOST)}" for kind, number in counts.items())
    return ":".join([f"reactions:{room_id.hex}", *told])
