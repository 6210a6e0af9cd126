"""Heavy work beside the event loop: at most two pieces at once, a bounded queue, and a clear no when it is full.

One loop serves everybody, so what computes for longer than a few milliseconds (Argon2, a PDF, a picture) is
done on a thread of low priority while the loop goes on. The libraries behind these release the GIL. What is
Python alone (a spreadsheet) would hold it: that stays in the loop and breathes, see `Breath`.
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
BREATH = 0.004  # seconds of Python between two turns of the loop
A_TURN = 0.0001  # seconds. With 0 only greenlets that could run already would: no socket and no timer
NICE = 10  # how far the threads stand back when the processors are all in use


class Lane:
    """One kind of heavy work: `at_once` pieces of it are done together and `most_waiting` wait.

    A lane of its own keeps a pile of certificates from standing between people and their password.
    """

    def __init__(self, at_once: int, most_waiting: int) -> None:
        self._turns = BoundedSemaphore(at_once)
        self._most_waiting = most_waiting
        self.waiting = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and have it. Raises Busy at once where too many wait, or after LONGEST_WAIT."""
        if self.waiting >= self._most_waiting:
            raise Busy
        _give_connection_back()
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
        """`work(*args)`, which knows neither request nor database session, on a thread of the pool; without
        gevent here and now. What it raises is raised. Raises Busy as `turn` does."""
        with self.turn():
            if not gevent.monkey.is_module_patched("socket"):
                return work(*args)
            made: Made = pool().apply(work, args)
            return made


PASSWORDS = Lane(at_once=2, most_waiting=30)
PAPERS = Lane(at_once=1, most_waiting=30)
PICTURES = Lane(at_once=1, most_waiting=6)  # one unpacked takes 200 MB
TABLES = Lane(at_once=1, most_waiting=4)  # in the loop, with breath

_pools: dict[int, ThreadPool] = {}


def pool() -> ThreadPool:
    """The threads of this process, AT_ONCE of them; made at first use, and so after a fork."""
    found = _pools.get(os.getpid())
    if found is None:
        _pools.clear()
        found = _pools[os.getpid()] = _Modest(AT_ONCE)
    return found


class _Modest(ThreadPool):  # type: ignore[misc]
    """Threads that stand back: on a machine with two processors both may be at work, and the loop goes first."""

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


def _give_connection_back() -> None:
    """Nobody waits while holding a connection of the pool or the write lock, or a few who wait stop everybody.

    What was read before is read anew when it is next looked at.
    """
    if not has_app_context():
        return
    if db.session.info.get("open"):
        raise RuntimeError("heavy work inside a transaction: do it before")
    db.session.rollback()


class Breath:
    """Lets the loop have its turn whenever `BREATH` seconds were worked: for loops of pure Python.

    `over` walks through rows, breathing; `take` breathes once, if it is time. Without gevent it does nothing.
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
