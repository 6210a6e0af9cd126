"""Undo of one's own last decision at the desk, within moments, as long as nothing else happened to the question.

What it undoes is read from the history; so is what the question was before.
"""

from uuid import UUID

from sqlalchemy import select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.concurrency import question_in
from dagvandebuurt.qanda.errors import CannotUndo, TooLateToUndo
from dagvandebuurt.qanda.history import add_change, changed, last_change
from dagvandebuurt.qanda.hooks import (
    hiding_undone,
    question_hidden,
    question_moved,
    question_shown_again,
)
from dagvandebuurt.qanda.models import UNDO, Question, QuestionChange
from dagvandebuurt.qanda.models import QuestionStatus as S
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.queries import UNDO_WITHIN, is_undoable
from dagvandebuurt.qanda.rules import SUPPORTS
from dagvandebuurt.qanda.transfer_rules import separate


@command(needs=QandaPermission.MODERATE)
def undo(
    moderator: Actor, session: ProgrammeSession, *, question_id: UUID, seen: int | None = None, at: Moment
) -> Question:
    """Bring a question back to what it was before this moderator's last decision on it, moments ago.

    Raises Changed, with who did what, when anybody else decided something since; TooLateToUndo; or CannotUndo
    for a decision that has no undo, such as an answer, which is mailed.
    """
    question = question_in(session, question_id)
    last = last_change(question.id)
    if last is None or last.moderator_id != moderator.id or seen not in (None, question.desk_revision):
        raise changed(question)
    if question.is_muted or not is_undoable(last):
        raise CannotUndo
    if at.now - last.at > UNDO_WITHIN:
        raise TooLateToUndo
    if question.status is not last.after and not _is_shown_as_before(question, last):
        raise changed(question)  # its asker withdrew it, or the session ended
    if last.after is S.MERGED:
        separate(moderator, question, at, deed=UNDO)
    elif last.after is S.MOVED:
        _bring_back(moderator, question, last, at)
    elif last.after is S.HIDDEN:
        _unhide(moderator, question, last, at)
    elif last.before is S.HIDDEN:
        _hide_again(moderator, question, at)
    else:
        _put_back(moderator, question, last, at)
    return question


def _is_shown_as_before(question: Question, last: QuestionChange) -> bool:
    """Tell whether it was shown after it was hidden, and is answered or an action point, as it was."""
    return (
        last.before is S.HIDDEN and last.after is S.VISIBLE and question.status in (S.ANSWERED, S.FORWARDED)
    )


def _turn(
    moderator: Actor,
    question: Question,
    status: S,
    at: Moment,
    *,
    reason: str | None = None,
    note: str | None = None,
) -> None:
    before, question.status = question.status, status
    add_change(moderator, question, before, status, at, deed=UNDO, reason=reason, note=note)


def _put_back(moderator: Actor, question: Question, last: QuestionChange, at: Moment) -> None:
    """Undo showing, putting ready and putting on stage: the one that made room for it is on stage again."""
    if last.before is S.LIVE and _on_stage(question.session_id) is not None:
        raise CannotUndo
    if last.before is S.WAITING:
        question.shown_at = None
    before = db.session.get(Question, last.beside_id) if last.beside_id else None
    if before is not None and (
        before.status is not S.VISIBLE or before.desk_revision != question.desk_revision
    ):
        raise CannotUndo  # a colleague decided about that one meanwhile
    _turn(moderator, question, last.before, at)
    if before is not None:
        _turn(moderator, before, S.LIVE, at)


def _unhide(moderator: Actor, question: Question, last: QuestionChange, at: Moment) -> None:
    """Show it again where it was. A stage that was taken meanwhile stays as it is."""
    is_taken = last.before is S.LIVE and _on_stage(question.session_id) is not None
    hidden_at, status = question.desk_revision, S.VISIBLE if is_taken else last.before
    question.status, question.hidden_reason, question.hidden_note = status, None, None
    question_shown_again(question)
    hiding_undone(question, hidden_at, at)
    add_change(moderator, question, S.HIDDEN, status, at, deed=UNDO)


def _hide_again(moderator: Actor, question: Question, at: Moment) -> None:
    hiding = db.session.scalar(
        select(QuestionChange)
        .where(
            QuestionChange.question_id == question.id,
            QuestionChange.after == S.HIDDEN,
            QuestionChange.reason.is_not(None),
        )
        .order_by(QuestionChange.at.desc())
        .limit(1)
    )
    if hiding is None:
        raise CannotUndo
    question.hidden_reason, question.hidden_note = hiding.reason, hiding.note
    _turn(moderator, question, S.HIDDEN, at, reason=hiding.reason, note=hiding.note)
    question_hidden(moderator, question, at)


def _bring_back(moderator: Actor, question: Question, last: QuestionChange, at: Moment) -> None:
    """Take back a question that was moved, with the support it got there, if nobody decided about it there."""
    there = db.session.get(Question, question.moved_to_id)
    if there is None or there.session_id not in at.beside:
        raise CannotUndo
    if there.status not in (S.WAITING, S.VISIBLE) or last_change(there.id) is not None:
        raise changed(there)
    support = there.support_count
    db.session.execute(
        update(SUPPORTS).where(SUPPORTS.c.question_id == there.id).values(question_id=question.id)
    )
    for left in (Question.moved_to_id, Question.merged_into_id):
        db.session.execute(update(Question).where(left == there.id).values({left: question.id}))
    question.moved_to_id, there.moved_to_id = None, question.id
    question.support_count, there.support_count = support, 0
    question.name_hidden = there.name_hidden
    _turn(moderator, question, last.before, at)
    _turn(moderator, there, S.MOVED, at)
    question_moved(moderator, there, question, at)


def _on_stage(session_id: UUID) -> Question | None:
    on_stage = select(Question).where(Question.session_id == session_id, Question.status == S.LIVE)
    return db.session.scalar(on_stage.limit(1))
