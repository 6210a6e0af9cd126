"""Group commit: one writer per process executes the queued writes in one transaction.

A disk makes hundreds of commits a second, or one commit of hundreds of writes. A single write is executed at
once; under load each commit lets the next ones gather for a moment.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import nullcontext

from flask import Flask, has_app_context

from dagvandebuurt.core.background import BackgroundThread
from dagvandebuurt.core.db import close_reserved, reserved
from dagvandebuurt.live import writes
from dagvandebuurt.live.errors import TryAgain
from dagvandebuurt.live.writes import Outcome, Write

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 500
CROWD = 4  # writes in one batch
GATHER_SECONDS = 0.015
PATIENCE_SECONDS = 10.0  # longest wait for an outcome; then the same write may be sent again


class _Waiting:
    """Queued write whose sender waits for the outcome."""

    __slots__ = ("abandoned", "done", "outcome", "write")

    def __init__(self, write: Write) -> None:
        self.write = write
        self.outcome: Outcome = {}
        self.done = threading.Event()
        self.abandoned = False


class Writer:
    """Group-commit writer. Call `start` once in a serving process; without it every write is executed at
    once, alone."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._queue: deque[_Waiting] = deque()
        self._wake = threading.Event()
        self._thread = BackgroundThread("live-writer", self._run, wakes=self._wake)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish the queued writes, then end."""
        self._thread.stop()
        close_reserved(self._app)

    def do(self, write: Write) -> Outcome:
        """Wait until `write` is committed or refused, and return its outcome.

        After PATIENCE_SECONDS the outcome is `live.try_again`. A write that was still queued is then not
        executed; one in progress may be committed all the same, and sending it again under its operation id
        returns the stored outcome. The caller may hold no connection and no lock.
        """
        if (
            not self._thread.is_running
        ):  # in a command, or at the very end of a worker: a socket has no context
            with nullcontext() if has_app_context() else self._app.app_context():
                return writes.execute([write])[0]
        waiting = _Waiting(write)
        self._queue.append(waiting)
        self._wake.set()
        if not waiting.done.wait(PATIENCE_SECONDS):
            waiting.abandoned = True
            logger.warning("a live write waited %d seconds in vain", PATIENCE_SECONDS)
            return writes.refusal(TryAgain(), write.actor.language)
        return waiting.outcome

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._queue:
                arrived = [self._queue.popleft() for _ in range(min(len(self._queue), MOST_AT_ONCE))]
                batch = [waiting for waiting in arrived if not waiting.abandoned]
                if batch:
                    self._execute(batch)
                # Under gevent nothing else ran meanwhile: answer the senders, let new writes arrive.
                time.sleep(GATHER_SECONDS if len(batch) >= CROWD and not self._thread.is_stopping else 0)
            if self._thread.is_stopping:
                return

    def _execute(self, batch: Sequence[_Waiting]) -> None:
        try:
            with self._app.app_context(), reserved():
                outcomes = writes.execute([waiting.write for waiting in batch])
        except Exception:
            # Nothing of it was stored. Whatever happened, every sender gets an answer and the writer goes on.
            logger.exception("a batch of %d live writes failed", len(batch))
            outcomes = [writes.refusal(TryAgain()) for _ in batch]
        for waiting, outcome in zip(batch, outcomes, strict=True):
            waiting.outcome = outcome
            waiting.done.set()
