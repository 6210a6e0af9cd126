"""Finding the one person who rings, and what a call may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import joinedload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.people.models import Person
from dagvandebuurt.people.queries import email_key
from dagvandebuurt.phone_desk.errors import CallOver, PersonGone, SearchMore
from dagvandebuurt.phone_desk.models import BEGINS, LookDeed, PhoneLook
from dagvandebuurt.phone_desk.sounds import nearness, words_of
from dagvandebuurt.registration import entry_cards
from dagvandebuurt.registration.errors import CardUnknown
from dagvandebuurt.registration.models import AccessNeed, EntryCard

MOST_SHOWN = 8
LEAST_LETTERS = 3
LEAST_DIGITS = 8
CALL_LASTS = timedelta(hours=1)
MOST_LOOKS_SHOWN = 50
_DIALLED = ("+31", "0031")


@dataclass(frozen=True)
class Found:
    """People of one search; `too_many` counts them where they are more than a list may hold: then nobody is shown."""

    people: Sequence[Person]
    too_many: int = 0

    @property
    def number(self) -> int:
        return self.too_many or len(self.people)


def findable() -> ColumnElement[bool]:
    """Select who can be found: who gave an address or was registered on paper. A guest with a name alone stays out:
    they promised nobody to be found.
    """
    has_card = exists().where(EntryCard.person_id == Person.id)
    return Person.forgotten_at.is_(None) & or_(Person.email_key.is_not(None), has_card)


def find(typed: str, *, now: datetime) -> Found:
    """Find people by a whole address, the number of a card, a whole phone number, or parts and sounds of a name and a
    neighbourhood. Raises SearchMore for less than that.
    """
    if "@" in typed:
        return _shown(_ids(Person.email_key == email_key(typed)))
    digits = "".join(sign for sign in typed if sign.isdecimal())
    if digits and not any(sign.isalpha() for sign in typed):
        return _by_number(typed, digits, now)
    return _by_name(typed)


def _by_number(typed: str, digits: str, now: datetime) -> Found:
    if len(digits) < LEAST_DIGITS:
        raise SearchMore
    try:
        return _shown([entry_cards.by_number(digits, now=now).person_id])
    except CardUnknown:
        pass
    wanted = _phone(typed)
    rows = db.session.execute(
        select(AccessNeed.person_id, AccessNeed.phone).where(AccessNeed.phone.is_not(None))
    )
    return _shown([row.person_id for row in rows if _phone(row.phone) == wanted])


def _phone(typed: str) -> str:
    """Return the digits of a number as dialled in the Netherlands."""
    plain = "".join(sign for sign in typed if sign.isdecimal() or sign == "+")
    for prefix in _DIALLED:
        if plain.startswith(prefix):
            return "0" + plain.removeprefix(prefix).removeprefix("0")
    return plain


def _by_name(typed: str) -> Found:
    parts = words_of(typed)
    if max((len(part) for part in parts), default=0) < LEAST_LETTERS:
        raise SearchMore
    near: dict[UUID, int] = {}
    # Sounds are in no index. Twenty thousand names take tens of milliseconds.
    for person_id, name, place in db.session.execute(
        select(Person.id, Person.name, Person.neighbourhood).where(findable())
    ):
        rank = _rank(parts, words_of(name), words_of(place or ""))
        if rank is not None:
            near[person_id] = rank
    best = min(near.values(), default=0)
    ids = [person_id for person_id, rank in near.items() if len(near) <= MOST_SHOWN or rank == best]
    return _shown(ids)


def _rank(parts: Sequence[str], name: Sequence[str], place: Sequence[str]) -> int | None:
    """Return the worst of the parts; None where one fits nowhere, or none is of the name."""
    worst, of_name = 0, False
    for part in parts:
        here = min((near for word in name if (near := nearness(part, word)) is not None), default=None)
        of_name = of_name or here is not None
        if here is None and not any(word.startswith(part) for word in place):
            return None
        worst = max(worst, here or 0)
    return worst if of_name else None


def _ids(condition: ColumnElement[bool]) -> Sequence[UUID]:
    return db.session.scalars(select(Person.id).where(findable(), condition)).all()


def _shown(ids: Sequence[UUID]) -> Found:
    if len(set(ids)) > MOST_SHOWN:
        return Found((), too_many=len(set(ids)))
    query = select(Person).where(Person.id.in_(ids), findable()).order_by(Person.name, Person.id)
    return Found(db.session.scalars(query).all())


def searches_since(by_id: UUID, since: datetime) -> int:
    return (
        db.session.scalar(
            select(func.count()).where(
                PhoneLook.by_id == by_id, PhoneLook.deed == LookDeed.SEARCHED, PhoneLook.at > since
            )
        )
        or 0
    )


def call_of(actor: Actor, call_id: UUID, *, now: datetime) -> tuple[PhoneLook, Person]:
    """Return a running call of this helper, with its person. Raises CallOver, and PersonGone for an erased one."""
    call = db.session.scalar(
        select(PhoneLook)
        .where(PhoneLook.id == call_id, PhoneLook.by_id == actor.id, PhoneLook.deed.in_(BEGINS))
        .options(joinedload(PhoneLook.person).selectinload(Person.grants))
    )
    if actor.id is None or call is None or call.ended_at is not None or now - call.at > CALL_LASTS:
        raise CallOver
    if call.person is None or call.person.forgotten_at is not None:
        raise PersonGone
    return call, call.person


def others_helping(call: PhoneLook, *, now: datetime) -> Sequence[str]:
    """Return the names of other helpers who have the same person open."""
    return db.session.scalars(
        select(PhoneLook.by_name)
        .where(
            PhoneLook.person_id == call.person_id,
            PhoneLook.deed.in_(BEGINS),
            PhoneLook.by_id != call.by_id,
            PhoneLook.ended_at.is_(None),
            PhoneLook.at > now - CALL_LASTS,
        )
        .distinct()
        .order_by(PhoneLook.by_name)
    ).all()


def my_calls(actor: Actor, *, now: datetime) -> Sequence[PhoneLook]:
    """Return the running calls of this helper, the newest first."""
    return db.session.scalars(
        select(PhoneLook)
        .join(PhoneLook.person)
        .where(
            PhoneLook.by_id == actor.id,
            PhoneLook.deed.in_(BEGINS),
            PhoneLook.ended_at.is_(None),
            PhoneLook.at > now - CALL_LASTS,
            Person.forgotten_at.is_(None),
        )
        .options(joinedload(PhoneLook.person))
        .order_by(PhoneLook.at.desc(), PhoneLook.id)
    ).all()


def looks_at(person_id: UUID) -> Sequence[PhoneLook]:
    """Return who looked at this person, the newest first."""
    return db.session.scalars(
        select(PhoneLook)
        .where(PhoneLook.person_id == person_id)
        .order_by(PhoneLook.at.desc(), PhoneLook.id)
        .limit(MOST_LOOKS_SHOWN)
    ).all()


def all_looks() -> Sequence[PhoneLook]:
    """Return the newest looks of everybody, for who answers for the desk."""
    return db.session.scalars(
        select(PhoneLook)
        .options(joinedload(PhoneLook.person))
        .order_by(PhoneLook.at.desc(), PhoneLook.id)
        .limit(MOST_LOOKS_SHOWN * 4)
    ).all()


def card_of(person_id: UUID) -> EntryCard | None:
    """Return somebody's entry card."""
    return db.session.scalar(
        select(EntryCard)
        .where(EntryCard.person_id == person_id)
        .options(joinedload(EntryCard.edition), joinedload(EntryCard.person).selectinload(Person.grants))
    )
