"""A database that is built and checked beside the one it will replace: a file (SQLite) or a schema
(PostgreSQL). It takes its place in one step, or nothing happened.
"""

import fcntl
import os
import secrets
import shutil
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from dagvandebuurt.app import create_app
from dagvandebuurt.backups import BackupProblem
from dagvandebuurt.backups.rows import (
    Digest,
    Table,
    count,
    digest_of,
    engine_of,
    load,
    quoted,
    reason,
    revision_of,
    tables_of,
)
from dagvandebuurt.core.db import close_reserved, db

# What an installation has before anybody did anything.
BOOKKEEPING = ("job_lease", "job_run", "key_fingerprint", "live_room", "schema_floor", "setup_code")
SCHEMA = "dvb_incoming_"
INCOMING = ".incoming-"
WAITS = "10s"  # for others that still have a table in use


class Target:
    """The place of a database, and what is there now."""

    def __init__(self, url: URL | str) -> None:
        self.url = make_url(url)

    @property
    def name(self) -> str:
        return self.url.render_as_string(hide_password=True)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path:
        return Path(str(self.url.database))

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """Open a connection. Raises BackupProblem when the database does not answer."""
        with engine_of(self.url) as engine:
            try:
                connection = engine.connect()
            except SQLAlchemyError as failure:
                raise BackupProblem(
                    f"the database {self.name} does not answer: {reason(failure)}"
                ) from failure
            with connection:
                yield connection

    def holds(self) -> int | None:
        """Return how many rows people made here; None where there are not even tables. Raises BackupProblem
        for a database of something else."""
        if self.is_sqlite and not self.path.exists():
            return None
        with self.connected() as connection:
            names = inspect(connection).get_table_names()
            if not names:
                return None
            if revision_of(connection) is None or "person" not in names:
                raise BackupProblem(f"the database {self.name} is of something else. Give one of its own.")
            return count(connection, without=BOOKKEEPING)

    def others(self) -> int:
        """Return how many other connections are open to it. On SQLite `publish` sees them."""
        if self.is_sqlite:
            return 0
        with self.connected() as connection:
            return int(
                connection.execute(
                    text(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
                    )
                ).scalar_one()
            )

    def stage(self) -> "Staged":
        return _StagedFile(self) if self.is_sqlite else _StagedSchema(self)


class Staged(ABC):
    """A database that is not in its place yet. `discard` is safe at any time."""

    url: URL

    def __init__(self, target: Target) -> None:
        self.target = target

    @abstractmethod
    def prepare(self) -> None:
        """Make it, empty."""

    @abstractmethod
    def publish(self, kept_as: str) -> str | None:
        """Put it in its place, in one step. Returns where what was there is kept."""

    @abstractmethod
    def discard(self) -> None:
        """Throw it away, if it is there."""

    @contextmanager
    def app(self, settings: Mapping[str, Any], **others: Any) -> Iterator[Flask]:
        """Make an app on this database, and close it again."""
        url = self.url.render_as_string(hide_password=False)
        app = create_app({**settings, "SQLALCHEMY_DATABASE_URI": url, "DB_STATEMENT_SECONDS": 0.0, **others})
        try:
            yield app
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
            close_reserved(app)

    def fill(
        self, tables: Iterable[Table], lines: Callable[[Table], Iterable[bytes]], seen: Callable[[int], None]
    ) -> dict[str, Digest]:
        """Load all rows of a database that was just migrated, and read them back; return the digests of what
        was loaded. Raises BackupProblem for a row that is not there as it was, and for a reference to a row
        that is not there."""
        loaded: dict[str, Digest] = {}
        there = list(tables)
        with engine_of(self.url) as engine, _without_references(engine) as connection:
            here = tables_of(connection)
            for table in here:
                connection.exec_driver_sql(f"DELETE FROM {quoted(connection, table.name)}")  # noqa: S608
            for table in there:
                if table not in here:
                    raise BackupProblem(f"the table {table.name} is not the one that was copied.")
                digest = loaded[table.name] = Digest()
                load(connection, table, _counted(lines(table), digest, seen))
        with engine_of(self.url) as engine, engine.connect() as connection:
            for table in there:
                if digest_of(connection, table) != loaded[table.name]:
                    raise BackupProblem(f"the rows of {table.name} are not those that were copied.")
            if connection.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise BackupProblem(
                        f"{len(broken)} rows of {broken[0][0]} refer to a row that is not there."
                    )
        return loaded


def _counted(lines: Iterable[bytes], digest: Digest, seen: Callable[[int], None]) -> Iterator[bytes]:
    for line in lines:
        yield digest.add(line)
        seen(1)


