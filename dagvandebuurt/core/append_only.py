"""Append-only tables, enforced by database triggers that refuse UPDATE and DELETE.

Two changes are exempt and named per table: erasing the link to a deleted person, and erasing their note.
Everything else stays as written, for this program and for anybody at a database prompt.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import DDL, Table, event

_ddl: Any = DDL


def only_grows(table: Table, *, erasable: Sequence[str] = ()) -> None:
    """Make `table` append-only from its creation on. A column of `erasable` may become NULL."""
    for dialect in ("sqlite", "postgresql"):
        for statement in guards(dialect, table.name, [column.name for column in table.columns], erasable):
            # DDL fills in percent signs, of which there are none here.
            event.listen(table, "after_create", _ddl(statement).execute_if(dialect=dialect))


def guards(dialect: str, table: str, columns: Sequence[str], erasable: Sequence[str]) -> Iterator[str]:
    """Return the statements that create the triggers of a table; migrations use them too."""
    fixed = ", ".join(column for column in columns if column not in erasable)
    if dialect == "sqlite":
        stop = f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
        yield f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {stop}"
        yield f"CREATE TRIGGER {table}_is_fixed BEFORE UPDATE OF {fixed} ON {table} {stop}"
        for column in erasable:
            yield (
                f"CREATE TRIGGER {table}_{column}_only_goes BEFORE UPDATE OF {column} ON {table} "
                f"WHEN NEW.{column} IS NOT NULL {stop}"
            )
        return
    call = f"FOR EACH ROW EXECUTE FUNCTION {table}_refuses()"
    yield (
        f"CREATE OR REPLACE FUNCTION {table}_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} only grows' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    yield f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {call}"
    yield f"CREATE TRIGGER {table}_is_fixed BEFORE UPDATE OF {fixed} ON {table} {call}"
    for column in erasable:
        yield (
            f"CREATE TRIGGER {table}_{column}_only_goes BEFORE UPDATE OF {column} ON {table} "
            f"FOR EACH ROW WHEN (NEW.{column} IS NOT NULL) EXECUTE FUNCTION {table}_refuses()"
        )
