"""Background job that closes and counts polls whose time or session is over."""

from uuid import UUID

from flask import Flask
from sqlalchemy import or_, select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Moment, raise_revision
from dagvandebuurt.parts.jobs import each, job
from dagvandebuurt.polls.models import Poll, PollStatus
from dagvandebuurt.polls.rules import tally
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus


@job("tally_polls", minute="*")
def tally_due(app: Flask) -> int:
    """Close and count each open poll whose time passed, or whose session ended or was cancelled. Returns how
    many.
    """
    with app.app_context():
        now = clock.now()
        due = db.session.execute(
            select(Poll.id, Poll.session_id)
            .join(ProgrammeSession, ProgrammeSession.id == Poll.session_id)
            .where(
                Poll.status == PollStatus.OPEN,
                or_(
                    Poll.closes_at <= now,
                    ProgrammeSession.ends_at <= now,
                    ProgrammeSession.status == SessionStatus.CANCELLED,
                ),
            )
            .order_by(Poll.session_id)
        ).all()
        db.session.rollback()
        count = each("tally_polls", due, lambda row: _tally(row.id, row.session_id))
        if due:
            live().tell()
        return count


def _tally(poll_id: UUID, session_id: UUID) -> bool:
    revision = raise_revision(session_id)
    poll = db.session.get_one(Poll, poll_id)
    if revision is None or poll.status is not PollStatus.OPEN:
        return False
    tally(poll, at=Moment(session_id, revision, clock.now()))
    return True
