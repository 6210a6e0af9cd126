"""Migration lock across processes and hosts (flock, pg_advisory_lock), so that two starting servers do not
both migrate."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

LOCK = 0x64766231  # any number, as long as it is always this one


@contextmanager
def alone(engine: Engine, folder: Path) -> Iterator[None]:
    """Hold the migration lock: a file lock in `folder` and, on PostgreSQL, an advisory lock.

    Both are released by the operating system or the database when a process dies.
    """
    with (folder / ".alone").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if engine.dialect.name != "postgresql":
            yield
            return
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
            connection.commit()  # the lock outlives it: it belongs to the connection
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
                connection.commit()
