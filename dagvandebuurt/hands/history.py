"""Append-only history of hands, and the conflict error that names who was first."""

from datetime import timedelta

from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.states import Change
from dagvandebuurt.hands.errors import HandChanged
from dagvandebuurt.hands.models import Hand, HandAction, HandChange, HandStatus
from dagvandebuurt.live.writes import Moment


def record_change(change: Change[Hand, HandAction, HandStatus], at: Moment) -> None:
    """Write down what happened to a hand, after what was written before."""
    hand = change.entity
    last = db.session.scalar(select(func.max(HandChange.at)).where(HandChange.hand_id == hand.id))
    db.session.add(
        HandChange(
            hand_id=hand.id,
            actor_id=change.actor.id if change.actor else None,
            actor_name=change.actor.name if change.actor else "",
            action=change.action,
            before=change.before,
            after=change.after,
            at=at.now if last is None or last < at.now else last + timedelta(microseconds=1),
        )
    )


def changed(hand: Hand) -> HandChanged:
    """Build the conflict error with the current status and who decided it."""
    by = db.session.scalar(
        select(HandChange.actor_name)
        .where(HandChange.hand_id == hand.id, HandChange.actor_id != hand.person_id)
        .order_by(HandChange.at.desc())
        .limit(1)
    )
    return HandChanged(status=hand.status.value, by=by or None)
