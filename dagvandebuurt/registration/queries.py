"""Queries for registrations, choices and cards."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.people.models import MutedMail, Person
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionStatus
from dagvandebuurt.programme.queries import with_everything
from dagvandebuurt.registration.models import WANTS, EntryCard, PlaceStatus, Registration, SessionChoice


def registration_of(person_id: UUID, edition: Edition) -> Registration | None:
    return db.session.scalar(
        select(Registration).where(Registration.person_id == person_id, Registration.edition_id == edition.id)
    )


def choice_of(actor: Actor, session_id: UUID) -> SessionChoice | None:
    """Return the choice of `actor` for a session, also one they gave up."""
    if actor.id is None:
        return None
    return db.session.scalar(
        select(SessionChoice).where(
            SessionChoice.person_id == actor.id, SessionChoice.session_id == session_id
        )
    )


def choices_of(actor: Actor) -> dict[UUID, PlaceStatus]:
    """Return session → status of `actor`, without what they gave up."""
    if actor.id is None:
        return {}
    rows = db.session.execute(
        select(SessionChoice.session_id, SessionChoice.status).where(
            SessionChoice.person_id == actor.id, SessionChoice.status != PlaceStatus.CANCELLED
        )
    )
    return {row.session_id: row.status for row in rows}


def certain_choices(person_id: UUID) -> Sequence[SessionChoice]:
    """Return sessions with a confirmed place, in the order of the day."""
    return db.session.scalars(
        select(SessionChoice)
        .join(SessionChoice.session)
        .where(SessionChoice.person_id == person_id, SessionChoice.status == PlaceStatus.CONFIRMED)
        .options(joinedload(SessionChoice.session), joinedload(SessionChoice.person))
        .order_by(ProgrammeSession.starts_at, SessionChoice.id)
    ).all()


def programme_of(person_id: UUID) -> Sequence[ProgrammeSession]:
    """Return somebody's sessions in the order of the day, with what a list shows of them."""
    return db.session.scalars(
        with_everything(
            select(ProgrammeSession)
            .join(SessionChoice, SessionChoice.session_id == ProgrammeSession.id)
            .where(SessionChoice.person_id == person_id, SessionChoice.status != PlaceStatus.CANCELLED)
            .order_by(ProgrammeSession.starts_at, ProgrammeSession.title)
        )
    ).all()


def my_programme(actor: Actor) -> Sequence[ProgrammeSession]:
    """Return those of `actor`; nothing for an anonymous visitor."""
    return programme_of(actor.id) if actor.id is not None else []


def overlaps(sessions: Sequence[ProgrammeSession]) -> list[tuple[ProgrammeSession, ProgrammeSession]]:
    """Return each pair of overlapping sessions. Back to back does not overlap."""
    return [
        (first, second)
        for number, first in enumerate(sessions)
        for second in sessions[number + 1 :]
        if first.starts_at < second.ends_at and second.starts_at < first.ends_at
    ]


def sessions_at_that_time(actor: Actor, session: ProgrammeSession) -> Sequence[ProgrammeSession]:
    """Return overlapping sessions in which `actor` has a place. Back to back does not overlap."""
    return db.session.scalars(
        select(ProgrammeSession)
        .join(SessionChoice, SessionChoice.session_id == ProgrammeSession.id)
        .where(
            SessionChoice.person_id == actor.id,
            SessionChoice.status == PlaceStatus.CONFIRMED,
            ProgrammeSession.id != session.id,
            ProgrammeSession.status != SessionStatus.CANCELLED,
            ProgrammeSession.starts_at < session.ends_at,
            ProgrammeSession.ends_at > session.starts_at,
        )
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title)
    ).all()


def place_in_line(entry: Registration | SessionChoice) -> int:
    """Return the position on the waiting list, from 1."""
    line = type(entry)
    holder = line.edition_id if isinstance(entry, Registration) else line.session_id  # type: ignore[union-attr]
    of_holder = holder == (entry.edition_id if isinstance(entry, Registration) else entry.session_id)
    earlier = db.session.scalar(
        select(func.count())
        .select_from(line)
        .where(of_holder, line.status == PlaceStatus.WAITLISTED, line.lined_up_at < entry.lined_up_at)
    )
    return (earlier or 0) + 1


def waiting_positions(actor: Actor) -> dict[UUID, int]:
    """Return session → position of `actor` on its waiting list, from 1."""
    waiting = db.session.scalars(
        select(SessionChoice).where(
            SessionChoice.person_id == actor.id, SessionChoice.status == PlaceStatus.WAITLISTED
        )
    )
    return {choice.session_id: place_in_line(choice) for choice in waiting.all()}


