"""Mending the text of a question before the hall reads it: a slip of the pen, or a name that is left out.

The asker's own words are kept for the asker, who is told and sees both.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.errors import NotYours
from dagvandebuurt.qanda.history import add_change, changed
from dagvandebuurt.qanda.models import Question, QuestionStatus, QuestionWording
from dagvandebuurt.qanda.permissions import QandaPermission

MEND = "mend"


@command(needs=QandaPermission.MODERATE)
def mend(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    text: str,
    seen: int | None = None,
    at: Moment,
) -> Question:
    """Change the text of a waiting question. Raises Changed when it was shown or decided about since, also when it
    is not said what was seen: nobody overwrites a text unread.
    """
    question = db.session.get(Question, question_id)
    if question is None or question.session_id != session.id:
        raise NotYours
    if question.status is not QuestionStatus.WAITING or seen != question.desk_revision:
        raise changed(question)
    if text == question.text:
        raise InvalidInput({"text": [_("Dit staat er al zo. Er is niets veranderd.")]})
    db.session.add(QuestionWording(question_id=question.id, revision=at.revision, text=question.text))
    question.text, question.is_mended = text, True
    add_change(moderator, question, question.status, question.status, at, deed=MEND)
    return question


def own_words(questions: Iterable[Question]) -> dict[UUID, str]:
    """Return what the askers of these wrote themselves, of those that were mended."""
    mended = [question.id for question in questions if question.is_mended]
    if not mended:
        return {}
    found: dict[UUID, str] = {}
    for wording in db.session.scalars(
        select(QuestionWording)
        .where(QuestionWording.question_id.in_(mended))
        .order_by(QuestionWording.revision, QuestionWording.id)
    ):
        found.setdefault(wording.question_id, wording.text)
    return found


def take_along(question: Question, there: Question) -> None:
    """Copy the earlier words of a question that goes on as another row."""
    there.is_mended = question.is_mended
    for wording in db.session.scalars(
        select(QuestionWording).where(QuestionWording.question_id == question.id)
    ).all():
        db.session.add(QuestionWording(question_id=there.id, revision=wording.revision, text=wording.text))


def forget_words(question_ids: Iterable[UUID]) -> None:
    """Delete the earlier words of these questions: their askers are no longer known."""
    db.session.execute(
        delete(QuestionWording)
        .where(QuestionWording.question_id.in_(list(question_ids)))
        .execution_options(synchronize_session=False)
    )
