"""Figures of the front page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from dagvandebuurt.agenda.models import FollowUp, FollowUpQuestion, FollowUpStatus
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionStatus, Venue, VenueKind
from dagvandebuurt.qanda.models import PUBLIC, Question, QuestionStatus
from dagvandebuurt.qanda.timelines import Timeline, timeline_of_question
from dagvandebuurt.registration.models import PlaceStatus, Registration

MOST_OF_A_QUESTION = 160  # letters: an example is read at a glance


@dataclass(frozen=True)
class Figures:
    """Number of registered people and of sessions, counted on request."""

    registered: int
    sessions: int


def figures_of(edition: Edition) -> Figures:
    registered = db.session.scalar(
        select(func.count())
        .select_from(Registration)
        .where(Registration.edition_id == edition.id, Registration.status == PlaceStatus.CONFIRMED)
    )
    sessions = db.session.scalar(
        select(func.count())
        .select_from(ProgrammeSession)
        .where(
            ProgrammeSession.edition_id == edition.id,
            ProgrammeSession.status == SessionStatus.SCHEDULED,
        )
    )
    return Figures(registered or 0, sessions or 0)


def where_held(edition: Edition) -> str:
    """Return where the sessions are, as the programme says: online, at places, or both. Empty without any."""
    at_a_place = Venue.kind == VenueKind.LOCATION
    held = ProgrammeSession.edition_id == edition.id, ProgrammeSession.status == SessionStatus.SCHEDULED
    places = db.session.scalars(
        select(Venue.name)
        .join(ProgrammeSession.venue)
        .where(*held, at_a_place)
        .distinct()
        .order_by(Venue.name)
    ).all()
    online = db.session.scalar(
        select(ProgrammeSession.id)
        .outerjoin(ProgrammeSession.venue)
        .where(*held, or_(Venue.id.is_(None), ~at_a_place))
        .limit(1)
    )
    words = [_("online")] if online else []
    if len(places) == 1:
        words.append(_("in %(place)s", place=places[0]))
    elif places:
        words.append(ngettext("op %(num)s plek", "op %(num)s plekken", len(places)))
    return f" {_('en')} ".join(words)


@dataclass(frozen=True)
class Example:
    """A real question that came to its end, and its way."""

    question: Question
    way: Timeline


def example_of_a_question(now: datetime) -> Example | None:
    """Return the question whose promise was kept last; without any, the answered one with the most support."""
    shown = Question.status.in_(PUBLIC), func.length(Question.text) <= MOST_OF_A_QUESTION
    kept = (
        select(Question)
        .join(FollowUpQuestion, FollowUpQuestion.question_id == Question.id)
        .join(FollowUp, FollowUp.id == FollowUpQuestion.follow_up_id)
        .where(
            *shown,
            Question.status == QuestionStatus.FORWARDED,
            FollowUp.status == FollowUpStatus.CONFIRMED,
        )
        .order_by(FollowUp.changed_at.desc(), Question.support_count.desc(), Question.id)
    )
    answered = (
        select(Question)
        .where(*shown, Question.status == QuestionStatus.ANSWERED, Question.answer.is_not(None))
        .order_by(Question.support_count.desc(), Question.answered_at.desc(), Question.id)
    )
    question = db.session.scalar(kept.limit(1)) or db.session.scalar(answered.limit(1))
    return Example(question, timeline_of_question(question, now=now)) if question is not None else None
