"""Request coalescing: concurrent calls share one batch query, because after a restart every client
reconnects at once."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.live.errors import TryAgain

Asked = TypeVar("Asked")
Told = TypeVar("Told")
GATHER_SECONDS = 0.02  # too short to notice, yet a hall of 1,600 enters by the hundred
PATIENCE_SECONDS = 10


class _Batch(Generic[Asked, Told]):
    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.told: Sequence[Told | RuleBroken] | None = None
        self.done = threading.Event()


class Batcher(Generic[Asked, Told]):
    """Request coalescer (DataLoader).

    `answer_all(asked)` gets the calls that arrived in a short window and returns a result or a refusal for
    each, in order. It starts after every call of its batch, so no result is older than its call.
    """

    def __init__(self, answer_all: Callable[[list[Asked]], Sequence[Told | RuleBroken]]) -> None:
        self._answer_all = answer_all
        self._lock = threading.Lock()
        self._open: _Batch[Asked, Told] | None = None

    def ask(self, asked: Asked) -> Told:
        """Wait for the result in the caller's own thread.

        Raises the refusal, or TryAgain when the batch failed. Needs an app context, since the first caller
        of a batch runs it.
        """
        with self._lock:
            is_first = self._open is None
            batch = self._open = self._open or _Batch()
            place = len(batch.asked)
            batch.asked.append(asked)
        if is_first:
            self._lead(batch)
        elif not batch.done.wait(PATIENCE_SECONDS):
            raise TryAgain
        if batch.told is None:
            raise TryAgain
        told = batch.told[place]
        if isinstance(told, RuleBroken):
            raise told
        return told

    def _lead(self, batch: _Batch[Asked, Told]) -> None:
        try:
            time.sleep(GATHER_SECONDS)
        finally:
            with self._lock:
                self._open = None  # later calls begin the next batch
        try:
            batch.told = self._answer_all(batch.asked)
        finally:
            batch.done.set()
