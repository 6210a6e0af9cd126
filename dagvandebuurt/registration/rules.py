"""Rules of registration: the day, session choices, and the last place."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import Domain, ParticipantRole, Person
from dagvandebuurt.people.queries import person_by_email
from dagvandebuurt.people.rules import new_person
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.models import Edition, Phase, ProgrammeSession
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.registration import waiting_list
from dagvandebuurt.registration.errors import (
    Clash,
    OfferOver,
    OneSeatAtATime,
    RegistrationClosed,
    SessionOver,
    TooFewPlaces,
)
from dagvandebuurt.registration.models import WANTS, Entry, PlaceStatus, Registration, SessionChoice
from dagvandebuurt.registration.permissions import RegistrationPermission
from dagvandebuurt.registration.queries import (
    choice_of,
    choices_of,
    registration_of,
    sessions_at_that_time,
)


class Meanwhile(StrEnum):
    """Choice between overlapping sessions."""

    ASK = ""
    SWAP = "wissel"
    KEEP = "beide"


@command(needs=RegistrationPermission.REGISTER)
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
    """Register a person for the day, until they confirm. Idempotent.

    For a known address nothing changes: somebody else may have typed it. Of one that was never confirmed
    nothing is decided: each form waits for its mail (`registration.pending_registrations`). The person is
    returned so that the right mail goes to that address, and nowhere else.
    """
    takes_people = edition.status is EditionStatus.OPEN
    if not takes_people or not edition.registration_opens_at <= now < edition.registration_closes_at:
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
    if not person.has_account:
        request_place(person.id, edition, now=now)
    return person


def request_place(person_id: UUID, edition: Edition, *, now: datetime) -> None:
    """Request a place on the day, until it is confirmed. Idempotent."""
    if registration_of(person_id, edition) is None:
        db.session.add(
            Registration(
                edition_id=edition.id,
                person_id=person_id,
                status=PlaceStatus.REQUESTED,
                registered_at=now,
            )
        )
        db.session.flush()


def confirm(person_id: UUID, edition: Edition, *, now: datetime) -> Registration | None:
    """Confirm the address: the place on the day, or on the waiting list, is final."""
    registration = registration_of(person_id, edition)
    if registration is not None and registration.status is PlaceStatus.REQUESTED:
        _come(registration, edition, now)
    return registration


@command(needs=RegistrationPermission.READ_OWN)
def come(actor: Actor, edition: Edition, *, now: datetime) -> Registration:
    """Take a place on the day: accept an offer, or register again. Idempotent.

    Raises OfferOver when the offer lapsed, and RegistrationClosed after the last moment.
    """
    assert actor.id is not None
    waiting_list.lock(edition)
    registration = registration_of(actor.id, edition)
    if registration is None:
        registration = Registration(
            edition_id=edition.id, person_id=actor.id, status=PlaceStatus.CANCELLED, registered_at=now
        )
        db.session.add(registration)
    _require_in_time(registration, now)
    if registration.status is PlaceStatus.CANCELLED and now >= edition.registration_closes_at:
        raise RegistrationClosed
    _come(registration, edition, now)
    return registration


def _come(registration: Registration, edition: Edition, now: datetime) -> None:
    waiting_list.lock(edition)
    waiting_list.enter(edition, registration, now=now)
    if registration.status is PlaceStatus.CONFIRMED and registration.confirmed_at is None:
        registration.confirmed_at = now


@command(needs=RegistrationPermission.READ_OWN)
def withdraw(actor: Actor, edition: Edition, *, now: datetime) -> None:
    """Cancel: the place on the day and those in sessions go to the waiting lists."""
    assert actor.id is not None
    choices = db.session.scalars(
        select(SessionChoice)
        .join(ProgrammeSession, ProgrammeSession.id == SessionChoice.session_id)
        .where(
            SessionChoice.person_id == actor.id,
            SessionChoice.status.in_(WANTS),
            ProgrammeSession.edition_id == edition.id,
        )
        .options(joinedload(SessionChoice.session))
    ).all()
    waiting_list.lock(edition, *(choice.session for choice in choices))
    registration = registration_of(actor.id, edition)
    if registration is not None and registration.status is not PlaceStatus.CANCELLED:
        waiting_list.leave(edition, registration, now=now)
    for choice in choices:
        waiting_list.leave(choice.session, choice, now=now)


@command(needs=RegistrationPermission.CHOOSE)
def choose(
    actor: Actor, session: ProgrammeSession, *, now: datetime, meanwhile: Meanwhile = Meanwhile.ASK
) -> SessionChoice:
    """Add a session to one's programme: take a place or join the waiting list, or accept an offer.
    Idempotent.

    Raises Clash when they have a place in another session at that time, until `meanwhile` says what becomes
    of that one: nobody holds two places at once by accident, also from two tabs at once.
    """
    assert actor.id is not None
    if session.phase_at(now) in (Phase.ENDED, Phase.CANCELLED):
        raise SessionOver
    # Serialise the choices of one person: the next one sees the result of this one.
    db.session.execute(select(Person.id).where(Person.id == actor.id).with_for_update(key_share=True))
    others = sessions_at_that_time(actor, session)
    waiting_list.lock(session, *others)
    choice = choice_of(actor, session.id)
    if choice is not None and choice.status in (PlaceStatus.CONFIRMED, PlaceStatus.WAITLISTED):
        return choice
    if others and meanwhile is Meanwhile.ASK:
        raise Clash(other=others[0].title)
    if others and meanwhile is Meanwhile.KEEP and not may_keep_both(session, others):
        raise OneSeatAtATime(other=others[0].title)
    if choice is None:
        choice = SessionChoice(
            session_id=session.id, person_id=actor.id, status=PlaceStatus.CANCELLED, chosen_at=now
        )
        db.session.add(choice)
    _require_in_time(choice, now)
    choice.chosen_at = now
    waiting_list.enter(session, choice, now=now)
    if meanwhile is Meanwhile.SWAP and choice.status is PlaceStatus.CONFIRMED:
        for other in others:
            leave_session(actor, other, now=now)
    return choice


def may_keep_both(session: ProgrammeSession, others: Sequence[ProgrammeSession]) -> bool:
    """Return whether both sessions may be kept: not when both are scarce."""
    return session.capacity is None or all(other.capacity is None for other in others)


@command(needs=RegistrationPermission.CHOOSE)
def leave_session(actor: Actor, session: ProgrammeSession, *, now: datetime) -> None:
    """Leave a session. The place is offered to the first on the waiting list. Idempotent."""
    waiting_list.lock(session)
    choice = choice_of(actor, session.id)
    if choice is not None and choice.status is not PlaceStatus.CANCELLED:
        waiting_list.leave(session, choice, now=now)


def choose_for_another(
    them: Identity, sessions: Iterable[ProgrammeSession], wanted: Collection[str], *, now: datetime
) -> list[str]:
    """Replace the sessions of somebody who is helped by the wanted ones (ids); those that are over stay. The helper's
    permission was checked before. Return a sentence for each that is full, or overlaps another.
    """
    told, before = [], choices_of(them)
    for session in sessions:
        is_wanted = str(session.id) in wanted
        if session.id in before and not is_wanted and session.phase_at(now) != Phase.ENDED:
            leave_session(them, session, now=now)
        elif session.id not in before and is_wanted:
            try:
                choice = choose(them, session, now=now)
            except RuleBroken as broken:
                told.append(f"{session.title}: {broken.message}")
            else:
                if choice.status is PlaceStatus.WAITLISTED:
                    told.append(_("%(title)s is vol: op de wachtlijst.", title=session.title))
    return told


@command(needs=ProgrammePermission.EDIT)
def set_capacity(_actor: Actor, holder: waiting_list.Holder, *, capacity: int | None, now: datetime) -> None:
    """Change the number of places.

    More are offered to the waiting list at once. Raises TooFewPlaces for fewer than are taken: nobody loses
    a place silently.
    """
    waiting_list.lock(holder)
    if capacity is not None and capacity < holder.taken:
        raise TooFewPlaces(taken=holder.taken)
    holder.capacity = capacity
    db.session.flush()
    waiting_list.pass_on(holder, now=now)


def fit_capacity(session: ProgrammeSession, *, now: datetime) -> None:
    """Apply the capacity that a new programme changed already, in this transaction."""
    db.session.flush()
    waiting_list.lock(session)
    if session.capacity is not None and session.capacity < session.taken:
        raise TooFewPlaces(taken=session.taken, title=session.title)
    waiting_list.pass_on(session, now=now)


def pass_on_lapsed(entry: Entry, *, now: datetime) -> bool:
    """Offer a lapsed place to the next in line. Return False when there was nothing to do."""
    holder = waiting_list.holder_of(entry)
    waiting_list.lock(holder)
    return waiting_list.lapse(holder, entry, now=now)


def _require_in_time(entry: Entry, now: datetime) -> None:
    if entry.status is PlaceStatus.OFFERED and (entry.offered_until is None or entry.offered_until <= now):
        raise OfferOver
