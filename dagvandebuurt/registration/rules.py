"""Registering for the day, choosing sessions, and the last seat."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.facts import record
from dagvandebuurt.core.permissions import Actor, rule
from dagvandebuurt.people.models import Domain, ParticipantRole, Person
from dagvandebuurt.people.queries import person_by_email
from dagvandebuurt.people.rules import new_person
from dagvandebuurt.programme.models import Edition, Phase, ProgrammeSession
from dagvandebuurt.registration.errors import RegistrationClosed, SessionOver
from dagvandebuurt.registration.facts import PlaceOffered
from dagvandebuurt.registration.models import (
    ChoiceStatus,
    Registration,
    RegistrationStatus,
    SessionChoice,
)
from dagvandebuurt.registration.permissions import RegistrationPermission
from dagvandebuurt.registration.queries import choice_of, registration_of


@rule(needs=RegistrationPermission.REGISTER)
def register(
    _actor: Actor,
    edition: Edition,
    *,
    name: str,
    email: str,
    participant_role: ParticipantRole,
    domain: Domain | None,
    neighbourhood: str | None,
    house_rules_version: int | None,
    language: str,
    now: datetime,
) -> Person:
    """Write somebody down for the day, until they confirm. Safe to repeat.

    For an address we know nothing changes: whoever typed it may be somebody else. The person is
    returned so that the right mail goes to that address, and nowhere else.
    """
    if not edition.registration_opens_at <= now < edition.registration_closes_at:
        raise RegistrationClosed(opens_at=edition.registration_opens_at.isoformat())
    person = person_by_email(email)
    if person is None:
        person = new_person(
            name=name,
            email=email,
            now=now,
            participant_role=participant_role,
            domain=domain,
            neighbourhood=neighbourhood or None,
            house_rules_version=house_rules_version,
            privacy_accepted_at=now,
            language=language,
        )
        db.session.flush()
    if registration_of(person.id, edition) is None:
        db.session.add(
            Registration(
                edition_id=edition.id,
                person_id=person.id,
                status=RegistrationStatus.REQUESTED,
                registered_at=now,
            )
        )
    return person


def confirm(person_id: UUID, edition: Edition, *, now: datetime) -> Registration | None:
    """The address turned out to be theirs: the place on the day is real."""
    registration = registration_of(person_id, edition)
    if registration is not None and registration.status is RegistrationStatus.REQUESTED:
        registration.status = RegistrationStatus.CONFIRMED
        registration.confirmed_at = now
    return registration


@rule(needs=RegistrationPermission.READ_OWN)
def withdraw(actor: Actor, edition: Edition, *, now: datetime) -> None:
    """Not coming after all: the place on the day and those in sessions go to others."""
    assert actor.id is not None
    registration = registration_of(actor.id, edition)
    if registration is not None:
        registration.status = RegistrationStatus.CANCELLED
    sessions = db.session.scalars(
        select(ProgrammeSession)
        .join(SessionChoice, SessionChoice.session_id == ProgrammeSession.id)
        .where(
            SessionChoice.person_id == actor.id,
            SessionChoice.status != ChoiceStatus.CANCELLED,
            ProgrammeSession.edition_id == edition.id,
        )
    ).all()
    for session in sessions:
        let_go(actor, session, now=now)


@rule(needs=RegistrationPermission.CHOOSE)
def choose(actor: Actor, session: ProgrammeSession, *, now: datetime) -> SessionChoice:
    """Put a session in one's own programme: a place, or a spot on the waiting list. Safe to repeat."""
    if session.phase_at(now) in (Phase.ENDED, Phase.CANCELLED):
        raise SessionOver
    earlier = choice_of(actor, session.id)
    if earlier is not None and earlier.status is not ChoiceStatus.CANCELLED:
        return earlier
    status = ChoiceStatus.CONFIRMED if _claim_seat(session) else ChoiceStatus.WAITLISTED
    if earlier is not None:
        earlier.status, earlier.chosen_at = status, now
        return earlier
    assert actor.id is not None
    choice = SessionChoice(session_id=session.id, person_id=actor.id, status=status, chosen_at=now)
    db.session.add(choice)
    return choice


@rule(needs=RegistrationPermission.CHOOSE)
def let_go(actor: Actor, session: ProgrammeSession, *, now: datetime) -> None:
    """Take a session out of one's programme. The seat goes to the first in line. Safe to repeat."""
    choice = choice_of(actor, session.id)
    if choice is None or choice.status is ChoiceStatus.CANCELLED:
        return
    had_seat = choice.status is ChoiceStatus.CONFIRMED
    choice.status = ChoiceStatus.CANCELLED
    db.session.flush()
    if had_seat:
        _give_back_seat(session)
        _promote(session, now)


def _claim_seat(session: ProgrammeSession) -> bool:
    """Take one seat if there is one. One statement, so two people cannot take the last."""
    claimed = db.session.scalar(
        update(ProgrammeSession)
        .where(
            ProgrammeSession.id == session.id,
            (ProgrammeSession.capacity.is_(None)) | (ProgrammeSession.taken < ProgrammeSession.capacity),
        )
        .values(taken=ProgrammeSession.taken + 1)
        .returning(ProgrammeSession.id)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(session, ["taken"])
    return claimed is not None


def _give_back_seat(session: ProgrammeSession) -> None:
    db.session.execute(
        update(ProgrammeSession)
        .where(ProgrammeSession.id == session.id, ProgrammeSession.taken > 0)
        .values(taken=ProgrammeSession.taken - 1)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(session, ["taken"])


def _promote(session: ProgrammeSession, now: datetime) -> None:
    """The first in line gets the seat, as long as the session has not begun."""
    if session.starts_at - timedelta(minutes=1) <= now:
        return
    first = db.session.scalar(
        select(SessionChoice)
        .where(SessionChoice.session_id == session.id, SessionChoice.status == ChoiceStatus.WAITLISTED)
        .order_by(SessionChoice.chosen_at, SessionChoice.id)
        .limit(1)
    )
    if first is not None and _claim_seat(session):
        first.status = ChoiceStatus.CONFIRMED
        record(PlaceOffered(first.id))
