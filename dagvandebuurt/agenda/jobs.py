"""Background jobs of the agenda: notify followers, and remind organisations that owe an answer."""

from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from dagvandebuurt.agenda import letters
from dagvandebuurt.agenda.deadlines import owes
from dagvandebuurt.agenda.models import FollowUp
from dagvandebuurt.agenda.queries import owing, untold_news
from dagvandebuurt.agenda.wrap_up import is_harvested
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.parts.jobs import each, job
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus
from dagvandebuurt.qanda.jobs import AFTERWARDS

ASKED_WITHIN = timedelta(
    days=2
)  # days in which the moderators are mailed; later it is on their own page only
FROM_NINE = 9  # no reminders at night


@job("tell_followers", minute="*")
def tell_followers(app: Flask) -> int:
    """Mail every event to its followers. Idempotent. Returns the number of mails.

    Each event in a transaction of its own, with one statement for all its mails.
    """
    with app.app_context():
        return each(
            "tell_followers",
            untold_news(),
            lambda event_id: letters.tell_followers(event_id, now=clock.now()),
        )


@job("remind_organisations", minute="5")
def remind_organisations(app: Flask) -> int:
    """Remind at half the term, on its last day, and when it is over. Once each."""
    with app.app_context():
        now = clock.now()
        if clock.local(now).hour < FROM_NINE:
            return 0

        def remind(point_id: UUID) -> int:
            point = db.session.get(FollowUp, point_id)
            return letters.remind(point, now=now) if point is not None and owes(point) else 0

        return each("remind_organisations", [point.id for point in owing()], remind)


@job("ask_to_harvest", minute="*/5")
def ask_to_harvest(app: Flask) -> int:
    """Ask the moderators of an ended session for the wrap-up, a quarter of an hour after its open questions
    were carried over.
    """
    with app.app_context():
        now = clock.now()
        over = db.session.scalars(
            select(ProgrammeSession).where(
                ProgrammeSession.status == SessionStatus.SCHEDULED,
                ProgrammeSession.ends_at < now - AFTERWARDS,
                ProgrammeSession.ends_at > now - ASKED_WITHIN,
            )
        ).all()
        return each(
            "ask_to_harvest",
            [session.id for session in over if not is_harvested(session.id)],
            lambda session_id: letters.ask_to_harvest(
                db.session.get_one(ProgrammeSession, session_id), now=now
            ),
        )
