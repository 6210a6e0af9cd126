"""A poll whose time is over is counted, also when nobody presses anything."""

from flask import Flask
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Moment, raise_revision
from dagvandebuurt.parts.jobs import job
from dagvandebuurt.polls.models import Poll, PollStatus
from dagvandebuurt.polls.rules import tally


@job("tally_polls", minute="*")
def tally_due(app: Flask) -> int:
    """Close and count each open poll whose moment has passed. Answers with how many."""
    with app.app_context():
        due = db.session.execute(
            select(Poll.id, Poll.session_id)
            .where(Poll.status == PollStatus.OPEN, Poll.closes_at <= clock.now())
            .order_by(Poll.session_id)
        ).all()
        db.session.rollback()
        for row in due:
            with transaction():
                revision = raise_revision(row.session_id)
                poll = db.session.get_one(Poll, row.id)
                if revision is not None and poll.status is PollStatus.OPEN:
                    tally(poll, at=Moment(row.session_id, revision, clock.now()))
        if due:
            live().tell()
        return len(due)
