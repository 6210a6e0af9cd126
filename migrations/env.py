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
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = ON")
