"""Entry cards: registration on behalf of people without e-mail, and the QR code and number they log in with.

The link has 128 bits and stands on paper as a QR code. The number has ten digits, to be said by phone:
guessing is throttled, and 2,000 cards among 10,000 million numbers are not found that way.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.people.lifecycle.retention_holds import owed_to
from dagvandebuurt.people.models import ParticipantRole, Role
from dagvandebuurt.people.rules import new_person, rights_changed
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.registration import waiting_list
from dagvandebuurt.registration.errors import CardUnknown, RegistrationClosed, TooManyOthers
from dagvandebuurt.registration.hooks import page_of_number
from dagvandebuurt.registration.models import EntryCard, PlaceStatus, Registration
from dagvandebuurt.registration.permissions import RegistrationPermission

NUMBER_DIGITS = 10
WORKS_AFTER_THE_DAY = timedelta(days=14)
MOST_OTHERS, MOST_FOR_SUPPORTERS = 10, 200


@command(needs=RegistrationPermission.REGISTER_OTHERS)
def register_other(
    actor: Actor,
    edition: Edition,
    *,
    name: str,
    participant_role: ParticipantRole,
    neighbourhood: str | None,
    now: datetime,
    helper_hears: bool = False,
) -> EntryCard:
    """Register a person without an address, and make their card.

    The helper confirms their consent. Raises RegistrationClosed, and TooManyOthers for more than one person
    can speak for.
    """
    if not edition.registration_opens_at <= now < edition.ends_at:
        raise RegistrationClosed
    most = MOST_FOR_SUPPORTERS if actor.holds(Role.SUPPORTER) else MOST_OTHERS
    if number_of_others(actor, edition) >= most:
        raise TooManyOthers(most)
    return _register(
        edition, name, participant_role, neighbourhood, now, helper_id=actor.id, helper_hears=helper_hears
    )


@command(needs=RegistrationPermission.ANSWER_PHONE)
def register_caller(
    _actor: Actor,
    edition: Edition,
    *,
    name: str,
    participant_role: ParticipantRole,
    neighbourhood: str | None,
    now: datetime,
) -> EntryCard:
    """Register somebody who rings and has no address, and make their card. The card is nobody's to look after:
    each later look at it goes through the phone desk, which records it. Raises RegistrationClosed.
    """
    if not edition.registration_opens_at <= now < edition.ends_at:
        raise RegistrationClosed
    return _register(edition, name, participant_role, neighbourhood, now)


@command(needs=RegistrationPermission.ANSWER_PHONE)
def renew_for_caller(_actor: Actor, card: EntryCard) -> None:
    """Replace the card of somebody who rings: the old one stops working."""
    card.serial += 1
    _set_fingerprints(card)


def _register(
    edition: Edition,
    name: str,
    participant_role: ParticipantRole,
    neighbourhood: str | None,
    now: datetime,
    *,
    helper_id: UUID | None = None,
    helper_hears: bool = False,
) -> EntryCard:
    """Make a person without an address, their place on the day, and their card."""
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
    waiting_list.lock(edition)
    waiting_list.enter(edition, registration, now=now)
    if registration.status is PlaceStatus.CONFIRMED:
        registration.confirmed_at = now
    card = EntryCard(
        edition_id=edition.id, person_id=person.id, helper_id=helper_id, serial=1, agreed_at=now,
        link_print="", number_print="", helper_hears_at=now if helper_hears else None,
    )  # fmt: skip
    _set_fingerprints(card)
    db.session.add(card)
    db.session.flush()
    return card


@command(needs=RegistrationPermission.HELP)
def replace_card(_actor: Actor, card: EntryCard) -> None:
    """Replace a lost card: the old one stops working."""
    card.serial += 1
    _set_fingerprints(card)


@command(needs=RegistrationPermission.HELP)
def let_helper_hear(_actor: Actor, card: EntryCard, *, hears: bool, now: datetime) -> None:
    """Record or withdraw consent that the helper reads what becomes of their signed questions."""
    card.helper_hears_at = (card.helper_hears_at or now) if hears else None


@command(needs=RegistrationPermission.HELP)
def rename_other(_actor: Actor, card: EntryCard, *, name: str) -> None:
    """Correct their name."""
    card.person.name = name
    rights_changed(card.person_id)  # open pages use the person's name


def link_of(card: EntryCard) -> str:
    """Return the secret in the QR code: 22 letters."""
    return pseudonyms.pseudonym(card.edition_id, f"card link {card.serial}", card.id)


def number_of(card: EntryCard) -> str:
    """Return the ten digits, to say by phone."""
    secret = pseudonyms.fingerprint(card.edition_id, f"card number {card.serial} {card.id}".encode())
    return f"{int(secret, 16) % 10**NUMBER_DIGITS:0{NUMBER_DIGITS}d}"


def by_link(link: str, *, now: datetime) -> EntryCard:
    """Return the card of a link. Raises CardUnknown."""
    return _found(EntryCard.link_print, link, now)


def by_number(number: str, *, now: datetime) -> EntryCard:
    """Return the card of a number as typed, with or without spaces. Raises CardUnknown."""
    return _found(EntryCard.number_print, number, now)


def path_of_number(number: str) -> str | None:
    """Return the page of such a number; None for an unknown one."""
    return next((path for path in page_of_number(number) if path is not None), None)


def number_of_others(actor: Actor, edition: Edition) -> int:
    return (
        db.session.scalar(
            select(func.count()).where(EntryCard.helper_id == actor.id, EntryCard.edition_id == edition.id)
        )
        or 0
    )


def still_works(card: EntryCard, *, now: datetime) -> bool:
    """Return whether the card is valid: until two weeks after its day, and as long as its holder has
    something open, which they could not hear otherwise."""
    return now <= card.edition.ends_at + WORKS_AFTER_THE_DAY or bool(owed_to(card.person_id))


def _found(column: InstrumentedAttribute[str], secret: str, now: datetime) -> EntryCard:
    """Find it in any edition: opening the next edition ends no card of this one."""
    editions = db.session.scalars(select(EntryCard.edition_id).distinct()).all()
    stored = [_fingerprint(edition_id, secret) for edition_id in editions]
    card = db.session.scalar(select(EntryCard).where(column.in_(stored)))
    if card is None or not still_works(card, now=now):
        raise CardUnknown
    return card


def _set_fingerprints(card: EntryCard) -> None:
    card.link_print = _fingerprint(card.edition_id, link_of(card))
    card.number_print = _fingerprint(card.edition_id, number_of(card))


def _fingerprint(edition_id: UUID, secret: str) -> str:
    return pseudonyms.fingerprint(edition_id, secret.encode())
