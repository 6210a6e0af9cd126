"""Rows in a portable form: the same bytes from SQLite and from PostgreSQL.

A row is a JSON array of its values, in the alphabetical order of the columns. Tables and the kinds of their
columns are read from the database itself, not from the models: a backup can be made before a migration.
"""

import base64
import hashlib
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection, Engine, create_engine, inspect
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from dagvandebuurt.backups import BackupProblem

# Made again from the other tables (`core.search.index.rebuild`), or kept by Alembic.
DERIVED = ("alembic_version", "search_", "sqlite_")
AT_ONCE = 1000  # rows
MASK = (1 << 256) - 1


@dataclass(frozen=True)
class Table:
    """Table with the kind of each column, in alphabetical order."""

    name: str
    columns: tuple[tuple[str, str], ...]


@dataclass
class Digest:
    """Checksum of a set of rows, whatever their order: SHA-256 of each, added up."""

    rows: int = 0
    total: int = field(default=0, repr=False)

    def add(self, line: bytes) -> bytes:
        self.rows += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line).digest(), "big")) & MASK
        return line

    @property
    def sha256(self) -> str:
        return f"{self.total:064x}"


@contextmanager
def engine_of(url: URL | str) -> Iterator[Engine]:
    """Make an engine without a pool and without the time limits of the app, for as long as the block."""
    engine = create_engine(url, poolclass=sa.NullPool, hide_parameters=True)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a connection that sees the database as it is now, for as long as the block; others write on."""
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        # The first statement that reads is what fixes the snapshot.
        inspect(connection).get_table_names()
        yield connection


def tables_of(connection: Connection) -> list[Table]:
    """Return the tables that hold what people made, by name."""
    found = inspect(connection).get_multi_columns()
    return [
        Table(name, tuple(sorted((column["name"], _kind(name, column)) for column in columns)))
        for (_schema, name), columns in sorted(found.items(), key=lambda each: each[0][1])
        if not name.startswith(DERIVED)
    ]


def revision_of(connection: Connection) -> str | None:
    """Return the migration that the database is at; None for one without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def read(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield each row of a table as a line of JSON, without holding them all."""
    write: list[Callable[[Any], Any]] = [
        (_FROM_SQLITE if connection.dialect.name == "sqlite" else _FROM_POSTGRESQL)[kind]
        for _, kind in table.columns
    ]
    for row in _rows(connection, table):
        yield orjson.dumps(
            [None if value is None else form(value) for form, value in zip(write, row, strict=True)]
        )


def digest_of(connection: Connection, table: Table) -> Digest:
    digest = Digest()
    for line in read(connection, table):
        digest.add(line)
    return digest


def count(connection: Connection, *, without: Sequence[str] = ()) -> int:
    """Return how many rows there are to copy."""
    return sum(
        int(connection.exec_driver_sql(f"SELECT count(*) FROM {quoted(connection, table.name)}").scalar_one())  # noqa: S608
        for table in tables_of(connection)
        if table.name not in without
    )


def different(one: Connection, other: Connection, table: Table) -> int:
    """Return how many rows are in only one of the two, compared one by one."""
    if digest_of(one, table) == digest_of(other, table):
        return 0
    counts = Counter(hashlib.sha256(line).digest() for line in read(one, table))
    counts.subtract(hashlib.sha256(line).digest() for line in read(other, table))
    return sum(abs(count) for count in counts.values())


def load(connection: Connection, table: Table, lines: Iterable[bytes]) -> None:
    """Insert rows that `read` wrote. Raises BackupProblem when the table takes no such value."""
    try:
        (_load_sqlite if connection.dialect.name == "sqlite" else _load_postgresql)(connection, table, lines)
    except DBAPIError as failure:
        raise BackupProblem(f"the table {table.name} does not take a row: {reason(failure)}") from failure


def reason(failure: BaseException) -> str:
    """Return the first line of what the database said: the next ones may quote a row."""
    said = str(getattr(failure, "orig", None) or failure).strip().splitlines()
    return said[0] if said else type(failure).__name__


def quoted(connection: Connection, *names: str) -> str:
    return ", ".join(connection.dialect.identifier_preparer.quote_identifier(name) for name in names)


def _kind(table: str, column: Any) -> str:
    kind = column["type"]
    if isinstance(kind, sa.CHAR) and kind.length == 32:
        return "uuid"  # how SQLite keeps one
    for types, name in _KINDS:
        if isinstance(kind, types):
            return name
    raise BackupProblem(f"the column {column['name']} of {table} has a type that cannot be copied: {kind!r}.")


_KINDS: Sequence[tuple[Any, str]] = (
    (sa.Uuid, "uuid"),
    (sa.DateTime, "moment"),
    (sa.Date, "day"),
    (sa.Boolean, "truth"),
    (sa.JSON, "json"),
    (sa.Integer, "number"),
    (sa.Float, "fraction"),
    (sa.LargeBinary, "bytes"),
    (sa.String, "text"),
)


def _rows(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        columns = quoted(connection, *(name for name, _ in table.columns))
        yield from driver.execute(f"SELECT {columns} FROM {quoted(connection, table.name)}")  # noqa: S608
        return
    columns = ", ".join(
        f"{quoted(connection, name)}::text" if kind == "json" else quoted(connection, name)
        for name, kind in table.columns
    )
    with driver.cursor(name="rows") as cursor:
        cursor.itersize = AT_ONCE
        yield from cursor.execute(f"SELECT {columns} FROM {quoted(connection, table.name)}")  # noqa: S608


def _as_text(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="microseconds")


def _moment(text: str) -> str:
    """Normalise what SQLite keeps; a default of a migration has no microseconds."""
    return text if len(text) == 26 else _as_text(datetime.fromisoformat(text))


_FROM_SQLITE: dict[str, Callable[[Any], Any]] = {
    "uuid": str,
    "moment": _moment,
    "day": str,
    "truth": bool,
    "json": str,
    "number": int,
    "fraction": float,
    "bytes": lambda value: base64.b64encode(value).decode(),
    "text": str,
}
_FROM_POSTGRESQL = _FROM_SQLITE | {
    "uuid": lambda value: value.hex,
    "moment": lambda value: _as_text(value.astimezone(UTC).replace(tzinfo=None)),
    "day": lambda value: value.isoformat(),
}


def _load_sqlite(connection: Connection, table: Table, lines: Iterable[bytes]) -> None:
    read = [base64.b64decode if kind == "bytes" else None for _, kind in table.columns]
    statement = (
        f"INSERT INTO {quoted(connection, table.name)} ({quoted(connection, *(n for n, _ in table.columns))})"  # noqa: S608
        f" VALUES ({', '.join('?' for _ in table.columns)})"
    )
    waiting = iter(lines)
    while piece := list(itertools.islice(waiting, AT_ONCE)):
        connection.exec_driver_sql(
            statement,
            [
                tuple(
                    value if form is None or value is None else form(value)
                    for form, value in zip(read, orjson.loads(line), strict=True)
                )
                for line in piece
            ],
        )


def _load_postgresql(connection: Connection, table: Table, lines: Iterable[bytes]) -> None:
    to_text = [_TO_POSTGRESQL.get(kind, str) for _, kind in table.columns]
    driver: Any = connection.connection.driver_connection
    names = quoted(connection, *(name for name, _ in table.columns))
    try:
        with (
            driver.cursor() as cursor,
            cursor.copy(f"COPY {quoted(connection, table.name)} ({names}) FROM STDIN") as copy,
        ):
            for line in lines:
                copy.write_row(
                    [
                        None if value is None else form(value)
                        for form, value in zip(to_text, orjson.loads(line), strict=True)
                    ]
                )
    except driver_errors() as failure:
        raise BackupProblem(f"the table {table.name} does not take a row: {reason(failure)}") from failure


def driver_errors() -> tuple[type[Exception], ...]:
    import psycopg

    return (psycopg.Error,)


_TO_POSTGRESQL: dict[str, Callable[[Any], str]] = {
    "moment": lambda value: f"{value}+00",
    "truth": lambda value: "t" if value else "f",
    "fraction": repr,
    "bytes": lambda value: "\\x" + base64.b64decode(value).hex(),
}
