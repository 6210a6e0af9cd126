"""Job runner: the process with the lease runs the jobs, the others stand by.

Jobs of one lane run one after another, those of different lanes concurrently, so that a slow mail server
holds up no poll. There is no queue: whether a job is wanted is one bit, and its work stands in the database.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import gevent
import gevent.monkey
from flask import Flask

from dagvandebuurt.core import clock
from dagvandebuurt.core.background import BackgroundThread
from dagvandebuurt.core.db import db
from dagvandebuurt.parts.jobs import runs
from dagvandebuurt.parts.jobs.lease import Lease
from dagvandebuurt.parts.jobs.schedule import was_due

logger = logging.getLogger(__name__)
HANGS = 10  # terms of the lease without a heartbeat of a job: two minutes
RENEWS = 4  # renewals in a term
TURNS = 6  # checks of the lease in a term, by a stand-by
LISTENS = 1.0  # seconds between polls for wake-ups from other processes
GOODBYE = 3.0  # seconds for running jobs when the process ends
_lane: ContextVar["Lane | None"] = ContextVar("lane", default=None)


class TermOver(BaseException):
    """Loss of the lease: another process goes on with the rest. Not an Exception, so that no job handles it
    as a failure of its own."""


class Lane:
    """Jobs that run one after another, for as long as this process has the lease."""

    def __init__(self, name: str, term: "Term") -> None:
        self.name, self._term = name, term
        self.wanted: set[str] = set()
        self.calls = threading.Event()
        self.job: str | None = None
        self.alive_at = time.monotonic()
        self.greenlet: Any = None
        self.thread = threading.Thread(target=self._work, daemon=True, name=f"jobs-{name}")

    def want(self, job: str) -> None:
        self.wanted.add(job)
        self.calls.set()

    def beat(self) -> None:
        """Record that the running job is alive. Raises TermOver when it must stop here."""
        self.alive_at = time.monotonic()
        if not self._term.goes_on:
            raise TermOver

    def hangs(self, seconds: float) -> bool:
        return self.job is not None and time.monotonic() - self.alive_at > seconds

    def end(self) -> None:
        """Stop a hanging job. A greenlet is killed; a thread cannot be, and is abandoned."""
        if self.greenlet is not None and self.job is not None:
            gevent.kill(self.greenlet, block=False)

    def _work(self) -> None:
        if gevent.monkey.is_module_patched("threading"):
            self.greenlet = gevent.getcurrent()
        _lane.set(self)
        while self._term.goes_on:
            self.calls.wait(LISTENS)
            self.calls.clear()
            while self.wanted and self._term.goes_on:
                self._run(self.wanted.pop())

    def _run(self, job: str) -> None:
        self.job, self.alive_at = job, time.monotonic()
        try:
            self._term.run(job)
        except TermOver:
            logger.info("%s goes on in another process", job)
        finally:
            self.job = None


class Term:
    """Period of running the jobs, from taking the lease to losing it."""

    def __init__(self, run: Callable[[str], None], lanes: Mapping[str, str], is_mine: Callable[[], bool]):
        self.run = run
        self._is_mine, self._over = is_mine, False
        self._lane_of = lanes
        self.lanes = {name: Lane(name, self) for name in sorted(set(lanes.values()))}
        self.looked_at: datetime = clock.now()

    @property
    def goes_on(self) -> bool:
        return not self._over and self._is_mine()

    @property
    def is_whole(self) -> bool:
        return all(lane.thread.is_alive() for lane in self.lanes.values())

    def start(self) -> None:
        for lane in self.lanes.values():
            lane.thread.start()

    def want(self, job: str) -> None:
        self.lanes[self._lane_of[job]].want(job)

    def stop(self) -> None:
        self._over = True
        for lane in self.lanes.values():
            lane.calls.set()

    def hanging(self, seconds: float) -> list[str]:
        return [lane.job for lane in self.lanes.values() if lane.hangs(seconds) and lane.job is not None]


class Runner:
    """Job runner of a process: owner or stand-by."""

    def __init__(
        self,
        app: Flask,
        jobs: Mapping[str, tuple[Callable[[Flask], Any], Mapping[str, str], str]],
        failures: Callable[[], dict[str, int]],
    ) -> None:
        self._app, self._jobs, self._failures = app, jobs, failures
        self.lease = Lease(app.config["JOBS_LEASE_SECONDS"])
        self.term: Term | None = None
        self._ran: dict[str, datetime] = {}
        self._thread = BackgroundThread("jobs", self._keep)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop the running jobs at their next item, and release the lease."""
        self._thread.ask_to_stop()
        term, self.term = self.term, None
        if term is not None:
            term.stop()
            until = time.monotonic() + GOODBYE
            for lane in term.lanes.values():
                if not lane.thread.is_alive():
                    continue  # over, or not yet started: the term was only just begun
                lane.thread.join(max(0.0, until - time.monotonic()))
        with self._app.app_context():
            try:
                self._write_down()
                self.lease.give_back()
            except Exception as failure:
                logger.warning("the jobs were not handed over: %s", type(failure).__name__)

    def call(self, job: str) -> None:
        """Run a job soon, here or in the owning process."""
        term = self.term
        if term is not None and term.goes_on:
            term.want(job)
        elif db.engine.dialect.name == "postgresql":
            runs.request_run(job)  # on SQLite there is no other process; a new owner looks for all work

    def _keep(self) -> None:
        pause = min(self.lease.seconds / TURNS, LISTENS)
        while not self._thread.is_stopping:
            with self._app.app_context():
                try:
                    self._turn()
                except Exception as failure:
                    logger.warning("the lease of the jobs waits: %s", type(failure).__name__)
                    if self.term is not None and not self.lease.is_mine:
                        self._step_down("the database does not answer")
                finally:
                    db.session.remove()
            self._thread.pause(pause)

    def _turn(self) -> None:
        if self.term is None:
            if self.lease.take():
                self._begin()
            return
        hanging = self.term.hanging(self.lease.seconds * HANGS)
        if hanging:
            for lane in self.term.lanes.values():
                lane.end()
            self._step_down(f"{', '.join(hanging)} gave no sign of life")
            for job in hanging:
                self._failures()[job] = self._failures().get(job, 0) + 1
            self._write_down()
            self.lease.give_back()
            self._thread.pause(self.lease.seconds / 2)  # another process that can goes first
        elif self.lease.age * RENEWS > self.lease.seconds and not self.lease.renew():
            self._step_down("another process took over")
        elif not self.term.is_whole:  # this process stood still for a while, and no other took over
            self.term.stop()
            self._begin()
        else:
            self._call_what_is_due()
            self._write_down()

    def _begin(self) -> None:
        logger.info("this process runs the jobs")
        self.term = Term(self._run, {name: lane for name, (_, _, lane) in self._jobs.items()}, self._mine)
        now = clock.now()
        last = runs.begin(self._jobs)
        self.term.start()
        for name, (_, when, _) in self._jobs.items():
            ran_at = last.get(name)
            if (
                was_due(when, ran_at or now.replace(second=0, microsecond=0), now)
                or when.get("minute") == "*"
            ):
                self.term.want(name)

    def _mine(self) -> bool:
        return self.lease.is_mine

    def _step_down(self, why: str) -> None:
        logger.error("this process stops running the jobs: %s", why)
        term, self.term = self.term, None
        if term is not None:
            term.stop()

    def _call_what_is_due(self) -> None:
        assert self.term is not None
        now = clock.now()
        for name, (_, when, _) in self._jobs.items():
            if was_due(when, self.term.looked_at, now):
                self.term.want(name)
        self.term.looked_at = now
        if db.engine.dialect.name == "postgresql":
            for name in runs.take_wanted():
                if name in self._jobs:
                    self.term.want(name)

    def _run(self, name: str) -> None:
        try:
            self._jobs[name][0](self._app)
        except TermOver:
            raise
        except Exception:
            logger.exception("%s failed", name)
            self._failures()[name] = self._failures().get(name, 0) + 1
        else:
            self._ran[name] = clock.now()

    def _write_down(self) -> None:
        ran, self._ran = self._ran, {}
        counted = self._failures()
        failed = {name: counted.pop(name) for name in list(counted)}
        if ran or failed:
            runs.record(ran, failed, now=clock.now())


def beat() -> None:
    """For a job between two pieces of work: it lives. Raises TermOver where it must stop; outside a runner
    (a command, a test) nothing happens."""
    lane = _lane.get()
    if lane is not None:
        lane.beat()
