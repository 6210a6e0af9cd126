"""Erasure of everybody, when the organisation stops.

Each step is idempotent, so a run that was broken off is run again. What was published stays without people:
each section says how (`PersonalData.dissolve`).
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import JSON, Column, Enum, String, Table, delete, func, select

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import compact, db
from dagvandebuurt.core.models import Base
from dagvandebuurt.core.personal_data import personal_data
from dagvandebuurt.core.search import index
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.keys import KEY
from dagvandebuurt.people.lifecycle import erasure
from dagvandebuurt.people.models import Dissolution, LoginSession, Person
from dagvandebuurt.people.queries import forget_ending

# Personal columns whose words stay: everybody could read them, and no name stands beside them any more.
PUBLISHED = {
    "caption_line": {"text"},  # of recordings
    "comment": {"text"},
    "follow_up": {"title", "body"},
    "follow_up_event": {"note"},
    "initiative": {
        "title", "summary", "what", "need_it_met", "costs", "what_went_wrong", "tip", "led_by_name",
    },
    "learning_offer": {"title", "summary", "provider_name", "cost", "duration", "url"},
    "learning_question": {"title", "detail"},
    "question": {"text"},
    "stage_source": {"captions"},
}  # fmt: skip


LAST_ROWS = 500  # in one transaction


class NotErased(Exception):
    """Somebody could not be erased; the log says why."""


def current() -> Dissolution | None:
    """Return the announced end; None while the organisation goes on."""
    return db.session.scalar(select(Dissolution))


def set_date(*, due_at: datetime, now: datetime) -> None:
    """Store the announcement. In the running transaction."""
    found = current()
    if found is None:
        db.session.add(Dissolution(number=1, announced_at=now, due_at=due_at))
    else:
        found.announced_at, found.due_at = now, due_at
    forget_ending()


def call_off() -> None:
    """Take the announcement back. In the running transaction."""
    found = current()
    if found is not None:
        db.session.delete(found)
    forget_ending()


def people() -> int:
    """Count everybody who is not erased."""
    return db.session.scalar(select(func.count()).where(Person.forgotten_at.is_(None))) or 0


def erase_everybody(*, now: datetime, say: Callable[[int], None]) -> int:
    """Erase all people and all that is theirs; return how many there were. Opens its own transactions. Raises
    NotErased. `say` hears of each batch how many went."""
    with transaction():
        found = db.session.execute(select(Dissolution)).scalar_one()
        found.begun_at = found.begun_at or now
    forget_ending()
    erased = 0
    _dissolve(now)
    not_yet = select(Person.id).where(Person.forgotten_at.is_(None))
    while waiting := people():
        erasure.erase_in_batches(lambda: not_yet)
        went = waiting - people()
        if went <= 0:
            raise NotErased("people")
        erased += went
        say(went)
    # Nothing was written meanwhile, as no server runs: their last rows need no second erasure.
    while ids := db.session.scalars(select(Person.id).limit(LAST_ROWS)).all():
        with transaction():
            db.session.execute(delete(LoginSession).where(LoginSession.person_id.in_(ids)))
            db.session.execute(delete(Person).where(Person.id.in_(ids)))
    _dissolve(now)
    return erased


def finish(*, now: datetime) -> None:
    """Destroy the keys, make the search and the database file anew, and write down that it is done. Raises
    NotErased while something personal is left."""
    for path in Path(current_app.config["KEY_FOLDER"]).glob("*.key"):
        if path.stem != str(KEY):
            pseudonyms.destroy_key(UUID(path.stem))
    with transaction():
        index.rebuild()
    if left := leftovers():
        raise NotErased(", ".join(left))
    compact()
    with transaction():
        db.session.execute(select(Dissolution)).scalar_one().done_at = now


def leftovers() -> list[str]:
    """Return the personal columns that still hold something, apart from what was published; and people."""
    found = [
        f"{table.name}.{column.name}"
        for table, column in personal_columns()
        if column.name not in PUBLISHED.get(table.name, ()) and db.session.scalar(_holds_something(column))
    ]
    return [*(["person"] if db.session.scalar(select(func.count()).select_from(Person)) else []), *found]


def personal_columns() -> Iterator[tuple[Table, Column[Any]]]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if "personal" in column.info:
                yield table, column


def _holds_something(column: Column[Any]) -> Any:
    filled: Any = column.is_not(None)
    if isinstance(column.type, String) and not isinstance(column.type, Enum):
        filled = filled & (column != "")
    elif isinstance(column.type, JSON):
        filled = filled & func.cast(column, String).not_in(("null", "[]", "{}"))
    return select(func.count()).select_from(column.table).where(filled)


def _dissolve(now: datetime) -> None:
    for there in personal_data():
        for dissolve in there.dissolve:
            with transaction():
                dissolve(now)
