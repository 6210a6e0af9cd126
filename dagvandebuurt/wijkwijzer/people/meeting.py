"""Introductions between people of different domains (*Ontmoet iemand uit een ander domein*), with mutual
consent.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.people.models import Person
from dagvandebuurt.wijkwijzer.errors import NeedsCard, NobodyToMeet
from dagvandebuurt.wijkwijzer.people.models import ContactCard, Proposal
from dagvandebuurt.wijkwijzer.permissions import WijkwijzerPermission


@dataclass(frozen=True)
class Meeting:
    """Proposal as one of the two sees it. `name` only once both agreed."""

    proposal: Proposal
    card: ContactCard
    said: bool | None
    is_agreed: bool

    @property
    def name(self) -> str | None:
        return self.card.person.name if self.is_agreed else None


@command(needs=WijkwijzerPermission.MEET)
def keep_card(
    actor: Actor, _nothing: None, *, line: str, theme_id: UUID, place_id: UUID | None, now: datetime
) -> ContactCard:
    """Register for introductions."""
    assert actor.id is not None
    card = db.session.get(ContactCard, actor.id)
    if card is None:
        card = ContactCard(person_id=actor.id, since=now)
        db.session.add(card)
    card.line, card.theme_id, card.place_id = line, theme_id, place_id
    return card


@command(needs=WijkwijzerPermission.MEET)
def take_card_away(actor: Actor, _nothing: None) -> None:
    """Unregister. Proposals without agreement are deleted."""
    db.session.execute(delete(ContactCard).where(ContactCard.person_id == actor.id))
    for proposal in db.session.scalars(_proposals_of(actor.id)):
        if not (proposal.one_agrees and proposal.other_agrees):
            db.session.delete(proposal)


@command(needs=WijkwijzerPermission.MEET)
def propose(actor: Actor, _nothing: None, *, now: datetime) -> Proposal:
    """Find somebody of another domain or role, by theme and then by place. Raises NeedsCard without a card of
    one's own, NobodyToMeet when nobody is left.
    """
    assert actor.id is not None
    mine = db.session.get(ContactCard, actor.id)
    if mine is None:
        raise NeedsCard
    found = _best_for(mine)
    if found is None:
        raise NobodyToMeet
    proposal = Proposal(
        one_id=actor.id, other_id=found.person_id, theme_id=found.theme_id, room=secrets.token_hex(12),
        made_at=now,
    )  # fmt: skip
    db.session.add(proposal)
    db.session.flush()
    return proposal


def _best_for(mine: ContactCard) -> ContactCard | None:
    """Return the most similar card of a person of another domain; the longest waiting first, never the same
    pair twice.
    """
    met = {
        person_id
        for proposal in db.session.scalars(_proposals_of(mine.person_id))
        for person_id in (proposal.one_id, proposal.other_id)
    }
    cards = db.session.scalars(
        select(ContactCard)
        .join(Person, Person.id == ContactCard.person_id)
        .where(
            ContactCard.person_id.not_in(met | {mine.person_id}),
            Person.forgotten_at.is_(None),
            Person.suspended_at.is_(None),
        )
        .order_by(ContactCard.since, ContactCard.person_id)
    ).all()
    unlike = [card for card in cards if _is_unlike(mine.person, card.person)]
    ranked = sorted(unlike, key=lambda card: (card.theme_id != mine.theme_id, not _is_near(mine, card)))
    return ranked[0] if ranked else None


def _is_unlike(me: Person, other: Person) -> bool:
    return me.domain != other.domain or me.participant_role != other.participant_role


def _is_near(mine: ContactCard, other: ContactCard) -> bool:
    if mine.place is None or other.place is None:
        return False
    return (mine.place.parent_id or mine.place.id) == (other.place.parent_id or other.place.id)


@command(needs=WijkwijzerPermission.MEET)
def answer(actor: Actor, proposal: Proposal, *, agrees: bool) -> Proposal:
    """Accept or refuse. A refusal is final. Raises NotFound to anybody else than these two."""
    if actor.id not in (proposal.one_id, proposal.other_id) or actor.id is None:
        raise NotFound
    mine = "one_agrees" if actor.id == proposal.one_id else "other_agrees"
    if getattr(proposal, mine) is not False:
        setattr(proposal, mine, agrees)
    return proposal


def _proposals_of(person_id: UUID | None) -> Any:
    return (
        select(Proposal)
        .where(or_(Proposal.one_id == person_id, Proposal.other_id == person_id))
        .order_by(Proposal.made_at.desc(), Proposal.id)
    )


def meetings_of(actor: Actor) -> list[Meeting]:
    """Return a person's proposals that neither refused, newest first."""
    found = []
    for proposal in db.session.scalars(_proposals_of(actor.id)):
        is_one = proposal.one_id == actor.id
        card = db.session.get(ContactCard, proposal.other_id if is_one else proposal.one_id)
        said = (proposal.one_agrees, proposal.other_agrees)
        if card is not None and False not in said:
            found.append(Meeting(proposal, card, said[0 if is_one else 1], said == (True, True)))
    return found


def card_of(actor: Actor) -> ContactCard | None:
    return None if actor.id is None else db.session.get(ContactCard, actor.id)
