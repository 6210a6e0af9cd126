"""Commands of the phone desk. Each deed is a row of its log, in the same transaction."""

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4, uuid5

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.people.models import ParticipantRole, Person
from dagvandebuurt.people.rules import rights_changed
from dagvandebuurt.phone_desk.errors import ChangedByAnother, HasTasks, NoCardForThem, TooManyLooks
from dagvandebuurt.phone_desk.models import LookDeed, LookReason, PhoneLook
from dagvandebuurt.phone_desk.queries import Found, card_of, find, searches_since
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.registration import entry_cards
from dagvandebuurt.registration.models import EntryCard
from dagvandebuurt.registration.permissions import RegistrationPermission

QUESTIONS = UUID("7b1d0f1e-0000-4000-8000-70686f6e6501")
ANSWER = RegistrationPermission.ANSWER_PHONE
# A helper takes a call every few minutes. Counted in the log itself: every process sees the same.
MOST_SEARCHES = ((timedelta(minutes=15), 30), (timedelta(days=1), 300))


@command(needs=ANSWER)
def search(actor: Actor, look_id: UUID, *, typed: str, reason: LookReason, now: datetime) -> Found:
    """Find who rings, and record that this helper searched. `look_id` is that of the form: sent twice, it is one
    row. Raises TooManyLooks and SearchMore.
    """
    assert actor.id is not None
    again = db.session.get(PhoneLook, look_id)
    if again is None and any(
        searches_since(actor.id, now - within) >= most for within, most in MOST_SEARCHES
    ):
        raise TooManyLooks
    found = find(typed, now=now)
    if again is None:
        look = _record(actor, None, deed=LookDeed.SEARCHED, reason=reason, now=now, look_id=look_id)
        look.found = found.number
    return found


@command(needs=ANSWER)
def open_person(actor: Actor, person: Person, *, reason: LookReason, now: datetime) -> PhoneLook:
    """Begin a call about this person, by name of the helper and with their reason."""
    return _record(actor, person, deed=LookDeed.OPENED, reason=reason, now=now)


@command(needs=ANSWER)
def end_call(_actor: Actor, call: PhoneLook, *, now: datetime) -> None:
    """End a call: its helper cannot read the page any more. Idempotent."""
    call.ended_at = call.ended_at or now


@command(needs=ANSWER)
def register_caller(
    actor: Actor,
    edition: Edition,
    *,
    name: str,
    participant_role: ParticipantRole,
    neighbourhood: str | None,
    now: datetime,
) -> PhoneLook:
    """Register somebody who rings and has no e-mail; return the call in which to go on helping them."""
    card = entry_cards.register_caller(
        actor,
        edition,
        name=name,
        participant_role=participant_role,
        neighbourhood=neighbourhood,
        now=now,
    )
    person = db.session.get_one(Person, card.person_id)
    return _record(actor, person, deed=LookDeed.REGISTERED, reason=LookReason.REGISTER, now=now)


def stamp_of(person: Person) -> str:
    """Return the details as a helper has them on screen, to see whether somebody changed them since."""
    shown = "\n".join((person.name, person.participant_role.value, person.neighbourhood or ""))
    return sha256(shown.encode()).hexdigest()[:16]


@command(needs=ANSWER)
def change_details(
    actor: Actor,
    call: PhoneLook,
    *,
    name: str,
    participant_role: ParticipantRole,
    neighbourhood: str | None,
    seen: str,
    now: datetime,
) -> None:
    """Change what somebody told about themselves. Never their address: that would be their account.

    Raises HasTasks, and ChangedByAnother where it is not what the helper has on screen.
    """
    person = of_the_public(call.person)
    db.session.refresh(person, with_for_update={"key_share": True})
    wanted = (name, participant_role, neighbourhood or None)
    if (person.name, person.participant_role, person.neighbourhood) == wanted:
        return
    if stamp_of(person) != seen:
        raise ChangedByAnother
    person.name, person.participant_role, person.neighbourhood = wanted
    rights_changed(person.id)
    _record(actor, person, deed=LookDeed.CHANGED, reason=call.reason, now=now)


@command(needs=ANSWER)
def give_card(actor: Actor, call: PhoneLook, *, now: datetime) -> EntryCard:
    """Make the card of somebody without an address anew: an earlier one stops working.

    Raises NoCardForThem for who has an address, as a card logs its holder in, and HasTasks.
    """
    person = of_the_public(call.person)
    card = card_of(person.id)
    if person.email is not None or card is None:
        raise NoCardForThem
    entry_cards.renew_for_caller(actor, card)
    _record(actor, person, deed=LookDeed.CARD, reason=call.reason, now=now)
    return card


def of_the_public(person: Person | None) -> Person:
    """Return somebody without a role. Raises HasTasks."""
    assert person is not None
    if person.grants:
        raise HasTasks
    return person


@command(needs=ANSWER)
def note_question(actor: Actor, call: PhoneLook, *, question_id: UUID, now: datetime) -> None:
    """Record that this question was asked for them. Idempotent."""
    look_id = uuid5(QUESTIONS, str(question_id))
    if db.session.get(PhoneLook, look_id) is None:
        _record(actor, call.person, deed=LookDeed.ASKED, reason=call.reason, now=now, look_id=look_id)


@command(needs=ANSWER)
def note(actor: Actor, call: PhoneLook, *, deed: LookDeed, now: datetime) -> None:
    """Record what this helper did in a call."""
    _record(actor, call.person, deed=deed, reason=call.reason, now=now)


def _record(
    actor: Actor,
    person: Person | None,
    *,
    deed: LookDeed,
    reason: LookReason,
    now: datetime,
    look_id: UUID | None = None,
) -> PhoneLook:
    """Add a row to the log."""
    look = PhoneLook(
        id=look_id or uuid4(),
        by_id=actor.id,
        by_name=actor.name,
        person_id=person.id if person is not None else None,
        deed=deed,
        reason=reason,
        at=now,
    )
    db.session.add(look)
    return look
