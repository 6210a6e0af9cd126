"""The database session, and the only file that knows SQLite from PostgreSQL, but for full text
(`search/dialects.py`)."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event

from dagvandebuurt.core.models import Base

# A statement that fails (a full disk is enough) is logged without what was in it: somebody's words, and
# the pseudonym that would tell which other words are theirs.
db = SQLAlchemy(metadata=Base.metadata, engine_options={"hide_parameters": True})

_writing: ContextVar[bool] = ContextVar("writing", default=False)
# Under gevent a second SQLite writer would wait inside C and freeze the whole process.
_one_writer = threading.RLock()


@contextmanager
def begin_writing() -> Iterator[None]:
    """From here on transactions take the write lock at their first statement.

    SQLite cannot turn a reading transaction into a writing one safely (SQLITE_BUSY_SNAPSHOT), so
    the intention is declared before. On PostgreSQL this only waits for nobody.
    """
    if db.engine.dialect.name != "sqlite":
        yield
        return
    with _one_writer:
        token = _writing.set(True)
        try:
            yield
        finally:
            _writing.reset(token)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # what was acknowledged survives a power cut
        "foreign_keys = ON",
        "busy_timeout = 5000",
        "secure_delete = ON",  # deleted words leave the file as well
        "cache_size = -32768",  # KiB: all of a congress; the default of 2 MiB reads pages again and again
        "wal_autocheckpoint = 4000",  # pages: a page written in fifty commits is moved home once
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
