"""Alembic's environment: the app's engine and tables; logging stays as it is."""

from typing import Any

from alembic import context
from flask import current_app

from dagvandebuurt.core.models import UtcDateTime

db = current_app.extensions["migrate"].db
# Kept by libraries or by the search layer, not by our models.
FOREIGN = ("huey_", "search_", "limits_")


def render_item(kind: str, thing: Any, _autogen: Any) -> str | bool:
    """Migrations import nothing of ours: they must still run when the code has moved on."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def include_object(_thing: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
    return not (kind == "table" and reflected and name is not None and name.startswith(FOREIGN))


with db.engine.connect() as connection:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        # SQLite changes a table by making it anew and dropping the old one. With foreign keys on, that
        # takes along every row that points at it. A transaction cannot switch this: before it begins.
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = OFF")
        # Nobody is served here: beside a running house, wait for its writer.
        connection.connection.dbapi_connection.execute("PRAGMA busy_timeout = 10000")
    else:
        # Changing a table may take as long as it takes; people who wait for it are limited themselves.
        for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            connection.exec_driver_sql(f"SET {limit} = 0")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_item=render_item,
        include_object=include_object,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
    if is_sqlite:
        connection.rollback()
    connection.invalidate()  # it has no limits, and other manners: nobody else should get it
