"""The lease on running the jobs: at most one process has it, and one that dies or hangs loses it.

Clocks of machines differ and step, so none is compared with another. The owner renews by raising `beat`
and lets go by itself when it could not for most of the term; who waits takes over, by compare-and-set,
when it saw the same `beat` for a whole term. Both measure with their own steady clock, and the owner
begins to count earlier, so they never overlap unless a process is stopped in between: for that there is
the fencing token, and jobs that may be done twice.
"""

import os
import secrets
import time
from typing import Any

from sqlalchemy import Row, Update, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.jobs.models import JobLease

NAME = "jobs"
LETS_GO = 0.7  # of the term: the owner stops well before anybody else may begin


class Lease:
    """What one process knows of it. All methods need an app context; each is one short transaction."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._me = f"{os.getpid()}-{secrets.token_hex(8)}"
        self._token: int | None = None
        self._renewed = 0.0
        self._seen: tuple[int, int] | None = None
        self._seen_at = 0.0

    @property
    def is_mine(self) -> bool:
        """Whether this process may run jobs now. Asks nobody: the steady clock is enough."""
        return self._token is not None and time.monotonic() - self._renewed < self.seconds * LETS_GO

    @property
    def age(self) -> float:
        """Seconds since it was renewed."""
        return time.monotonic() - self._renewed

    def take(self) -> bool:
        """Become the owner if nobody is, or if the owner was silent for a whole term."""
        began = time.monotonic()
        row = self._look()
        if row.owner not in (None, self._me):
            if (row.token, row.beat) != self._seen:
                self._seen, self._seen_at = (row.token, row.beat), began
            if began - self._seen_at < self.seconds:
                return False
        taken = self._set(
            _there().where(JobLease.token == row.token, JobLease.beat == row.beat),
            owner=self._me,
            token=row.token + 1,
            beat=0,
        )
        if taken:
            self._token, self._renewed = row.token + 1, began
        return taken

    def renew(self) -> bool:
        """Say that the owner lives. False when another one took over."""
        began = time.monotonic()
        renewed = self._set(self._own(), beat=JobLease.beat + 1)
        if renewed:
            self._renewed = began
        else:
            self._token = None
        return renewed

    def give_back(self) -> None:
        """Let the next one begin at once."""
        if self._token is not None:
            own, self._token = self._own(), None
            self._set(own, owner=None)

    def let_go(self) -> None:
        """Stop without saying so: the database is not there to hear it."""
        self._token = None

    def _own(self) -> Update:
        return _there().where(JobLease.owner == self._me, JobLease.token == self._token)

    def _look(self) -> Row[str | None, int, int]:
        columns = select(JobLease.owner, JobLease.token, JobLease.beat).where(JobLease.name == NAME)
        row = db.session.execute(columns).one_or_none()
        if row is None:
            dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
            first = dialect.insert(JobLease).values(name=NAME, token=0, beat=0)
            with transaction():
                db.session.execute(first.on_conflict_do_nothing(index_elements=["name"]))
            row = db.session.execute(columns).one()
        db.session.rollback()
        return row

    @staticmethod
    def _set(which: Update, **values: Any) -> bool:
        with transaction():
            changed: Any = db.session.execute(
                which.values(**values).execution_options(synchronize_session=False)
            )
        return bool(changed.rowcount)


def _there() -> Update:
    return update(JobLease).where(JobLease.name == NAME)
