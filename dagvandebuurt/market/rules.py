"""Commands on stands: an organiser makes and closes them, holders furnish them and are there, visitors come by."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.core.text import slug_of
from dagvandebuurt.market import contacts, queue_rules
from dagvandebuurt.market.errors import StandClosed, TooManyContacts, TooManyStands, TooMuchAtStand
from dagvandebuurt.market.models import (
    MarketContact,
    MarketPaper,
    MarketPicture,
    MarketPresence,
    MarketStand,
    MarketWish,
)
from dagvandebuurt.market.permissions import MarketPermission
from dagvandebuurt.parts.files.pictures import Picture
from dagvandebuurt.programme.models import Edition

MOST_STANDS = 300
MOST_PICTURES = 6
MOST_PAPERS = 10
LATE = timedelta(hours=1)  # somebody was still typing when the stand closed
MOST_CONTACTS = 2000  # waiting at one stand: somebody fills it on purpose
STAYS = timedelta(hours=2)  # how long somebody is there without saying so again
Piece = TypeVar("Piece", MarketPicture, MarketPaper)


@dataclass(frozen=True)
class Place:
    """What an organiser decides of a stand."""

    title: str
    initiative_id: UUID | None
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Furnishing:
    """What holders decide of their stand."""

    about: str
    film_url: str
    film_said: str
    talk_url: str


@command(needs=MarketPermission.ARRANGE)
def make_stand(_actor: Actor, edition: Edition, *, place: Place, now: datetime) -> MarketStand:
    """Put a stand on the market of an edition. Raises TooManyStands."""
    there = select(func.count()).where(MarketStand.edition_id == edition.id)
    if (db.session.scalar(there) or 0) >= MOST_STANDS:
        raise TooManyStands
    stand = MarketStand(
        edition_id=edition.id, slug=_free_slug(place.title), made_at=now, changed_at=now, **vars(place)
    )
    db.session.add(stand)
    db.session.flush()
    return stand


@command(needs=MarketPermission.ARRANGE)
def change_place(_actor: Actor, stand: MarketStand, *, place: Place, now: datetime) -> None:
    """Change the name of a stand, whose it is, and when it is open."""
    for name, value in vars(place).items():
        setattr(stand, name, value)
    stand.changed_at = now


@command(needs=MarketPermission.ARRANGE)
def close(_actor: Actor, stand: MarketStand, *, is_closed: bool, now: datetime) -> None:
    """Close a stand before its time, which ends its queue, or open it again."""
    queue_rules.lock(stand)
    stand.closed_at = (stand.closed_at or now) if is_closed else None
    stand.changed_at = now
    queue_rules.end_unserved(stand, now)


@command(needs=MarketPermission.EDIT)
def furnish(_actor: Actor, stand: MarketStand, *, furnishing: Furnishing, now: datetime) -> None:
    """Change what visitors read and see at a stand."""
    for name, value in vars(furnishing).items():
        setattr(stand, name, value)
    stand.changed_at = now


@command(needs=MarketPermission.EDIT)
def hang_picture(_actor: Actor, stand: MarketStand, *, made: Picture, alt: str) -> None:
    """Hang a picture, after the others. Raises TooMuchAtStand."""
    if len(stand.pictures) >= MOST_PICTURES:
        raise TooMuchAtStand
    stand.pictures.append(
        MarketPicture(
            name=made.name, width=made.width, height=made.height, alt=alt, position=_after(stand.pictures)
        )
    )


@command(needs=MarketPermission.EDIT)
def take_picture_down(_actor: Actor, stand: MarketStand, *, picture_id: UUID) -> None:
    """Take a picture down. Raises NotFound."""
    stand.pictures.remove(_in(stand.pictures, picture_id))


@command(needs=MarketPermission.EDIT)
def put_paper(_actor: Actor, stand: MarketStand, *, title: str, url: str) -> None:
    """Put a paper on the table, after the others. Raises TooMuchAtStand."""
    if len(stand.papers) >= MOST_PAPERS:
        raise TooMuchAtStand
    stand.papers.append(MarketPaper(title=title, url=url, position=_after(stand.papers)))


@command(needs=MarketPermission.EDIT)
def take_paper_away(_actor: Actor, stand: MarketStand, *, paper_id: UUID) -> None:
    """Take a paper off the table. Raises NotFound."""
    stand.papers.remove(_in(stand.papers, paper_id))


@command(needs=MarketPermission.KEEP)
def come(actor: Actor, stand: MarketStand, *, now: datetime) -> None:
    """Say that one is at the stand. Raises StandClosed outside the opening hours."""
    assert actor.id is not None
    queue_rules.lock(stand)
    if not stand.is_open(now):
        raise StandClosed
    queue_rules.end_unserved(stand, now)  # who waited while nobody was there, was told so
    there = db.session.get(MarketPresence, (stand.id, actor.id))
    if there is None:
        there = MarketPresence(stand_id=stand.id, person_id=actor.id)
        db.session.add(there)
    there.until = min(now + STAYS, stand.ends_at)


@command(needs=MarketPermission.KEEP)
def go(actor: Actor, stand: MarketStand, *, now: datetime) -> None:
    """Say that one left the stand; with the last one its queue ends. Without effect for who was not there."""
    queue_rules.lock(stand)
    there = db.session.get(MarketPresence, (stand.id, actor.id))
    if there is not None:
        db.session.delete(there)
        db.session.flush()
    queue_rules.end_unserved(stand, now)


@command(needs=MarketPermission.VISIT)
def leave_contact(
    _actor: Actor, stand: MarketStand, *, contact: contacts.Contact, token: str, now: datetime
) -> MarketContact:
    """Leave contact details for who keeps the stand, also while nobody is there or before it opens. `token` finds
    them back. Raises StandClosed once it is over, TooManyContacts.
    """
    if stand.is_over(now - LATE):
        raise StandClosed
    waiting = select(func.count()).where(MarketContact.stand_id == stand.id)
    if (db.session.scalar(waiting) or 0) >= MOST_CONTACTS:
        raise TooManyContacts
    left = MarketContact(id=uuid4(), stand_id=stand.id, token_hash=contacts.hash_of(token), left_at=now)
    left.sealed = contacts.seal(stand.id, left.id, contact)
    db.session.add(left)
    return left


@command(needs=MarketPermission.VISIT)
def wish(_actor: Actor, stand: MarketStand, *, visitor_key: str, place_id: UUID | None, on: bool) -> None:
    """Say that one wants this in one's own neighbourhood too, or not any more. Counts once for each visitor."""
    there = db.session.get(MarketWish, (stand.id, visitor_key))
    if on and there is None:
        made = MarketWish(stand_id=stand.id, visitor_key=visitor_key, place_id=place_id)
        with suppress(IntegrityError), db.session.begin_nested():  # another request of theirs was first
            db.session.add(made)
    elif on and there is not None:
        there.place_id = place_id or there.place_id
    elif there is not None:
        db.session.delete(there)


@command(needs=MarketPermission.VISIT)
def take_contact_back(_actor: Actor, contact: MarketContact) -> None:
    """Delete what one left oneself: who has its link wrote it."""
    db.session.delete(contact)


@command(needs=MarketPermission.KEEP)
def settle_contact(_actor: Actor, stand: MarketStand, *, contact_id: UUID) -> None:
    """Delete contact details that were dealt with. Without effect when another holder was first."""
    there = db.session.get(MarketContact, contact_id)
    if there is not None and there.stand_id == stand.id:
        db.session.delete(there)


def _after(there: list[MarketPicture] | list[MarketPaper]) -> int:
    return max((each.position for each in there), default=0) + 1


def _in(there: list[Piece], wanted: UUID) -> Piece:
    found = next((each for each in there if each.id == wanted), None)
    if found is None:
        raise NotFound
    return found


def _free_slug(title: str) -> str:
    wanted = (slug_of(title) or "kraam")[:80].rstrip("-")
    taken = set(db.session.scalars(select(MarketStand.slug).where(MarketStand.slug.startswith(wanted))))
    more = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(each for each in more if each not in taken)
