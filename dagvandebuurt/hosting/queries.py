"""Queries of hosting. Nothing here holds a question that nobody read yet."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.hosting.models import RunningOrder, StageSignal
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.models import Question, QuestionStatus

MOST_SUGGESTED = 3


def order_of(session_id: UUID) -> RunningOrder:
    """Return the order of this session, or an empty one when nobody changed it."""
    return db.session.get(RunningOrder, session_id) or RunningOrder(
        session_id=session_id, revision=0, question_ids=[]
    )


def signal_of(session_id: UUID) -> StageSignal | None:
    """Return the last signal that nobody has read yet."""
    signal = db.session.get(StageSignal, session_id)
    return signal if signal is not None and signal.kind is not None else None


def question_on_stage(session: ProgrammeSession) -> Question | None:
    return db.session.scalar(
        select(Question).where(Question.session_id == session.id, Question.status == QuestionStatus.LIVE)
    )


def questions_next(session_id: UUID) -> list[Question]:
    """Return the shortlisted questions in the order in which they come: those not placed yet at the end, the
    longest wait first.
    """
    placed = {question_id: place for place, question_id in enumerate(order_of(session_id).question_ids)}
    found = _with_status(session_id, QuestionStatus.SHORTLISTED)
    return sorted(found, key=lambda q: (placed.get(str(q.id), len(placed)), q.asked_at, str(q.id)))


def questions_suggested(session_id: UUID) -> list[Question]:
    """Return what the hall wants to hear most, for when nothing is shortlisted."""
    shown = _with_status(session_id, QuestionStatus.VISIBLE)
    return sorted(shown, key=lambda q: (-q.support_count, q.asked_at, str(q.id)))[:MOST_SUGGESTED]


def _with_status(session_id: UUID, status: QuestionStatus) -> Sequence[Question]:
    return db.session.scalars(
        select(Question).where(Question.session_id == session_id, Question.status == status)
    ).all()
