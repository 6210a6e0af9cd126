"""Leader election by a lease in the database: at most one process runs the jobs, and one that dies or hangs
loses them.

Clocks of machines differ and jump, so none is compared with another. The owner renews by raising `beat` and
steps down by itself when it could not for most of the term; a stand-by takes over, by compare-and-set, when
it saw the same `beat` for a whole term. Both measure with their own monotonic clock, and the owner starts
counting earlier, so they never overlap unless a process is paused in between: for that
there are a fencing token and idempotent jobs.
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
    """This process's view of the lease. All methods need an app context; each is one short transaction."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._me = f"{os.getpid()}-{secrets.token_hex(8)}"
        self._token: int | None = None
        self._renewed = 0.0
        self._seen: tuple[int, int] | None = None
        self._seen_at = 0.0

    @property
    def is_mine(self) -> bool:
        """Return whether this process may run jobs now. No query: the monotonic clock is enough."""
        return self._token is not None and time.monotonic() - self._renewed < self.seconds * LETS_GO

    @property
    def age(self) -> float:
        """Return the seconds since it was renewed."""
        return time.monotonic() - self._renewed

    def take(self) -> bool:
        """Become the owner if there is none, or if it did not renew for a whole term."""
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
        """Renew the lease; return False when another process took over."""
        began = time.monotonic()
        renewed = self._set(self._own(), beat=JobLease.beat + 1)
        if renewed:
            self._renewed = began
        else:
            self._token = None
        return renewed

    def give_back(self) -> None:
        """Release the lease, so that the next process begins at once."""
        if self._token is not None:
            own, self._token = self._own(), None
            self._set(own, owner=None)

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
