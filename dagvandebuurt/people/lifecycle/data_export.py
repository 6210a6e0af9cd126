"""Data export: everything stored about one person, found by reflection on the models, so that new tables are
included.

A row belongs to a person by a foreign key with ON DELETE CASCADE, or by one that declares `info=owner()`.
What is kept under pseudonyms is found by the sections that make them: they declare it (`core.personal_data`).
"""

from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, or_, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.models import Base
from dagvandebuurt.core.personal_data import Rows, personal_data
from dagvandebuurt.people.models import Person

# Credentials and counters: useless to their owner, useful to a thief.
NOT_TOLD = frozenset(
    {"password_hash", "token_hash", "link_print", "number_print", "email_key", "revision", "rights_revision"}
)


@cache  # of tables that stand when the first is asked for; sorting them takes longer than most deletions
def owned() -> tuple[tuple[Table, list[Column[Any]]], ...]:
    """Return each table with rows of a person, and the columns that say whose."""
    tables = (
        (table, [each for each in table.columns if belongs(each)]) for table in Base.metadata.sorted_tables
    )
    return tuple((table, columns) for table, columns in tables if columns)


def belongs(column: Column[Any]) -> bool:
    """Return whether this column says whose row it is, and not only who acted on it."""
    return any(
        key.column.table is Person.__table__ and (key.ondelete == "CASCADE" or "owner" in column.info)
        for key in column.foreign_keys
    )


def my_data(person_id: UUID) -> dict[str, Rows]:
    """Return table → rows, in plain values. Ids of other people are left out."""
    declared = personal_data()
    instead = {table: find for there in declared for table, find in there.export_instead.items()}
    more = [each for there in declared for each in there.export.items()]
    found: dict[str, Rows] = {"person": _rows(Person.__table__, Person.__table__.c.id == person_id)}  # type: ignore[arg-type]
    for table, columns in owned():
        told = instead.get(table.name)
        mine = or_(*(column == person_id for column in columns))
        rows = told(person_id) if told is not None else _rows(table, mine)
        if rows:
            found[table.name] = rows
    for name, find in more:
        rows = find(person_id)
        if rows:
            found.setdefault(name, []).extend(row for row in rows if row not in found[name])
    return found


def plain_row(table: Table, row: Any) -> dict[str, Any]:
    """Return a row without what its owner may not have."""
    return {
        column.name: _plain(row[column])
        for column in table.columns
        if column.name not in NOT_TOLD
        and not column.foreign_keys
        and not column.name.endswith("_key")
        and "another" not in column.info
    }


def _rows(table: Table, condition: Any) -> Rows:
    """Return the rows of a table; what is about a session says which: its id alone tells a reader nothing."""
    rows = db.session.execute(select(table).where(condition)).mappings().all()
    titles = _titles_of({row["session_id"] for row in rows if row.get("session_id")})
    return [
        plain_row(table, row)
        | ({"session": titles[row["session_id"]]} if row.get("session_id") in titles else {})
        for row in rows
    ]


def _titles_of(session_ids: set[UUID]) -> dict[UUID, str]:
    sessions = Base.metadata.tables.get("programme_session")  # of a section above this one
    if sessions is None or not session_ids:
        return {}
    query = select(sessions.c.id, sessions.c.title).where(sessions.c.id.in_(sorted(session_ids)))
    return {row.id: row.title for row in db.session.execute(query)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value
