"""Commands of the moderator's desk on one question, each under the lock of its room and guarded against
edit conflicts (`concurrency.py`).
"""

from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.queries import require_reason
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.concurrency import decided_last, question_as_seen, question_in
from dagvandebuurt.qanda.errors import Changed, StageChanged
from dagvandebuurt.qanda.history import who_changed
from dagvandebuurt.qanda.hooks import question_hidden, question_shown_again
from dagvandebuurt.qanda.models import Action, Question, QuestionChange, QuestionStatus
from dagvandebuurt.qanda.states import MACHINE


@MACHINE.command(Action.SHOW)
def show(
    moderator: Actor, session: ProgrammeSession, *, question_id: UUID, seen: int | None = None, at: Moment
) -> Question:
    """Publish a waiting or hidden question to the hall. Raises Changed."""
    question = question_as_seen(moderator, session, question_id, Action.SHOW, seen)
    if question.status is QuestionStatus.HIDDEN:
        question_shown_again(question)
    MACHINE.apply(moderator, question, Action.SHOW, at)
    if question.answered_at is not None:  # hidden after it was answered: the answer is still valid
        question.status = QuestionStatus.ANSWERED
    if _was_forwarded(question.id):
        question.status = QuestionStatus.FORWARDED
    question.was_public = True
    question.shown_at = question.shown_at or at.now
    question.hidden_reason = question.hidden_note = None
    return question


@MACHINE.command(Action.HIDE)
def hide(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    reason: str,
    note: str,
    seen: int | None = None,
    at: Moment,
) -> Question:
    """Hide a question from the hall, for a reason from the house rules that its asker is given.

    A request to hide it before the hall could read it succeeds even when a colleague published it in that
    same moment: potentially harmful text does not stay up because of a conflict. Otherwise raises Changed; RuleGone for a rule that holds no more.
    """
    require_reason(reason, at.now)
    question = question_as_seen(moderator, session, question_id, Action.HIDE, seen)
    question.hidden_reason = reason
    MACHINE.apply(moderator, question, Action.HIDE, at, reason=reason, note=note or None)
    question.hidden_note = note or None
    question_hidden(moderator, question, at)
    return question


@MACHINE.command(Action.SHORTLIST, Action.UNLIST)
def shortlist(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    on: bool,
    seen: int | None = None,
    at: Moment,
) -> Question:
    """Put a question on the host's shortlist, or take it off. The hall sees no difference."""
    action = Action.SHORTLIST if on else Action.UNLIST
    question = question_as_seen(moderator, session, question_id, action, seen)
    MACHINE.apply(moderator, question, action, at)
    return question


@MACHINE.command(Action.LIVE, Action.REST)
def put_live(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    on: bool = True,
    seen: int | None = None,
    instead_of: UUID | None = None,
    at: Moment,
) -> Question:
    """Put this question on stage; the one on stage goes back to the visible ones. `on` false ends a turn
    without an answer.

    `instead_of` is the question on stage when the button was pressed, None for none. Raises StageChanged when
    another one is on stage now: nothing changes on the big screen during an answer.
    """
    action = Action.LIVE if on else Action.REST
    question = question_as_seen(moderator, session, question_id, action, seen)
    if on:
        on_stage = db.session.scalar(
            select(Question).where(Question.session_id == session.id, Question.status == QuestionStatus.LIVE)
        )
        if on_stage is not None:
            knows = on_stage.id == instead_of or (seen is None and decided_last(moderator, on_stage))
            if not knows:
                raise StageChanged(live=str(on_stage.id), text=on_stage.text, by=who_changed(on_stage))
            MACHINE.apply(moderator, on_stage, Action.REST, at)
        MACHINE.apply(moderator, question, action, at, beside=on_stage)
        return question
    MACHINE.apply(moderator, question, action, at)
    return question


@MACHINE.command(Action.ANSWER)
def answer(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    text: str,
    instead_of: str | None = None,
    at: Moment,
) -> Question:
    """Record what was answered; repeating it corrects the text. `instead_of`: the answer its author had on
    screen, None or empty for none.

    Raises Changed, with the current text, when that is not the answer it would replace.
    """
    question = question_in(session, question_id)
    MACHINE.require(question, Action.ANSWER)
    _still_says(question, instead_of or "")
    question.answered_at = question.answered_at or at.now
    question.answer = text
    question.answered_by = moderator.name
    MACHINE.apply(moderator, question, Action.ANSWER, at)
    return question


def _still_says(question: Question, known: str) -> None:
    if (question.answer or "") != known:
        raise Changed(status=QuestionStatus.ANSWERED.value, by=question.answered_by, answer=question.answer)


def forward(moderator: Actor, question: Question, at: Moment) -> None:
    """Mark a question as an action point, in the transaction of the section that makes it. Raises Changed."""
    MACHINE.apply(moderator, question, Action.FORWARD, at)


def _was_forwarded(question_id: UUID) -> bool:
    """Tell whether an action point was made of it, whatever happened to it since."""
    forwarded = select(QuestionChange.id).where(
        QuestionChange.question_id == question_id, QuestionChange.after == QuestionStatus.FORWARDED
    )
    return db.session.scalar(forwarded.limit(1)) is not None
