"""Who is still owed something: the one place that asks every room.

Answers take four to eight weeks, the work after them months. Whoever waits for one keeps their account until
it ended and they were told. A room signs up what it owes to whom; retention, the yearly question and cards
all ask here, so none of them can disagree.

What somebody asked anonymously is not among it: an account that stays for no visible reason would say who
asked. The way back of such a question works without one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_

from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import Person

WhoIsOwed = Callable[[], Select[Any]]  # the ids of everybody to whom this is owed; None among them is nobody


@dataclass(frozen=True)
class Owed:
    """One kind of thing that can be open for somebody. `words` complete *er staat nog iets voor je open:*."""

    kind: str
    words: Any
    who: WhoIsOwed


_owed: dict[str, Owed] = {}


def owes(kind: str, words: Any) -> Callable[[WhoIsOwed], WhoIsOwed]:
    """Sign up a function without arguments that selects the ids of everybody who is owed this. Safe to
    repeat."""

    def register(who: WhoIsOwed) -> WhoIsOwed:
        _owed[kind] = Owed(kind, words, who)
        return who

    return register


def kinds() -> list[Owed]:
    """Everything that can be owed, by name."""
    return [_owed[kind] for kind in sorted(_owed)]


def is_owed_something() -> ColumnElement[bool]:
    """A condition about Person, for one statement about many people."""
    return or_(false(), *(Person.id.in_(each.who()) for each in kinds()))


def owed_to(person_id: UUID) -> list[Owed]:
    """What is open for one person, by kind; empty when nothing is."""
    found = []
    for each in kinds():
        who = each.who()
        if db.session.execute(who.where(who.selected_columns[0] == person_id).limit(1)).first():
            found.append(each)
    return found
