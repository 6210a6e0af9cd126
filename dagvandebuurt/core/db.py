"""Database sessions, pools and locks: the only file, with `search/dialects.py`, that tells SQLite from
PostgreSQL."""

import logging
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolIsEmpty
from sqlalchemy.pool import QueuePool

from dagvandebuurt.core.models import Base

logger = logging.getLogger(__name__)

PROBE_SECONDS = 10.0
POOL_SECONDS = 8  # longest wait for a pooled connection; then 503 with Retry-After
WRITE_LOCK_SECONDS = 5.0  # longest wait for SQLite's single writer, in this or another process
BUSY_MS = 50  # busy_timeout inside SQLite's C code, where no other greenlet runs
LEAST_PAUSE, MOST_PAUSE = 0.005, 0.1  # seconds between two attempts at the write lock
OPTIONS = {
    # A failing statement (a full disk is enough) is logged without its parameters: they hold people's texts,
    # and the pseudonym that links the texts of one person.
    "hide_parameters": True,
    "pool_timeout": POOL_SECONDS,
    "pool_use_lifo": True,  # few connections do the work, so only few hold a page cache
}
RESERVED = {"pool_size": 2, "max_overflow": 4}

_reserved: ContextVar[bool] = ContextVar("reserved", default=False)
_writing: ContextVar[bool] = ContextVar("writing", default=False)
# Under gevent a second SQLite writer would wait inside C and freeze the whole process.
_one_writer = threading.RLock()


class Busy(PoolIsEmpty):
    """Lock timeout: another transaction held what this one needed for too long. Nothing was changed."""


