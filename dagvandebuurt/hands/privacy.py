"""Data retention and erasure of raised hands: nothing of them is of use once the session is over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.hands.models import Hand, HandChange, HandRules
from dagvandebuurt.live.writes import raise_revision
from dagvandebuurt.programme.models import ProgrammeSession


@retention_rule(
    "hand",
    order=82,
    what=_l("Dat je je hand opstak om te spreken: je naam, je rol en waar het over ging"),
    why=_l("Om je aan de beurt te laten komen."),
    until=_l("7 dagen na de sessie."),
    days=7,
)
def hands_of_long_ago(before: datetime) -> int:
    """Delete the hands of sessions that ended before, with their history."""
    ended = select(ProgrammeSession.id).where(ProgrammeSession.ends_at < before)
    return _delete(list(db.session.scalars(select(Hand.id).where(Hand.session_id.in_(ended)))))


def hands_go(person_id: UUID, now: datetime) -> None:
    """Erase a person's hands, and their name from what they decided about those of others. Open pages are
    told.
    """
    mine = db.session.execute(select(Hand.id, Hand.session_id).where(Hand.person_id == person_id)).all()
    for session_id in sorted({row.session_id for row in mine}):
        revision = raise_revision(session_id)
        if revision is not None:
            db.session.execute(
                update(HandRules)
                .where(HandRules.session_id == session_id)
                .values(revision=revision)
                .execution_options(synchronize_session=False)
            )
    _delete([row.id for row in mine])
    db.session.execute(
        update(HandChange)
        .where(HandChange.actor_id == person_id)
        .values(actor_id=None, actor_name="")
        .execution_options(synchronize_session=False)
    )


def all_hands_go(_now: datetime) -> None:
    """Delete every hand: nothing of them was published."""
    _delete(list(db.session.scalars(select(Hand.id))))


def _delete(ids: list[UUID]) -> int:
    if ids:
        for statement in (
            delete(HandChange).where(HandChange.hand_id.in_(ids)),
            delete(Hand).where(Hand.id.in_(ids)),
        ):
            db.session.execute(statement.execution_options(synchronize_session=False))
    return len(ids)
