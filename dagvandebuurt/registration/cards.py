"""Registering somebody else, and the card with which they come in.

The link has 128 bits and stands on paper as a QR code. The number has ten digits, to be said by phone: who
guesses is slowed down at the door, and 2,000 cards among 10,000 million numbers are not found that way.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from dagvandebuurt.core import keys
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, rule
from dagvandebuurt.people.models import ParticipantRole, Role
from dagvandebuurt.people.rules import new_person, rights_changed
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.registration import places
from dagvandebuurt.registration.errors import CardUnknown, RegistrationClosed, TooManyOthers
from dagvandebuurt.registration.models import EntryCard, PlaceStatus, Registration
from dagvandebuurt.registration.permissions import RegistrationPermission

NUMBER_DIGITS = 10
WORKS_AFTER_THE_DAY = timedelta(days=14)
MOST_OTHERS, MOST_FOR_SUPPORTERS = 10, 200


@rule(needs=RegistrationPermission.REGISTER_OTHERS)
def register_other(
    actor: Actor,
    edition: Edition,
    *,
    name: str,
    participant_role: ParticipantRole,
    neighbourhood: str | None,
    now: datetime,
) -> EntryCard:
    """Write somebody down who has no address, and make their card. The helper says that they agreed.
    Raises RegistrationClosed, and TooManyOthers for more than one person can speak for."""
    if not edition.registration_opens_at <= now < edition.ends_at:
        raise RegistrationClosed
    most = MOST_FOR_SUPPORTERS if actor.holds(Role.SUPPORTER) else MOST_OTHERS
    if number_of_others(actor, edition) >= most:
        raise TooManyOthers(most)
    person = new_person(
        name=name,
        email=None,
        now=now,
        participant_role=participant_role,
        neighbourhood=neighbourhood or None,
        privacy_accepted_at=now,
    )
    db.session.flush()
    registration = Registration(
        edition_id=edition.id, person_id=person.id, status=PlaceStatus.REQUESTED, registered_at=now
    )
    db.session.add(registration)
    places.lock(edition)
    places.enter(edition, registration, now=now)
    if registration.status is PlaceStatus.CONFIRMED:
        registration.confirmed_at = now
    card = EntryCard(
        edition_id=edition.id, person_id=person.id, helper_id=actor.id, serial=1, agreed_at=now,
        link_print="", number_print="",
    )  # fmt: skip
    _print(card)
    db.session.add(card)
    db.session.flush()
    return card


@rule(needs=RegistrationPermission.HELP)
def replace_card(_actor: Actor, card: EntryCard) -> None:
    """A lost card: the old one works no longer."""
    card.serial += 1
    _print(card)


@rule(needs=RegistrationPermission.HELP)
def rename_other(_actor: Actor, card: EntryCard, *, name: str) -> None:
    """Put their name right."""
    card.person.name = name
    rights_changed(card.person_id)  # open pages know them by it


def link_of(card: EntryCard) -> str:
    """The secret in the QR code: 22 letters."""
    return keys.pseudonym(card.edition_id, f"card link {card.serial}", card.id)


def number_of(card: EntryCard) -> str:
    """The same, to say by phone: ten digits."""
    secret = keys.fingerprint(card.edition_id, f"card number {card.serial} {card.id}".encode())
    return f"{int(secret, 16) % 10**NUMBER_DIGITS:0{NUMBER_DIGITS}d}"


def by_link(link: str, edition: Edition, *, now: datetime) -> EntryCard:
    """Raises CardUnknown."""
    return _found(EntryCard.link_print, link, edition, now)


def by_number(number: str, edition: Edition, *, now: datetime) -> EntryCard:
    """The digits as typed, with or without spaces. Raises CardUnknown."""
    return _found(EntryCard.number_print, number, edition, now)


def number_of_others(actor: Actor, edition: Edition) -> int:
    return (
        db.session.scalar(
            select(func.count()).where(EntryCard.helper_id == actor.id, EntryCard.edition_id == edition.id)
        )
        or 0
    )


def _found(column: InstrumentedAttribute[str], secret: str, edition: Edition, now: datetime) -> EntryCard:
    if now > edition.ends_at + WORKS_AFTER_THE_DAY:
        raise CardUnknown
    stored = _fingerprint(edition.id, secret)
    card = db.session.scalar(select(EntryCard).where(column == stored))
    if card is None:
        raise CardUnknown
    return card


def _print(card: EntryCard) -> None:
    card.link_print = _fingerprint(card.edition_id, link_of(card))
    card.number_print = _fingerprint(card.edition_id, number_of(card))


def _fingerprint(edition_id: UUID, secret: str) -> str:
    return keys.fingerprint(edition_id, secret.encode())
