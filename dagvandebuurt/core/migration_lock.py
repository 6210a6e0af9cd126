"""One at a time, over processes and machines: two that bring a database to this release at once would
both find it old."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

LOCK = 0x64766231  # any number, as long as it is always this one


@contextmanager
def alone(engine: Engine, folder: Path) -> Iterator[None]:
    """Wait until nobody else is inside, over `folder` and, on PostgreSQL, over the database. A process
    that dies leaves by dying."""
    with (folder / ".alone").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if engine.dialect.name != "postgresql":
            yield
            return
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
            connection.commit()  # the lock is the session's; nothing is read at an old moment
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
                connection.commit()
