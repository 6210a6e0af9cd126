"""Commands for the queue of a stand. Each holds the lock on the row of that stand: two presses are one after another."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.core.sealed_text import seal_text
from dagvandebuurt.market.errors import (
    NobodyThere,
    NotAtStand,
    QueueFull,
    StandClosed,
    StillTalking,
    TooManyQueues,
    WaitGone,
)
from dagvandebuurt.market.models import (
    ACTIVE,
    MarketPresence,
    MarketStand,
    MarketWait,
    WaitAction,
    WaitStatus,
)
from dagvandebuurt.market.permissions import MarketPermission
from dagvandebuurt.market.queue_queries import active_at, is_served, name_of, wait_of
from dagvandebuurt.market.states import MACHINE

MOST_WAITING = 100
MOST_QUEUES = 3


def lock(stand: MarketStand) -> None:
    """Let what is done at this stand wait for each other, and read it as it is now."""
    db.session.refresh(stand, ["opens_at", "closes_at", "closed_at"], with_for_update=True)


def end_unserved(stand: MarketStand, now: datetime) -> int:
    """End the queue of a stand that is closed or where nobody is. The caller holds the lock. Return how many."""
    if is_served(stand, now):
        return 0
    waits = active_at(stand)
    for each in waits:
        MACHINE.apply(None, each, WaitAction.END, now)
    return len(waits)


@command(needs=MarketPermission.VISIT)
def join(_actor: Actor, stand: MarketStand, *, visitor_key: str, name: str, now: datetime) -> MarketWait:
    """Join the queue, or stay where one is in it already. Raises StandClosed, NobodyThere, QueueFull, and
    TooManyQueues (two joins of one browser in the same moment may pass that limit by one).
    """
    lock(stand)
    end_unserved(stand, now)
    there = wait_of(stand, visitor_key)
    if there is not None and there.is_active:
        return there
    if not stand.is_open(now):
        raise StandClosed
    if not is_served(stand, now):
        raise NobodyThere
    if len(active_at(stand)) >= MOST_WAITING:
        raise QueueFull
    elsewhere = select(func.count()).where(
        MarketWait.visitor_key == visitor_key, MarketWait.status.in_(ACTIVE)
    )
    if (db.session.scalar(elsewhere) or 0) >= MOST_QUEUES:
        raise TooManyQueues
    if there is not None:  # a new turn is a new row: a late press on the old one finds nothing
        db.session.delete(there)
        db.session.flush()
    last = db.session.scalar(select(func.max(MarketWait.joined_at)).where(MarketWait.stand_id == stand.id))
    made = MarketWait(
        id=uuid4(),
        stand_id=stand.id,
        visitor_key=visitor_key,
        status=MACHINE.initial,
        joined_at=now
        if last is None or last < now
        else last + timedelta(microseconds=1),  # one after another
        changed_at=now,
    )
    made.sealed = seal_text(stand.id, made.id, name)
    db.session.add(made)
    return made


@MACHINE.command(WaitAction.LEAVE)
def leave(actor: Actor, stand: MarketStand, *, visitor_key: str, now: datetime) -> None:
    """Leave the queue. Without effect for who is not in it any more."""
    lock(stand)
    there = wait_of(stand, visitor_key)
    if there is not None and there.is_active:
        MACHINE.apply(actor, there, WaitAction.LEAVE, now)


@MACHINE.command(WaitAction.CALL)
def call(actor: Actor, stand: MarketStand, *, wait_id: UUID, now: datetime) -> MarketWait:
    """Say to a visitor that one comes to them. Raises WaitGone, WaitChanged with who was first, StandClosed,
    NotAtStand, and StillTalking: one visitor at a time, so that nobody writes to all.
    """
    lock(stand)
    wait = _at(stand, wait_id)
    MACHINE.require(wait, WaitAction.CALL)
    if not stand.is_open(now):
        raise StandClosed
    there = db.session.get(MarketPresence, (stand.id, actor.id), populate_existing=True)
    if there is None or there.until <= now:
        raise NotAtStand
    busy = db.session.scalar(
        select(MarketWait).where(
            MarketWait.stand_id == stand.id,
            MarketWait.status == WaitStatus.CALLED,
            MarketWait.by_id == actor.id,
        )
    )
    if busy is not None:
        raise StillTalking(name_of(busy))
    MACHINE.apply(actor, wait, WaitAction.CALL, now)
    return wait


@MACHINE.command(WaitAction.FINISH)
def finish(actor: Actor, stand: MarketStand, *, wait_id: UUID, now: datetime) -> None:
    """Round off a talk, also one of a colleague. Raises WaitGone, WaitChanged."""
    lock(stand)
    MACHINE.apply(actor, _at(stand, wait_id), WaitAction.FINISH, now)


@MACHINE.command(WaitAction.MISS)
def miss(actor: Actor, stand: MarketStand, *, wait_id: UUID, now: datetime) -> None:
    """Say that a visitor who was called is not there; they read it. Raises WaitGone, WaitChanged."""
    lock(stand)
    MACHINE.apply(actor, _at(stand, wait_id), WaitAction.MISS, now)


def _at(stand: MarketStand, wait_id: UUID) -> MarketWait:
    found = db.session.get(MarketWait, wait_id, populate_existing=True)
    if found is None or found.stand_id != stand.id:
        raise WaitGone
    return found
