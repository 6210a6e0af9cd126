"""Reading the queues of stands."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.sealed_text import open_text
from dagvandebuurt.market.models import ACTIVE, MarketPresence, MarketStand, MarketWait, WaitStatus
from dagvandebuurt.programme.models import Edition


@dataclass(frozen=True)
class Busy:
    """How many of a stand are there now, and how many visitors wait for them."""

    there: int
    waiting: int


def visitor_key(edition_id: UUID, browser: str) -> str:
    """Return by what a browser is known in all queues of an edition: a hash of chance in its cookie."""
    return hashlib.sha256(f"queue|{edition_id}|{browser}".encode()).hexdigest()


def name_of(wait: MarketWait) -> str:
    """Return the name that the visitor chose; empty when the key of the stand is gone."""
    return open_text(wait.stand_id, wait.id, wait.sealed) or ""


def busy_at(edition: Edition, now: datetime) -> dict[UUID, Busy]:
    """Return the stands of an edition where somebody is now, in one query."""
    there = (
        select(MarketPresence.stand_id, func.count().label("number"))
        .where(MarketPresence.until > now)
        .group_by(MarketPresence.stand_id)
        .subquery()
    )
    waiting = (
        select(MarketWait.stand_id, func.count().label("number"))
        .where(MarketWait.status == WaitStatus.WAITING)
        .group_by(MarketWait.stand_id)
        .subquery()
    )
    rows = db.session.execute(
        select(MarketStand.id, there.c.number, func.coalesce(waiting.c.number, 0))
        .join(there, there.c.stand_id == MarketStand.id)
        .outerjoin(waiting, waiting.c.stand_id == MarketStand.id)
        .where(MarketStand.edition_id == edition.id)
    )
    return {row[0]: Busy(row[1], row[2]) for row in rows}


def is_served(stand: MarketStand, now: datetime) -> bool:
    """Return whether the stand is open and somebody of it is there: otherwise there is no queue."""
    somebody = select(MarketPresence.person_id).where(
        MarketPresence.stand_id == stand.id, MarketPresence.until > now
    )
    return stand.is_open(now) and db.session.scalar(somebody.limit(1)) is not None


def wait_of(stand: MarketStand, key: str | None) -> MarketWait | None:
    """Return where the browser with this key stands, or stood last, in the queue of a stand."""
    if key is None:
        return None
    return db.session.scalar(
        select(MarketWait)
        .where(MarketWait.stand_id == stand.id, MarketWait.visitor_key == key)
        .options(joinedload(MarketWait.by))
    )


def waits_of(edition: Edition, key: str | None) -> Sequence[MarketWait]:
    """Return the queues of an edition in which the browser with this key is, the longest waiting first."""
    if key is None:
        return []
    return db.session.scalars(
        select(MarketWait)
        .join(MarketWait.stand)
        .where(
            MarketStand.edition_id == edition.id,
            MarketWait.visitor_key == key,
            MarketWait.status.in_(ACTIVE),
        )
        .options(joinedload(MarketWait.stand))
        .order_by(MarketWait.joined_at, MarketWait.id)
    ).all()


def number_before(wait: MarketWait) -> int:
    """Count who waits at that stand since longer."""
    counted = select(func.count()).where(
        MarketWait.stand_id == wait.stand_id,
        MarketWait.status == WaitStatus.WAITING,
        MarketWait.joined_at < wait.joined_at,
    )
    return db.session.scalar(counted) or 0


def active_at(stand: MarketStand) -> Sequence[MarketWait]:
    """Return who is in the queue of a stand, called or waiting, the longest waiting first."""
    return db.session.scalars(
        select(MarketWait)
        .where(MarketWait.stand_id == stand.id, MarketWait.status.in_(ACTIVE))
        .options(joinedload(MarketWait.by))
        .order_by(MarketWait.joined_at, MarketWait.id)
    ).all()


def numbers_waiting(stands: Collection[MarketStand]) -> dict[UUID, int]:
    """Count who waits at each of these stands, in one query."""
    rows = db.session.execute(
        select(MarketWait.stand_id, func.count())
        .where(MarketWait.stand_id.in_([each.id for each in stands]), MarketWait.status == WaitStatus.WAITING)
        .group_by(MarketWait.stand_id)
    )
    return {row[0]: row[1] for row in rows}


def stands_with_queue() -> Sequence[UUID]:
    """Return the stands with somebody in their queue."""
    return db.session.scalars(
        select(MarketWait.stand_id).where(MarketWait.status.in_(ACTIVE)).distinct()
    ).all()
