"""What can be found of polls, by whom."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.polls.models import Poll, PollStatus
from dagvandebuurt.polls.permissions import PollPermission
from dagvandebuurt.programme.models import ProgrammeSession


def polls_for(actor: Actor, session: ProgrammeSession) -> Sequence[Poll]:
    """The polls of `session` with something to see: results that are shown. Its moderators see all.

    Held results are nowhere: not in the page, not in a message.
    """
    query = (
        select(Poll)
        .where(Poll.session_id == session.id)
        .order_by(Poll.opened_at, Poll.title)
        .options(selectinload(Poll.options))
    )
    if not can(actor, PollPermission.READ_DESK, session):
        query = query.where(Poll.status == PollStatus.CLOSED, Poll.results_shown)
    return db.session.scalars(query).all()
