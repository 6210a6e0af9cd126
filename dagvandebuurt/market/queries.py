"""Reading stands."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.small_cell_suppression import STEP, safe
from dagvandebuurt.market.contacts import hash_of
from dagvandebuurt.market.models import MarketContact, MarketPresence, MarketStand, MarketWish
from dagvandebuurt.people.models import Role, RoleGrant
from dagvandebuurt.programme.models import Edition, Place


def stands_of(edition: Edition) -> Sequence[MarketStand]:
    """Return the stands of an edition, by name."""
    return db.session.scalars(
        select(MarketStand)
        .where(MarketStand.edition_id == edition.id)
        .order_by(func.lower(MarketStand.title), MarketStand.id)
    ).all()


def has_market(edition_id: UUID) -> bool:
    there = select(MarketStand.id).where(MarketStand.edition_id == edition_id).limit(1)
    return db.session.scalar(there) is not None


def stand_by_slug(slug: str) -> MarketStand:
    """Return a stand with what is in it, also of an edition that is over. Raises NotFound."""
    found = db.session.scalar(
        select(MarketStand)
        .join(MarketStand.edition)
        .where(MarketStand.slug == slug, Edition.is_open)
        .options(selectinload(MarketStand.pictures), selectinload(MarketStand.papers))
    )
    if found is None:
        raise NotFound
    return found


def stand_at_desk(slug: str) -> MarketStand:
    """Return a stand for who keeps or arranges it, also while its edition is not open yet. Raises NotFound."""
    found = db.session.scalar(select(MarketStand).where(MarketStand.slug == slug))
    if found is None:
        raise NotFound
    return found


def stands_kept_by(actor: Any) -> Sequence[MarketStand]:
    """Return the stands of which `actor` is a holder, those that close last first."""
    scopes = [scope for role, scope in getattr(actor, "grants", ()) if role == Role.STAND_HOLDER and scope]
    return db.session.scalars(
        select(MarketStand)
        .where(MarketStand.id.in_(scopes))
        .order_by(MarketStand.closes_at.desc(), MarketStand.title, MarketStand.id)
    ).all()


def holders_of(stands: Collection[MarketStand]) -> dict[UUID, list[str]]:
    """Return the names of the holders of each stand."""
    found: dict[UUID, list[str]] = {each.id: [] for each in stands}
    grants = db.session.scalars(
        select(RoleGrant).where(RoleGrant.role == Role.STAND_HOLDER, RoleGrant.scope_id.in_(found))
    )
    for grant in grants:
        if grant.scope_id is not None:
            found[grant.scope_id].append(grant.person.name)
    return {stand_id: sorted(names) for stand_id, names in found.items()}


def there_now(stand: MarketStand, now: datetime) -> list[str]:
    """Return the names of who of the stand is there now."""
    rows = db.session.scalars(
        select(MarketPresence)
        .where(MarketPresence.stand_id == stand.id, MarketPresence.until > now)
        .order_by(MarketPresence.person_id)
    )
    return sorted(each.person.name for each in rows)


def presence_of(stand: MarketStand, person_id: UUID | None, now: datetime) -> MarketPresence | None:
    if person_id is None:
        return None
    found = db.session.get(MarketPresence, (stand.id, person_id))
    return found if found is not None and found.until > now else None


def contacts_at(stand: MarketStand, most: int) -> Sequence[MarketContact]:
    """Return what visitors left at a stand, the longest waiting first."""
    return db.session.scalars(
        select(MarketContact)
        .where(MarketContact.stand_id == stand.id)
        .order_by(MarketContact.left_at, MarketContact.id)
        .limit(most)
    ).all()


def numbers_of_contacts(stands: Collection[MarketStand]) -> dict[UUID, int]:
    """Count what visitors left at each of these stands, in one query."""
    rows = db.session.execute(
        select(MarketContact.stand_id, func.count())
        .where(MarketContact.stand_id.in_([each.id for each in stands]))
        .group_by(MarketContact.stand_id)
    )
    return {row[0]: row[1] for row in rows}


def contact_of(token: str) -> MarketContact | None:
    """Return what the visitor with this link left, while it is there."""
    return db.session.scalar(select(MarketContact).where(MarketContact.token_hash == hash_of(token)))


def number_of_wishes(stand: MarketStand) -> int:
    """Count who wants this in their own neighbourhood too."""
    counted = select(func.count()).where(MarketWish.stand_id == stand.id)
    return db.session.scalar(counted) or 0


def wishes_shown(stand: MarketStand) -> int:
    """Return that number as everybody may see it: nothing below ten (small-cell suppression)."""
    number = number_of_wishes(stand)
    return number if number >= STEP else 0


def wishes_by_place(stand: MarketStand) -> dict[str, int]:
    """Return how many want it in which place, without numbers small enough to point at somebody."""
    rows = db.session.execute(
        select(Place.name, func.count())
        .join(MarketWish, MarketWish.place_id == Place.id)
        .where(MarketWish.stand_id == stand.id)
        .group_by(Place.id, Place.name)
    )
    numbers: dict[str, int] = {}
    for name, number in rows:
        numbers[name] = numbers.get(name, 0) + number
    return safe(numbers)
