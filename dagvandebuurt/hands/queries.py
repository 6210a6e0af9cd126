"""Reading raised hands."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.hands.models import DEFAULT_MINUTES, OPEN, Hand, HandRules, HandStatus
from dagvandebuurt.qanda.fair_order import Turn, weights

# A hand that was put down by its own person, or that lapsed, took no turn.
COUNTED = (HandStatus.RAISED, HandStatus.SPEAKING, HandStatus.SPOKEN, HandStatus.PASSED)
HEARD = (HandStatus.SPEAKING, HandStatus.SPOKEN)


def hand_rules(session_id: UUID) -> HandRules:
    """Return the settings of this session, or new ones that let nobody raise a hand."""
    return db.session.get(HandRules, session_id) or HandRules(
        session_id=session_id, revision=0, settings_revision=0, is_open=False, minutes=DEFAULT_MINUTES, way=""
    )


def queue_of(session_id: UUID, now: datetime) -> list[Hand]:
    """Return the raised hands in the fair order: who waits long, who has not spoken here yet, and roles that
    were heard less.
    """
    hands = db.session.scalars(
        select(Hand).where(Hand.session_id == session_id, Hand.status.in_(COUNTED))
    ).all()
    turns = [
        Turn(each.id, each.raised_at, each.person_id, each.role, 0, each.status in HEARD) for each in hands
    ]
    weight = weights(turns, now)
    raised = [each for each in hands if each.status is HandStatus.RAISED]
    return sorted(raised, key=lambda each: (-weight[each.id], each.raised_at, str(each.id)))


def speaking_in(session_id: UUID) -> Hand | None:
    """Return the hand that has the turn, also where its time is up and nobody wrote that down yet."""
    return db.session.scalar(
        select(Hand).where(Hand.session_id == session_id, Hand.status == HandStatus.SPEAKING)
    )


def hand_up_of(session_id: UUID, person_id: UUID | None) -> Hand | None:
    """Return somebody's own hand, if it is up or has the turn."""
    if person_id is None:
        return None
    return db.session.scalar(
        select(Hand).where(Hand.session_id == session_id, Hand.person_id == person_id, Hand.status.in_(OPEN))
    )


def last_hand_of(session_id: UUID, person_id: UUID | None) -> Hand | None:
    """Return the hand that somebody raised last here, whatever became of it."""
    if person_id is None:
        return None
    return db.session.scalar(
        select(Hand)
        .where(Hand.session_id == session_id, Hand.person_id == person_id)
        .order_by(Hand.raised_at.desc(), Hand.id)
        .limit(1)
    )


def open_hands() -> Sequence[Hand]:
    """Return the hands that are up or have the turn, in every session."""
    return db.session.scalars(
        select(Hand).where(Hand.status.in_(OPEN)).order_by(Hand.session_id, Hand.raised_at, Hand.id)
    ).all()
