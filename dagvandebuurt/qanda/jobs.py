"""Background jobs of the Q&A: shares by role, open questions after a session, nightly mail."""

from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Moment, raise_revision
from dagvandebuurt.parts.jobs import each, job
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda import notices, rules
from dagvandebuurt.qanda.models import Action, Question
from dagvandebuurt.qanda.states import MACHINE

BEFOREHAND = timedelta(hours=1)  # the lobby, where questions are accepted too
AFTERWARDS = timedelta(minutes=15)  # allow for a session that runs late


@job("count_shares", minute="*")
def count_shares(app: Flask) -> int:
    """Count by role who was heard, in sessions that are under way or just ended. Returns how many changed."""
    with app.app_context():
        now = clock.now()
        going_on = db.session.scalars(
            select(ProgrammeSession.id).where(
                ProgrammeSession.starts_at < now + BEFOREHAND, ProgrammeSession.ends_at > now - AFTERWARDS
            )
        ).all()
        db.session.rollback()
        return each("count_shares", sorted(going_on), rules.count_shares)


@job("carry_over", minute="*")
def carry_over(app: Flask) -> int:
    """Mark each visible, unanswered question as open once its session is over. Idempotent. Returns how many."""
    with app.app_context():
        ended = db.session.scalars(
            select(Question.session_id)
            .join(ProgrammeSession, ProgrammeSession.id == Question.session_id)
            .where(
                Question.status.in_(MACHINE.table[Action.CARRY_OVER].sources),
                ProgrammeSession.ends_at < clock.now() - AFTERWARDS,
            )
            .distinct()
        ).all()
        db.session.rollback()
        count = each("carry_over", sorted(ended), _carry_over_in)
        if count:
            live().tell()
        return count


def _carry_over_in(session_id: UUID) -> int:
    revision = raise_revision(session_id)
    if revision is None:
        return 0
    return len(rules.carry_over(session_id, at=Moment(session_id, revision, clock.now())))


@job("tell_of_news", lane="slow", hour="4", minute="10")
def tell_of_news(app: Flask) -> int:
    """Mail news to askers of anonymous questions who chose it: at a fixed hour, so the time reveals nothing.
    Idempotent. Returns the number of mails.
    """
    with app.app_context(), transaction():
        return notices.tell(now=clock.now())