@contextmanager
def _without_references(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction in which rows may be loaded in any order: who refers to whom is looked at last."""
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                driver: Any = connection.connection.driver_connection
                driver.execute("PRAGMA foreign_keys = OFF")  # before the transaction: it cannot be inside
                driver.execute("PRAGMA synchronous = OFF")  # nobody relies on it yet; published in one piece
            with connection.begin():
                references = _take_references(connection)
                yield connection
                for table, name, definition in references:
                    connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
            connection.invalidate()
    except DBAPIError as failure:
        raise BackupProblem(f"the rows cannot be loaded: {reason(failure)}") from failure


def _take_references(connection: Connection) -> list[tuple[str, str, str]]:
    if connection.dialect.name == "sqlite":
        return []
    found = connection.execute(
        text(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
    ).all()
    for table, name, _ in found:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return [(table, name, definition) for table, name, definition in found]


class _StagedFile(Staged):
    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._path = target.path.with_name(f".{target.path.name}.{secrets.token_hex(4)}.incoming")
        self.url = target.url.set(database=str(self._path))

    def prepare(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))

    def publish(self, kept_as: str) -> str | None:
        _into_one_file(self._path)
        place = self.target.path
        kept = None
        if place.exists():
            _into_one_file(place)
            kept = place.with_name(f"{kept_as}.db")
            os.link(place, kept)
        os.replace(self._path, place)
        _beside(place)
        _sync(place.parent)
        return None if kept is None else str(kept)

    def discard(self) -> None:
        _beside(self._path)
        self._path.unlink(missing_ok=True)


def _into_one_file(path: Path) -> None:
    """Bring what the write-ahead log holds into the database, on disk."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise BackupProblem(f"another process has {path} open. Stop it.")
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _beside(path: Path) -> None:
    for ending in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _StagedSchema(Staged):
    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._schema = f"{SCHEMA}{secrets.token_hex(4)}"
        options = f"{target.url.query.get('options', '')} -csearch_path={self._schema}".strip()
        self.url = target.url.update_query_dict({"options": options})

    def prepare(self) -> None:
        self._run(f"CREATE SCHEMA {self._schema}")

    def publish(self, kept_as: str) -> str | None:
        with self.target.connected() as connection, connection.begin():
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAITS}'")
            place = str(connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one())
            kept = None
            if inspect(connection).get_table_names():
                kept = kept_as.replace("-", "_")
                connection.exec_driver_sql(f"CREATE SCHEMA {kept}")
                _move_all(connection, place, kept)
            _move_all(connection, self._schema, place)
            connection.exec_driver_sql(f"DROP SCHEMA {self._schema} CASCADE")
        return None if kept is None else f"the schema {kept}"

    def discard(self) -> None:
        self._run(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE")

    def _run(self, statement: str) -> None:
        with self.target.connected() as connection:
            try:
                connection.exec_driver_sql(statement)
                connection.commit()
            except SQLAlchemyError as failure:
                raise BackupProblem(f"{self.target.name}: {reason(failure)}") from failure


def _move_all(connection: Connection, here: str, there: str) -> None:
    """Move tables with all that belongs to them, and functions, but nothing of an extension."""
    for kind, found in (("TABLE", _TABLES), ("FUNCTION", _FUNCTIONS)):
        for name in connection.execute(text(found), {"schema": here}).scalars().all():
            connection.exec_driver_sql(f"ALTER {kind} {here}.{name} SET SCHEMA {there}")


_FREE = "NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = {0}.oid AND d.deptype IN ('e', 'a', 'i'))"
_TABLES = (
    "SELECT quote_ident(relname) FROM pg_class c WHERE relnamespace = CAST(:schema AS regnamespace)"  # noqa: S608
    f" AND relkind IN ('r', 'p') AND {_FREE.format('c')}"
)
_FUNCTIONS = (
    "SELECT quote_ident(proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')' FROM pg_proc p"  # noqa: S608
    f" WHERE pronamespace = CAST(:schema AS regnamespace) AND {_FREE.format('p')}"
)


@contextmanager
def building(data: Path, target: Target) -> Iterator[None]:
    """Be the only one who builds a database here, and first remove what a killed one left: it holds people.
    Raises BackupProblem while another is at work."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data / ".building").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupProblem("another restore, move or drill is at work. Wait for it.") from None
        for folder in data.glob(f"{INCOMING}*"):
            shutil.rmtree(folder, ignore_errors=True)
        if target.is_sqlite:
            for path in target.path.parent.glob(f".{target.path.name}.*.incoming*"):
                path.unlink(missing_ok=True)
        else:
            with target.connected() as connection:
                for name in inspect(connection).get_schema_names():
                    if name.startswith(SCHEMA):
                        connection.exec_driver_sql(f"DROP SCHEMA {quoted(connection, name)} CASCADE")
                connection.commit()
        yield


def kept_name(now: datetime) -> str:
    """Return the name under which what was there is kept."""
    return f"dagvandebuurt-before-{now:%Y%m%d-%H%M%S}"
