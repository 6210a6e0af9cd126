"""Worker pool for CPU-bound work beside the event loop: two threads, bounded queues, load shedding when
full.

One loop serves everybody, so what computes for longer than a few milliseconds (Argon2, a PDF, a picture)
runs on a low-priority thread while the loop goes on. The libraries behind these release the GIL. Pure Python
(a spreadsheet) would hold it: that stays in the loop and yields, see `Breath`.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import gevent
import gevent.monkey
from flask import has_app_context
from gevent.lock import BoundedSemaphore
from gevent.threadpool import ThreadPool

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import Busy

Made = TypeVar("Made")
Row = TypeVar("Row")
AT_ONCE = 2  # threads, for all lanes together
LONGEST_WAIT = 15.0  # seconds in the queue; then Busy
BREATH = 0.004  # seconds of Python between two turns of the event loop
A_TURN = 0.0001  # seconds. With 0 only greenlets that are ready would run: no socket and no timer
NICE = 10  # nice value of the threads when the processors are all in use


class Lane:
    """Bounded queue for one kind of work: `at_once` run together and `most_waiting` wait (bulkhead).

    Separate lanes keep a pile of certificates from delaying logins.
    """

    def __init__(self, at_once: int, most_waiting: int) -> None:
        self._turns = BoundedSemaphore(at_once)
        self._most_waiting = most_waiting
        self.waiting = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a free slot and hold it. Raises Busy at once when the queue is full, or after
        LONGEST_WAIT."""
        if self.waiting >= self._most_waiting:
            raise Busy
        _release_connection()
        self.waiting += 1
        try:
            is_ours = self._turns.acquire(timeout=LONGEST_WAIT)
        finally:
            self.waiting -= 1
        if not is_ours:
            raise Busy
        try:
            yield
        finally:
            self._turns.release()

    def do(self, work: Callable[..., Made], *args: Any) -> Made:
        """Run `work(*args)`, which knows neither request nor database session, on a pool thread; without
        gevent inline. Re-raises its exceptions. Raises Busy as `turn` does."""
        with self.turn():
            if not gevent.monkey.is_module_patched("socket"):
                return work(*args)
            made: Made = pool().apply(work, args)
            return made


PASSWORDS = Lane(at_once=2, most_waiting=30)
PAPERS = Lane(at_once=1, most_waiting=30)
PICTURES = Lane(at_once=1, most_waiting=6)  # unpacking one picture takes 200 MB
TABLES = Lane(at_once=1, most_waiting=4)  # in the event loop, yielding

_pools: dict[int, ThreadPool] = {}


def pool() -> ThreadPool:
    """Return the AT_ONCE threads of this process, created at first use and so after a fork."""
    found = _pools.get(os.getpid())
    if found is None:
        _pools.clear()
        found = _pools[os.getpid()] = _LowPriorityPool(AT_ONCE)
    return found


class _LowPriorityPool(ThreadPool):
    """Threads with a raised nice value: on two processors both may be busy, and the event loop goes first."""

    def apply(self, func: Callable[..., Any], args: Any = None, kwds: Any = None) -> Any:
        return super().apply(_standing_back, (func, args or (), kwds or {}))


_niced = threading.local()


def _standing_back(func: Callable[..., Any], args: Any, kwds: Any) -> Any:
    if not getattr(_niced, "is_done", False):
        with suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, _native_id(), NICE)  # of this thread alone, on Linux
        _niced.is_done = True
    return func(*args, **kwds)


def _native_id() -> int:
    get_id: Callable[[], int] = gevent.monkey.get_original("threading", "get_native_id")
    return get_id()


def _release_connection() -> None:
    """Release the pooled connection and the write lock before waiting, so that a few waiting requests do not
    stop all others.

    Rows read before are read again on next use.
    """
    if not has_app_context():
        return
    if db.session.info.get("open"):
        raise RuntimeError("heavy work inside a transaction: do it before")
    db.session.rollback()


class Breath:
    """Cooperative yielding for loops of pure Python: lets the event loop run after every `BREATH` seconds of
    work.

    `over` iterates and yields; `take` yields once if it is time. Without gevent it does nothing.
    """

    def __init__(self) -> None:
        self._is_loop = gevent.monkey.is_module_patched("socket")
        self._since = time.perf_counter()

    def take(self) -> None:
        if self._is_loop and time.perf_counter() - self._since > BREATH:
            gevent.sleep(A_TURN)
            self._since = time.perf_counter()

    def over(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            yield row
            self.take()
