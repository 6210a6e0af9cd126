"""Account merging: a guest and the account they turn out to have keep one hand up."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.hands.models import OPEN, Hand, HandAction
from dagvandebuurt.hands.queries import hand_rules, hand_up_of
from dagvandebuurt.hands.states import MACHINE
from dagvandebuurt.live.writes import Moment, raise_revision


def one_hand_each(guest_id: UUID, into_id: UUID, now: datetime) -> None:
    """Move a guest's hands to the account. Where both have one up in a session, the guest's goes down."""
    hands = db.session.scalars(
        select(Hand).where(Hand.person_id == guest_id).order_by(Hand.session_id, Hand.id)
    ).all()
    for hand in hands:
        if hand.status in OPEN and hand_up_of(hand.session_id, into_id) is not None:
            revision = raise_revision(hand.session_id)
            if revision is not None:
                MACHINE.apply(None, hand, HandAction.LAPSE, Moment(hand.session_id, revision, now))
                hand_rules(hand.session_id).revision = revision
            db.session.flush()
        hand.person_id = into_id
        db.session.flush()
