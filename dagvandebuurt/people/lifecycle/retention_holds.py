"""Retention holds: what people still wait for, and why their account stays.

Answers take four to eight weeks, the work after them months. A person who waits for one keeps their account
until it has come and they were notified. Sections register what they owe and to whom; retention, the yearly
question and cards all ask here, so they cannot disagree.
Anonymous questions are not included: an account that stays for no visible reason would reveal who asked. The
private link of such a question works without an account.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_

from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import Person

WhoIsOwed = Callable[[], Select[Any]]  # the ids of everybody with this hold; NULLs are ignored


@dataclass(frozen=True)
class Owed:
    """Kind of hold. `words` complete *er staat nog iets voor je open:*."""

    kind: str
    words: Any
    who: WhoIsOwed


_owed: dict[str, Owed] = {}


def owes(kind: str, words: Any) -> Callable[[WhoIsOwed], WhoIsOwed]:
    """Register a function without arguments that selects the ids of everybody with this hold. Idempotent."""

    def register(who: WhoIsOwed) -> WhoIsOwed:
        _owed[kind] = Owed(kind, words, who)
        return who

    return register


def kinds() -> list[Owed]:
    """Return all kinds of holds by name."""
    return [_owed[kind] for kind in sorted(_owed)]


def is_owed_something() -> ColumnElement[bool]:
    """Return a condition on Person for any hold, for one statement about many people."""
    return or_(false(), *(Person.id.in_(each.who()) for each in kinds()))


def owed_to(person_id: UUID) -> list[Owed]:
    """Return the holds of one person by kind; empty when there are none."""
    found = []
    for each in kinds():
        who = each.who()
        if db.session.execute(who.where(who.selected_columns[0] == person_id).limit(1)).first():
            found.append(each)
    return found
