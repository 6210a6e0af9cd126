"""Bookkeeping of job runs. Each function is one short transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.core.db import begin_writing, db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.jobs.models import JobRun


def begin(names: Iterable[str]) -> dict[str, datetime | None]:
    """Create a row for each job; return when each last ran."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    rows = [{"name": name, "failures": 0, "wanted": False} for name in sorted(names)]
    with transaction():
        if rows:
            insert = dialect.insert(JobRun).on_conflict_do_nothing(index_elements=["name"])
            db.session.execute(insert, rows)
        found = db.session.execute(select(JobRun.name, JobRun.ran_at)).all()
    return {row.name: row.ran_at for row in found}


def request_run(name: str) -> None:
    """Wake the process that runs the jobs. On a separate connection: the caller's session stays as it is."""
    with begin_writing(), db.engine.begin() as connection:
        connection.execute(
            update(JobRun).where(JobRun.name == name, JobRun.wanted.is_(False)).values(wanted=True)
        )


def take_wanted() -> list[str]:
    """Take the jobs that other processes asked for, each once."""
    found = list(db.session.scalars(select(JobRun.name).where(JobRun.wanted.is_(True)).order_by(JobRun.name)))
    db.session.rollback()
    if found:
        with transaction():
            db.session.execute(
                update(JobRun)
                .where(JobRun.name.in_(found))
                .values(wanted=False)
                .execution_options(synchronize_session=False)
            )
    return found


def record(ran: Mapping[str, datetime], failed: Mapping[str, int], *, now: datetime) -> None:
    """Store when jobs ran, and how many of their items failed."""
    with transaction():
        for name in sorted({*ran, *failed}):
            values = {"ran_at": ran[name]} if name in ran else {}
            if name in failed:
                values |= {"failed_at": now, "failures": JobRun.failures + failed[name]}  # type: ignore[dict-item]
            db.session.execute(
                update(JobRun)
                .where(JobRun.name == name)
                .values(**values)
                .execution_options(synchronize_session=False)
            )


def last_ran() -> datetime | None:
    """Return when any job last completed, in any process. None: never."""
    return db.session.scalar(select(func.max(JobRun.ran_at)))


def failures() -> int:
    """Return the total number of failed items."""
    return db.session.scalar(select(func.coalesce(func.sum(JobRun.failures), 0))) or 0
