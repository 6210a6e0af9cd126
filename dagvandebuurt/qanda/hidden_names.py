"""Hidden names: a moderator hides an asker's name from the hall, on their questions in this room, now and
later.
"""

from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.errors import NoName, NotYours
from dagvandebuurt.qanda.history import after_the_last, changed
from dagvandebuurt.qanda.models import Appearance, Question, QuestionChange
from dagvandebuurt.qanda.permissions import QandaPermission

HIDE_NAME, SHOW_NAME = "hide_name", "show_name"


def is_hidden(session_id: UUID, question: Question) -> bool:
    """Tell whether the name of the asker of `question`, asked by name, is hidden from the hall of this
    session.
    """
    if question.appearance is not Appearance.NAME or question.asker_id is None:
        return False
    with db.session.no_autoflush:
        return hides_the_name_of(session_id, question.asker_id)


def hides_the_name_of(session_id: UUID, person_id: UUID) -> bool:
    """Tell whether a moderator hides the name of this person from the hall of this session."""
    hidden = select(Question.id).where(
        Question.session_id == session_id, Question.asker_id == person_id, Question.name_hidden
    )
    return db.session.scalar(hidden.limit(1)) is not None


@command(needs=QandaPermission.MODERATE)
def hide_name(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    on: bool,
    seen: int | None = None,
    at: Moment,
) -> Question:
    """Hide the asker's name from the hall, in this room; `on` false shows it again. Idempotent.

    The question itself stays as it is. A leaked name does not wait for a conflict: hiding it is refused only
    where a colleague decided about this name before. Raises NotYours, NoName for a question that shows none,
    or Changed.
    """
    question = db.session.get(Question, question_id)
    if question is None or question.session_id != session.id:
        raise NotYours
    if question.appearance is not Appearance.NAME:
        raise NoName
    turned = [each for each in _of_the_same_name(question) if each.name_hidden is not on]
    if turned:
        _still_as_seen(moderator, question, on, seen)
    for each in turned:
        each.name_hidden = on
        each.revision = each.desk_revision = at.revision
        if each.merged_into_id is not None:  # its card lists what is merged into it
            db.session.get_one(Question, each.merged_into_id).revision = at.revision
        db.session.add(
            QuestionChange(
                question_id=each.id,
                moderator_id=moderator.id,
                moderator_name=moderator.name,
                before=each.status,
                after=each.status,
                deed=HIDE_NAME if on else SHOW_NAME,
                at=after_the_last(each.id, at.now),
            )
        )
    return question


def _of_the_same_name(question: Question) -> list[Question]:
    if question.asker_id is None:
        return [question]
    return list(
        db.session.scalars(
            select(Question)
            .where(
                Question.session_id == question.session_id,
                Question.asker_id == question.asker_id,
                Question.appearance == Appearance.NAME,
            )
            .order_by(Question.asked_at, Question.id)
        )
    )


def _still_as_seen(moderator: Actor, question: Question, on: bool, seen: int | None) -> None:
    decided = db.session.scalar(
        select(QuestionChange)
        .where(QuestionChange.question_id == question.id, QuestionChange.deed.in_((HIDE_NAME, SHOW_NAME)))
        .order_by(QuestionChange.at.desc())
        .limit(1)
    )
    if seen is not None:
        is_same = seen == question.desk_revision or (on and decided is None)
    else:  # without `seen`: may undo their own decision only
        is_same = decided.moderator_id == moderator.id if decided else on
    if not is_same:
        raise changed(question)
