"""Many who ask at about the same time are answered with one call: after a restart everybody comes back
at once, and asks the database the same."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.live.errors import TryAgain

Asked = TypeVar("Asked")
Told = TypeVar("Told")
GATHER_SECONDS = 0.02  # nobody notices, and a hall of 1,600 comes in by the hundred
PATIENCE_SECONDS = 10


class _Batch(Generic[Asked, Told]):
    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.told: Sequence[Told | RuleBroken] | None = None
        self.done = threading.Event()


class Together(Generic[Asked, Told]):
    """`answer_all(asked)` gets what was asked while the first of them waited a moment, and answers each
    in the same order: with what it wants to know, or with the refusal. It is called after everything in
    it was asked, so nobody gets an answer that is older than their question."""

    def __init__(self, answer_all: Callable[[list[Asked]], Sequence[Told | RuleBroken]]) -> None:
        self._answer_all = answer_all
        self._lock = threading.Lock()
        self._open: _Batch[Asked, Told] | None = None

    def ask(self, asked: Asked) -> Told:
        """Wait for the answer, in the caller's own thread. Raises the refusal, or TryAgain when the call
        failed; in an app context, since the first of a batch does the work for all."""
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
                self._open = None  # who comes from now on begins the next one
        try:
            batch.told = self._answer_all(batch.asked)
        finally:
            batch.done.set()
