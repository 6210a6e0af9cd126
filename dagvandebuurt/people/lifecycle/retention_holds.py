"""Retention holds: what people still wait for, and why their account stays.

Answers take four to eight weeks, the work after them months. A person who waits for one keeps their account
until it has come and they were notified. Sections register what they owe and to whom; retention, the yearly
question and cards all ask here, so they cannot disagree.
Anonymous questions are not included: an account that stays for no visible reason would reveal who asked. The
private link of such a question works without an account.
"""

from operator import attrgetter
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_

from dagvandebuurt.core.db import db
from dagvandebuurt.core.personal_data import Owed, personal_data
from dagvandebuurt.people.models import Person


def kinds() -> list[Owed]:
    """Return all kinds of holds by name."""
    return sorted((each for there in personal_data() for each in there.owed), key=attrgetter("kind"))


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