def open_offers(actor: Actor, now: datetime) -> Sequence[SessionChoice]:
    """Return the offers to `actor` that wait for acceptance, the most urgent first."""
    return db.session.scalars(
        select(SessionChoice)
        .where(
            SessionChoice.person_id == actor.id,
            SessionChoice.status == PlaceStatus.OFFERED,
            SessionChoice.offered_until > now,
        )
        .options(joinedload(SessionChoice.session))
        .order_by(SessionChoice.offered_until)
    ).all()


def lapsed_offers(now: datetime) -> list[tuple[type[Registration] | type[SessionChoice], UUID]]:
    """Return lapsed offers, in the order in which they lapsed."""
    found = [
        (row.offered_until, kind, row.id)
        for kind in (Registration, SessionChoice)
        for row in db.session.execute(
            select(kind.id, kind.offered_until).where(
                kind.status == PlaceStatus.OFFERED, kind.offered_until <= now
            )
        )
    ]
    return [(kind, entry_id) for _until, kind, entry_id in sorted(found, key=lambda each: (each[0], each[2]))]


def cards_by(actor: Actor) -> Sequence[EntryCard]:
    """Return the people `actor` registered, by name: for every day, as long as their card is kept."""
    return db.session.scalars(
        select(EntryCard)
        .join(EntryCard.person)
        .where(EntryCard.helper_id == actor.id)
        .options(joinedload(EntryCard.person), joinedload(EntryCard.edition))
        .order_by(Person.name, EntryCard.id)
    ).all()


def card_by(actor: Actor, card_id: UUID) -> EntryCard:
    """Return one of those. Raises NotFound alike for an unknown one and another helper's."""
    card = db.session.scalar(
        select(EntryCard)
        .where(EntryCard.id == card_id, EntryCard.helper_id == actor.id)
        .options(joinedload(EntryCard.person).selectinload(Person.grants))
    )
    if actor.id is None or card is None:
        raise NotFound
    return card


def choices_in(session: ProgrammeSession) -> Sequence[SessionChoice]:
    """Return everybody with a place in a session or on its waiting list."""
    return db.session.scalars(
        select(SessionChoice)
        .where(SessionChoice.session_id == session.id, SessionChoice.status.in_(WANTS))
        .options(joinedload(SessionChoice.person))
        .order_by(SessionChoice.id)
    ).all()


def mailed_about(session_ids: Collection[UUID]) -> dict[UUID, int]:
    """Count the people who get a mail when one of these sessions moves: those who chose it, with an address
    of their own and without having switched these mails off."""
    switched_off = select(MutedMail.person_id).where(MutedMail.subject == "changed")
    found = db.session.execute(
        select(SessionChoice.session_id, func.count())
        .join(SessionChoice.person)
        .where(
            SessionChoice.session_id.in_(session_ids),
            SessionChoice.status.in_(WANTS),
            Person.email.is_not(None),
            Person.email_confirmed_at.is_not(None),
            Person.id.not_in(switched_off),
        )
        .group_by(SessionChoice.session_id)
    )
    return {row[0]: row[1] for row in found}


def soon(now: datetime, within: timedelta) -> Sequence[SessionChoice]:
    """Return places in sessions that begin within that time."""
    return db.session.scalars(
        select(SessionChoice)
        .join(SessionChoice.session)
        .where(
            SessionChoice.status == PlaceStatus.CONFIRMED,
            ProgrammeSession.status == SessionStatus.SCHEDULED,
            ProgrammeSession.starts_at > now,
            ProgrammeSession.starts_at <= now + within,
        )
        .options(joinedload(SessionChoice.person), joinedload(SessionChoice.session))
        .order_by(ProgrammeSession.starts_at, SessionChoice.id)
    ).all()


def attendees(edition: Edition) -> Sequence[Person]:
    """Return everybody with a confirmed place on the day."""
    return db.session.scalars(
        select(Person)
        .join(Registration, Registration.person_id == Person.id)
        .where(Registration.edition_id == edition.id, Registration.status == PlaceStatus.CONFIRMED)
        .order_by(Person.id)
    ).all()


def programmes_of(edition: Edition) -> dict[UUID, list[ProgrammeSession]]:
    """Return person → sessions in which they have a place, in the order of the day."""
    rows = db.session.execute(
        select(SessionChoice.person_id, ProgrammeSession)
        .join(SessionChoice.session)
        .where(
            ProgrammeSession.edition_id == edition.id,
            ProgrammeSession.status == SessionStatus.SCHEDULED,
            SessionChoice.status == PlaceStatus.CONFIRMED,
        )
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title)
    )
    found: dict[UUID, list[ProgrammeSession]] = defaultdict(list)
    for person_id, session in rows:
        found[person_id].append(session)
    return found
