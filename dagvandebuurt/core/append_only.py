"""Tables that only grow: the database itself refuses to change or delete their rows.

What may go is named: the link to a person who is deleted, and a note of theirs. Everything else stays
as it was written, whatever a program, or somebody at a database prompt, asks.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import DDL, Table, event

_ddl: Any = DDL


def only_grows(table: Table, *, erasable: Sequence[str] = ()) -> None:
    """Guard `table` from its creation on. A column of `erasable` may become NULL."""
    for dialect in ("sqlite", "postgresql"):
        for statement in guards(dialect, table.name, [column.name for column in table.columns], erasable):
            # DDL fills in percent signs, of which there are none here.
            event.listen(table, "after_create", _ddl(statement).execute_if(dialect=dialect))


def guards(dialect: str, table: str, columns: Sequence[str], erasable: Sequence[str]) -> Iterator[str]:
    """The statements that guard a table, for a migration too."""
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
