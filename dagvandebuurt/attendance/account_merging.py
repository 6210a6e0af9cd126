"""Account merging: visits of a guest move to the account they turn out to have."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from dagvandebuurt.attendance import rules
from dagvandebuurt.attendance.models import Unlisted, Visit
from dagvandebuurt.attendance.queries import counted_visits_of, visitor_key
from dagvandebuurt.core.db import db
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import Person


def one_visitor(guest_id: UUID, into_id: UUID, now: datetime) -> None:
    """Move the visits; overlapping ones are joined when read. If either is unlisted, so is the account."""
    for visit in counted_visits_of(guest_id):
        visit.visitor_key = visitor_key(visit.session_id, into_id)
    moved = db.session.execute(
        update(Visit)
        .where(Visit.person_id == guest_id)
        .values(person_id=into_id)
        .execution_options(synchronize_session=False)
    )
    db.session.flush()
    off = set(
        db.session.scalars(select(Unlisted.person_id).where(Unlisted.person_id.in_((guest_id, into_id))))
    )
    if guest_id in off or (into_id in off and moved.rowcount):  # type: ignore[attr-defined]
        into = db.session.get_one(Person, into_id)
        rules.stay_off_the_list(Identity.of(into, grants=()), None, now=now)
