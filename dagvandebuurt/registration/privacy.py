"""How long this room keeps who came, and what becomes of a place when its person is deleted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import keeps
from dagvandebuurt.people.forgetting import forgets
from dagvandebuurt.people.models import Person
from dagvandebuurt.people.privacy import reason_to_stay
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.registration import places
from dagvandebuurt.registration.models import EntryCard, PlaceStatus, Registration, SessionChoice


@reason_to_stay
def comes_to_a_day(before: datetime) -> ColumnElement[bool]:
    """Whoever registered stays until long after that day."""
    return exists().where(
        Registration.person_id == Person.id,
        Registration.edition_id == Edition.id,
        Edition.ends_at >= before,
    )


@keeps(
    "registration",
    order=40,
    what=_l("Dat je kwam, en welke sessies je koos"),
    why=_l("Om je een plek te geven, en je programma te laten zien."),
    until=_l("90 dagen na de dag. Daarna blijft alleen over hoeveel mensen er waren."),
    days=90,
)
def days_long_ago(before: datetime) -> int:
    """Places on days and in sessions that were long ago. Their number stays with the day and the session."""
    past = select(Edition.id).where(Edition.ends_at < before)
    sessions = select(ProgrammeSession.id).where(ProgrammeSession.edition_id.in_(past))
    return sum(
        db.session.execute(statement).rowcount  # type: ignore[attr-defined]
        for statement in (
            delete(EntryCard).where(EntryCard.edition_id.in_(past)),
            delete(SessionChoice).where(SessionChoice.session_id.in_(sessions)),
            delete(Registration).where(Registration.edition_id.in_(past)),
        )
    )


@forgets
def give_places_back(person_id: UUID, now: datetime) -> None:
    """The places of who goes are for who waits."""
    entries: list[places.Entry] = [
        *db.session.scalars(select(SessionChoice).where(SessionChoice.person_id == person_id)),
        *db.session.scalars(select(Registration).where(Registration.person_id == person_id)),
    ]
    places.lock(*(places.holder_of(entry) for entry in entries))
    for entry in entries:
        if entry.status is not PlaceStatus.CANCELLED:
            places.leave(places.holder_of(entry), entry, now=now)
