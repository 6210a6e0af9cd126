"""Background job that ends turns whose time is up, and lets the hands of people who left lapse."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from dagvandebuurt.attendance.queries import absent_from
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.hands import rules
from dagvandebuurt.hands.models import Hand, HandStatus
from dagvandebuurt.hands.queries import hand_rules, open_hands
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Moment, raise_revision
from dagvandebuurt.parts.jobs import each, job
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import ProgrammeSession

GONE = timedelta(minutes=5)  # without a sign of life: a tunnel, or a phone call, is shorter


@job("settle_hands", minute="*")
def settle_hands(app: Flask) -> int:
    """End turns and let hands lapse, in every session with hands up. Idempotent. Returns how many changed."""
    with app.app_context():
        now = clock.now()
        due = [
            session_id
            for session_id, hands in groupby(open_hands(), key=lambda hand: hand.session_id)
            if _is_due(session_id, list(hands), now)
        ]
        db.session.rollback()
        count = each("settle_hands", due, _settle_in)
        if count:
            live().tell()
        return count


def _is_due(session_id: UUID, hands: Sequence[Hand], now: datetime) -> bool:
    session = db.session.get_one(ProgrammeSession, session_id)
    if session.phase_at(now) not in rules.OPEN_PHASES:
        return True
    is_late = any(hand.status is HandStatus.SPEAKING and not hand.speaks_at(now) for hand in hands)
    return is_late or bool(_gone(session_id, hands, now))


def _gone(session_id: UUID, hands: Sequence[Hand], now: datetime) -> set[UUID]:
    """Return the people among them who left, or who may not come in any more."""
    waiting = {each.person_id for each in hands if each.status is HandStatus.RAISED}
    long = {each.person_id for each in hands if each.raised_at < now - GONE} & waiting
    suspended = select(Person.id).where(Person.id.in_(waiting), Person.suspended_at.is_not(None))
    return absent_from(session_id, long, since=now - GONE) | set(db.session.scalars(suspended))


def _settle_in(session_id: UUID) -> int:
    revision = raise_revision(session_id)
    session = db.session.get(ProgrammeSession, session_id)
    if revision is None or session is None:
        return 0
    at = Moment(session_id, revision, clock.now())
    hands = db.session.scalars(
        select(Hand).where(Hand.session_id == session_id, Hand.status == HandStatus.RAISED)
    ).all()
    settled = rules.settle(session, _gone(session_id, hands, at.now), at=at)
    hand_rules(session_id).revision = revision
    return settled
