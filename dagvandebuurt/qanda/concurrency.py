"""Optimistic concurrency control for the moderators' desk.

Each command carries the revision its user had on screen (`seen`: the question's `desk_revision`). When a
colleague decided something since, it is refused with who did what. Without `seen`, only actions that undo
nothing are done (`states.UNSEEN`).
"""

from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.errors import NotYours
from dagvandebuurt.qanda.history import changed, last_change
from dagvandebuurt.qanda.models import Action, Question, QuestionChange, QuestionStatus
from dagvandebuurt.qanda.states import MACHINE, UNSEEN


def question_in(session: ProgrammeSession, question_id: UUID) -> Question:
    question = db.session.get(Question, question_id)
    if question is None or question.session_id != session.id:
        raise NotYours
    return question


def question_as_seen(
    moderator: Actor, session: ProgrammeSession, question_id: UUID, action: Action, seen: int | None
) -> Question:
    """Return the question, if it is unchanged since its moderator saw it. Raises NotYours, or Changed."""
    question = question_in(session, question_id)
    require_unchanged(moderator, question, action, seen)
    return question


def require_unchanged(moderator: Actor, question: Question, action: Action, seen: int | None) -> None:
    """Raise Changed when a colleague decided something since `moderator` looked.

    Without `seen`, a moderator may undo only their own last decision.
    """
    MACHINE.require(question, action)
    if seen is None:
        is_same = question.status in UNSEEN[action] or decided_last(moderator, question)
    else:
        is_same = seen == question.desk_revision or (action is Action.HIDE and _was_only_shown(question))
    if not is_same:
        raise changed(question)


def decided_last(moderator: Actor, question: Question) -> bool:
    last = last_change(question.id)
    return last is not None and last.moderator_id == moderator.id


def _was_only_shown(question: Question) -> bool:
    """Tell whether the only decisions were to publish it, to undo that, or to hide its asker's name: any older
    view showed it waiting, or only just published.
    """
    changes = db.session.execute(
        select(QuestionChange.before, QuestionChange.after, QuestionChange.deed)
        .where(QuestionChange.question_id == question.id)
        .order_by(QuestionChange.at)
    ).all()
    decided = [(each.before, each.after) for each in changes if each.before is not each.after]
    if not decided:
        return question.status is QuestionStatus.WAITING
    published = (QuestionStatus.WAITING, QuestionStatus.VISIBLE)
    back_and_forth = {published, published[::-1]}
    return question.status in published and decided[0] == published and set(decided) <= back_and_forth
