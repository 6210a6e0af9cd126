"""Personal data: what a section keeps of people, declared in one place (AVG articles 5, 13, 15, 17, 20, 30).

Retention, erasure, the data export and the merging of a guest into an account all read these declarations. Most of
it they find by themselves, by the foreign keys of the models; what is declared here is what no foreign key says.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select

from dagvandebuurt.core.hooks import Runs, hook
from dagvandebuurt.core.retention import RetentionRule

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Owed:
    """One kind of thing that can be open for somebody. `words` complete *er staat nog iets voor je open:*; `who`
    selects the ids of everybody to whom it is owed (None among them is nobody)."""

    kind: str
    words: Any
    who: Callable[[], Select[Any]]


def owed(kind: str, words: Any) -> Callable[[Callable[[], Select[Any]]], Owed]:
    """Make an `Owed` of the function that selects to whom."""
    return lambda who: Owed(kind, words, who)


@dataclass(frozen=True)
class PersonalData:
    """The personal data of one section. Everything here is idempotent and runs in the caller's transaction."""

    rules: Sequence[RetentionRule] = ()
    # Take a person off what stays, or delete it, before the rows that belong to them go: (person id, now).
    erase: Sequence[Callable[[UUID, datetime], None]] = ()
    # More rows for the data export, by table; and what is exported instead of the columns of a table.
    export: Mapping[str, Callable[[UUID], Rows]] = field(default_factory=dict)
    export_instead: Mapping[str, Callable[[UUID], Rows]] = field(default_factory=dict)
    # Move what no foreign key finds, or what is counted while it moves: (guest id, account id, now).
    merge: Sequence[Callable[[UUID, UUID, datetime], None]] = ()
    # What a guest has here, in words ("3 vragen"); and who without an address is more than a guest.
    held: Sequence[Callable[[UUID], list[str]]] = ()
    asks_before_merging: Sequence[Callable[[UUID], bool]] = ()
    # What keeps an account that nobody came in with: something owed, or a condition about Person (before).
    owed: Sequence[Owed] = ()
    # What is left of this when the organisation stops: what was published, without people. Each in a transaction of
    # its own; they run before everybody is erased, and once more after.
    dissolve: Sequence[Callable[[datetime], object]] = ()
    reasons_to_stay: Sequence[Callable[[datetime], ColumnElement[bool]]] = ()


@hook(Runs.ON_REQUEST)
def personal_data() -> PersonalData:
    """What a section keeps of people."""


def retention_table() -> list[RetentionRule]:
    """Return the retention rules of all sections in display order. The nightly job executes them and the privacy
    page shows them, so page and behaviour cannot differ."""
    return sorted((rule for there in personal_data() for rule in there.rules), key=attrgetter("order"))
