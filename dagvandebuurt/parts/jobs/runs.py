"""What is written down about runs of jobs. Each function is one short transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.core.db import begin_writing, db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.jobs.models import JobRun


def begin(names: Iterable[str]) -> dict[str, datetime | None]:
    """Each job has a row from now on. When each last ran."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    rows = [{"name": name, "failures": 0, "wanted": False} for name in sorted(names)]
    with transaction():
        if rows:
            insert = dialect.insert(JobRun).on_conflict_do_nothing(index_elements=["name"])
            db.session.execute(insert, rows)
        found = db.session.execute(select(JobRun.name, JobRun.ran_at)).all()
    return {row.name: row.ran_at for row in found}


def want(name: str) -> None:
    """Call whichever process runs the jobs. On a connection of its own: the session of who calls stays as
    it is."""
    with begin_writing(), db.engine.begin() as connection:
        connection.execute(
            update(JobRun).where(JobRun.name == name, JobRun.wanted.is_(False)).values(wanted=True)
        )


def take_wanted() -> list[str]:
    """The jobs that others called for, each once."""
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


def write_down(ran: Mapping[str, datetime], failed: Mapping[str, int], *, now: datetime) -> None:
    """When jobs ran, and how many of their pieces failed."""
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
    """When any job last ran to its end, in whichever process. None: never."""
    return db.session.scalar(select(func.max(JobRun.ran_at)))


def failures() -> int:
    """How many pieces of jobs raised, ever."""
    return db.session.scalar(select(func.coalesce(func.sum(JobRun.failures), 0))) or 0
