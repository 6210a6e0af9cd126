"""Data retention of the market: who stood in a stand, what visitors left there, and until when."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.market.models import ACTIVE, MarketContact, MarketPresence, MarketStand, MarketWait

KEPT_AFTER = timedelta(hours=12)  # after a stand closed, so that within a day nothing is left


@retention_rule(
    "market_presence",
    order=118,
    what=_l("Dat je in een kraam staat op de buurtmarkt"),
    why=_l("Zodat bezoekers zien wie er is."),
    until=_l("1 dag nadat je wegging of de kraam dichtging."),
    days=1,
)
def who_stood_there_is_forgotten(before: datetime) -> int:
    """Delete who was at a stand."""
    statement = delete(MarketPresence).where(MarketPresence.until < before)
    return db.session.execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined,no-any-return]


def nobody_stands_there(_now: datetime) -> None:
    """Delete all of it."""
    db.session.execute(delete(MarketPresence))


@retention_rule(
    "market_contact",
    order=119,
    what=_l("Je naam, nummer of mailadres, als je dat in een kraam achterliet"),
    why=_l("Zodat wie de kraam doet jou belt of mailt. Niemand anders leest het."),
    until=_l("Tot de kraam ermee klaar is of jij het weghaalt. Hoogstens 30 dagen."),
    days=30,
)
def contacts_of_long_ago(before: datetime) -> int:
    """Delete what visitors left so long ago, and the key of stands that closed before and hold nothing more."""
    old = delete(MarketContact).where(MarketContact.left_at < before)
    gone: int = db.session.execute(old.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
    in_use = select(MarketContact.stand_id).union(select(MarketWait.stand_id))
    closed = select(MarketStand.id).where(MarketStand.closes_at < before, MarketStand.id.not_in(in_use))
    for stand_id in db.session.scalars(closed):
        pseudonyms.destroy_key(stand_id)
    return gone


def nobody_left_anything(_now: datetime) -> None:
    """Delete all that visitors left, and the keys of all stands."""
    db.session.execute(delete(MarketContact))
    for stand_id in db.session.scalars(select(MarketStand.id)):
        pseudonyms.destroy_key(stand_id)


@retention_rule(
    "market_wait",
    order=120,
    what=_l("De naam waarmee je in de rij stond bij een kraam"),
    why=_l("Zodat wie de kraam doet jou kan roepen. Niemand anders leest het."),
    until=_l("Uiterlijk 1 dag nadat de kraam dichtging, of nadat je uit de rij ging."),
    days=1,
)
def waits_of_long_ago(before: datetime) -> int:
    """Delete who was in a queue that was over before then, or was out of it before then."""
    over = select(MarketStand.id).where(or_(MarketStand.closes_at < before, MarketStand.closed_at < before))
    gone = delete(MarketWait).where(
        or_(
            MarketWait.stand_id.in_(over),
            MarketWait.status.not_in(ACTIVE) & (MarketWait.changed_at < before),
        )
    )
    return db.session.execute(gone.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined,no-any-return]


def nobody_waits(_now: datetime) -> None:
    """Delete all of it."""
    db.session.execute(delete(MarketWait))
