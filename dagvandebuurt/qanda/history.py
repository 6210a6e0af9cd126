"""Append-only history of moderation, and the conflict error that names who was first."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.core.states import Change
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.qanda.errors import Changed
from dagvandebuurt.qanda.models import Action, Question, QuestionChange, QuestionClaim
from dagvandebuurt.qanda.models import QuestionStatus as S

# Not the desk's: an asker's name beside the moment would undo anonymity, and the system has none.
NOT_OF_THE_DESK = frozenset({Action.WITHDRAW, Action.CARRY_OVER})


def record_change(
    change: Change[Question, Action, S],
    at: Moment,
    *,
    reason: str | None = None,
    note: str | None = None,
    beside: Question | None = None,
) -> None:
    """Give a changed question its revision, and write down what the desk did."""
    question = change.entity
    question.revision = at.revision
    _end_claim(question)
    if change.action in NOT_OF_THE_DESK:
        return
    assert change.actor is not None
    add_change(
        change.actor, question, change.before, change.after, at, reason=reason, note=note, beside=beside
    )


def add_change(
    moderator: Actor,
    question: Question,
    before: S,
    after: S,
    at: Moment,
    *,
    deed: str | None = None,
    reason: str | None = None,
    note: str | None = None,
    beside: Question | None = None,
) -> None:
    """Write down a decision of the desk, and give the question the revision of it."""
    revision = at.revision if question.session_id == at.room_id else at.beside[question.session_id]
    question.revision = question.desk_revision = revision
    if before is not after:
        _end_claim(question)
    # The askers of questions merged into it are notified too.
    db.session.execute(
        update(Question).where(Question.merged_into_id == question.id).values(revision=revision)
    )
    db.session.add(
        QuestionChange(
            question_id=question.id,
            moderator_id=moderator.id,
            moderator_name=moderator.name,
            before=before,
            after=after,
            deed=deed,
            beside_id=beside.id if beside else None,
            reason=reason,
            note=note,
            at=after_the_last(question.id, at.now),
        )
    )


def _end_claim(question: Question) -> None:
    """Nobody is looking at a question any more about which something was decided."""
    db.session.execute(delete(QuestionClaim).where(QuestionClaim.question_id == question.id))


def last_change(question_id: UUID) -> QuestionChange | None:
    """Return the last change that the desk made to a question."""
    return db.session.scalar(
        select(QuestionChange)
        .where(QuestionChange.question_id == question_id)
        .order_by(QuestionChange.at.desc())
        .limit(1)
    )


def changed(question: Question) -> Changed:
    """Build the conflict error with the current status and who decided it. For the desk only."""
    last = last_change(question.id)
    told = {"deed": last.deed} if last is not None and last.deed else {}
    return Changed(status=question.status.value, by=last.moderator_name if last else None, **told)


def after_the_last(question_id: UUID, now: datetime) -> datetime:
    """Return a timestamp after the last change: actions of one moment must still have an order."""
    last = db.session.scalar(
        select(func.max(QuestionChange.at)).where(QuestionChange.question_id == question_id)
    )
    return now if last is None or last < now else last + timedelta(microseconds=1)


def who_changed(question: Question) -> str | None:
    """Return the name of the moderator who decided last about it. For the desk only."""
    change = last_change(question.id)
    return change.moderator_name if change else None