class _Session(Session):
    """Session that takes its connection from the pool of its context: the request pool or the reserved one."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        if _reserved.get():
            return _reserved_engine()
        return super().get_bind(*args, **kwargs)


db = SQLAlchemy(metadata=Base.metadata, engine_options=OPTIONS, session_options={"class_": _Session})


def init_app(app: Flask) -> None:
    """Bind the database to `app`, with the time limits of its settings on every connection."""
    db.init_app(app)
    with app.app_context():
        _limit(app, db.engine)
    app.extensions["write_probe"] = WriteProbe()


def release_connection() -> None:
    """End the read transaction of this context and return its connection to the pool, before a wait.

    Waiting while holding a pooled connection starves the threads that one waits for (resource deadlock).
    Loaded objects are expired and read again on next use. Raises RuntimeError inside a transaction, which
    would be undone.
    """
    if db.session.info.get("open"):
        raise RuntimeError("nothing is waited for inside a transaction")
    db.session.rollback()


@contextmanager
def reserved() -> Iterator[None]:
    """Use the reserved connection pool inside the block: for the few threads that every request waits for
    (writer, pump, presence, revocation). Each uses one connection at most."""
    token = _reserved.set(True)
    try:
        yield
    finally:
        _reserved.reset(token)


def connections_in_use() -> int:
    """Return how many connections of both pools are lent out now. Needs an app context."""
    engines = (db.engine, current_app.extensions.get("reserved_engine"))
    pools = [engine.pool for engine in engines if engine is not None]
    return sum(pool.checkedout() for pool in pools if isinstance(pool, QueuePool))


def close_reserved(app: Flask) -> None:
    """Close the reserved connections; they are reopened on demand."""
    engine = app.extensions.pop("reserved_engine", None)
    if engine is not None:
        engine.dispose()


def _reserved_engine() -> Engine:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    engine = app.extensions.get("reserved_engine")
    if engine is None:
        engine = create_engine(db.engine.url, **OPTIONS, **RESERVED)
        _limit(app, engine)
        app.extensions["reserved_engine"] = engine
    return engine  # type: ignore[no-any-return]


def compact() -> None:
    """Write the database anew, without what was deleted. Needs an app context, and nobody else at work."""
    db.session.rollback()
    raw = db.engine.raw_connection()
    driver: Any = raw.driver_connection
    try:
        if isinstance(driver, sqlite3.Connection):
            driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        else:
            driver.autocommit = True  # VACUUM runs in no transaction
            for statement in ("SET statement_timeout = 0", "SET lock_timeout = 0", "VACUUM FULL"):
                driver.execute(statement)
    finally:
        raw.invalidate()  # never lent out again with these settings


class WriteProbe:
    """Write health check: finds a full disk, a read-only replica or a stuck lock.

    It writes a meaningless value; the result is cached for PROBE_SECONDS.
    """

    def __init__(self) -> None:
        self._asked, self._works = float("-inf"), True

    def works(self) -> bool:
        """Return whether a write succeeds. Needs an app context and no open transaction; never raises."""
        if time.monotonic() - self._asked >= PROBE_SECONDS:
            self._works = self._write()
            self._asked = time.monotonic()
        return self._works

    def _write(self) -> bool:
        try:
            db.session.rollback()
            with begin_writing():
                # Committed: a full disk shows when a page is written, a lock when it is taken.
                if db.engine.dialect.name == "sqlite":
                    # An unused number in the file header: SQLite skips pages that do not change.
                    count = db.session.execute(text("PRAGMA user_version")).scalar() or 0
                    db.session.execute(text(f"PRAGMA user_version = {(int(count) + 1) % 1_000_000}"))
                else:
                    db.session.execute(text("UPDATE alembic_version SET version_num = version_num"))
                db.session.commit()
        except Exception as failure:
            db.session.rollback()
            logger.warning("the database takes no write: %s", type(failure).__name__)
            return False
        return True


def read_only(url: str) -> str | None:
    """Return in a sentence why the file of this SQLite database takes no writes; None: it does, another
    process holds its lock now, it is not made yet, or the database is no file.

    A site on a read-only file would show every page and refuse every form.
    """
    database = make_url(url)
    path = database.database
    if database.get_backend_name() != "sqlite" or not path or not Path(path).exists():
        return None
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("PRAGMA user_version = 0")
            connection.execute("ROLLBACK")
    except sqlite3.Error as failure:
        if getattr(failure, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL):
            return None
        return (
            f"The database {path} takes no writes: {failure}. The user that runs this must own the file and"
            " its folder, and the disk must not be mounted read-only."
        )
    return None


def is_unavailable(failure: BaseException) -> bool:
    """Return whether this error means that the database is away, busy or refuses writes: temporary, so worth
    a retry."""
    if isinstance(failure, (OperationalError, InterfaceError, InternalError, PoolIsEmpty)):
        return True
    return isinstance(failure, DBAPIError) and failure.connection_invalidated


@contextmanager
def begin_writing() -> Iterator[None]:
    """Take the write lock at the first statement of every transaction from now on.

    SQLite cannot turn a reading transaction into a writing one safely (SQLITE_BUSY_SNAPSHOT), so the
    intention is declared before. Raises Busy when another writer of this process has it for
    WRITE_LOCK_SECONDS. Does nothing on PostgreSQL.
    """
    if db.engine.dialect.name != "sqlite":
        yield
        return
    if not _one_writer.acquire(timeout=WRITE_LOCK_SECONDS):
        raise Busy("another write of this process takes long")
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)
        _one_writer.release()


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # we send BEGIN ourselves, below
    for pragma in (
        f"busy_timeout = {BUSY_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",  # acknowledged writes survive a power cut
        "foreign_keys = ON",
        "secure_delete = ON",  # overwrite deleted content in the file
        "cache_size = -32768",  # KiB: holds a whole congress; the default of 2 MiB rereads pages
        "wal_autocheckpoint = 4000",  # pages: a page written in fifty commits is checkpointed once
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if _writing.get():
        _begin_immediate(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Connection) -> None:
    """Take SQLite's write lock with BEGIN IMMEDIATE.

    While another process has it, wait in Python, where other greenlets run on: reading needs no lock. Raises
    OperationalError after WRITE_LOCK_SECONDS.
    """
    end, pause = time.monotonic() + WRITE_LOCK_SECONDS, LEAST_PAUSE
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as failure:
            if not _is_locked(failure) or time.monotonic() > end:
                raise
        else:
            return
        time.sleep(pause * (0.5 + random.random()))  # noqa: S311 (jitter)
        pause = min(pause * 2, MOST_PAUSE)


def _is_locked(failure: OperationalError) -> bool:
    code = getattr(failure.orig, "sqlite_errorcode", None)
    return code is not None and code & 0xFF == sqlite3.SQLITE_BUSY


def _limit(app: Flask, engine: Engine) -> None:
    """Set statement, lock and idle-in-transaction timeouts on PostgreSQL connections. Migrations take them
    off again (`migrations/env.py`)."""
    if engine.dialect.name == "postgresql":
        limits = {
            "statement_timeout": app.config.get("DB_STATEMENT_SECONDS", 0),
            "lock_timeout": app.config.get("DB_LOCK_SECONDS", 0),
            "idle_in_transaction_session_timeout": app.config.get("DB_IDLE_SECONDS", 0),
        }
        event.listen(engine, "connect", partial(_limit_postgres, limits))


def _limit_postgres(limits: dict[str, float], connection: Any, _record: Any) -> None:
    for name, seconds in limits.items():
        connection.execute("SELECT set_config(%s, %s, false)", (name, str(int(seconds * 1000))))
    connection.commit()
