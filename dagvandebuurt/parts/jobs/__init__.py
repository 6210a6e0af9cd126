"""Background jobs: sending, cleaning up, reminding.

A job carries no data: what is to be done stands in the database, so a job that is lost or runs twice harms
nothing, and the schedule finds whatever a wake-up missed.
"""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError

from dagvandebuurt.core import clock
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.jobs import runs
from dagvandebuurt.parts.jobs.runner import HANGS, Runner, beat
from dagvandebuurt.parts.jobs.schedule import check

__all__ = ["Jobs", "beat", "each", "init_app", "job", "wake"]
Work = Callable[[Flask], Any]
Thing = TypeVar("Thing")
WORK = TypeVar("WORK", bound=Work)
_jobs: dict[str, tuple[Work, dict[str, str], str]] = {}
logger = logging.getLogger(__name__)
WARM_UP = 3  # terms of the lease during which a new process does not report jobs as dead


def job(name: str, *, lane: str = "quick", **when: str) -> Callable[[WORK], WORK]:
    """Register `work(app)` under `name`, to run at crontab times in UTC (`minute="*"`) and on demand.

    Jobs of one `lane` never run at the same time; what waits for other machines has a lane of its own.
    """
    check(when)

    def register(work: WORK) -> WORK:
        _jobs[name] = (work, when, lane)
        return work

    return register


def each(name: str, things: Iterable[Thing], do: Callable[[Thing], int | None]) -> int:
    """Run `do` for each of `things` in a transaction of its own, for the job `name`; return the sum of the
    results.

    A failing one is logged and counted, does not hold up the others, and is retried next time. A database
    that is away ends the whole run, because each of them would fail.
    """
    done, failed = 0, 0
    for thing in things:
        beat()
        try:
            with transaction():
                done += int(do(thing) or 0)
        except Exception as failure:
            if isinstance(failure, DBAPIError) and failure.connection_invalidated:
                raise
            failed += 1
            current_app.extensions["jobs"].count_failure(name)
            if failed == 1:
                logger.exception("%s: one of its pieces failed", name)
    if failed > 1:
        logger.error("%s: %s of its pieces failed", name, failed)
    return done


class Jobs:
    """Jobs of an app and, once started, the runner of this process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._failures: dict[str, int] = {}
        self._runner: Runner | None = None
        self._started = 0.0

    def start(self) -> None:
        """Run the jobs as soon as no other process does."""
        self._started = time.monotonic()
        self._runner = Runner(self._app, _jobs, lambda: self._failures)
        self._runner.start()

    def stop(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.stop()

    @property
    def is_watching(self) -> bool:
        """Return whether this process runs the jobs, or stands by to take over."""
        return self._runner is not None

    @property
    def is_running(self) -> bool:
        """Return whether the jobs run in this very process."""
        return self._runner is not None and self._runner.term is not None

    def idle_seconds(self) -> float | None:
        """Return the seconds since a job last completed, in any process; None when none ever did. Never
        negative, even after a clock was set back."""
        last = runs.last_ran()
        return None if last is None else max(0.0, (clock.now() - last).total_seconds())

    def are_dead(self) -> bool:
        """Return whether no job ran for two minutes. A process that just started gets some time."""
        seconds = float(self._app.config["JOBS_LEASE_SECONDS"])
        if time.monotonic() - self._started < seconds * WARM_UP:
            return False
        idle = self.idle_seconds()
        return idle is None or idle > seconds * HANGS

    def count_failure(self, name: str) -> None:
        """Count a failed item of a job. Stored with the lease; `/metrics` shows the sum."""
        self._failures[name] = self._failures.get(name, 0) + 1

    def failures(self) -> int:
        """Return the total number of failed items, in all processes."""
        return runs.failures() + sum(self._failures.values())

    def wake(self, name: str) -> None:
        """Run `name` soon. Where no process runs jobs, the next owner's schedule finds the work."""
        if self._runner is None:
            return
        try:
            self._runner.call(name)
        except Exception as failure:
            logger.warning("%s waits for the clock: %s", name, type(failure).__name__)


def wake(name: str) -> None:
    """Run the job `name` soon: it has work since this commit."""
    current_app.extensions["jobs"].wake(name)


def init_app(app: Flask) -> Jobs:
    """Set up the runner, after the sections are imported: jobs registered later never run."""
    jobs = app.extensions["jobs"] = Jobs(app)
    return jobs
