"""Retention holds: people whose questions here still wait for an answer."""

from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.personal_data import owed
from dagvandebuurt.qanda.models import Question, QuestionStatus

# Statuses in which no answer comes here. An action point continues there (`agenda.retention_holds`).
ENDED = (
    QuestionStatus.ANSWERED,
    QuestionStatus.HIDDEN,
    QuestionStatus.WITHDRAWN,
    QuestionStatus.MOVED,
    QuestionStatus.MERGED,
    QuestionStatus.FORWARDED,
)


@owed("question", _l("je vraag heeft nog geen antwoord"))
def askers_without_an_answer() -> Select[Any]:
    """Return askers of open questions, and of questions merged into one that is open."""
    target = aliased(Question)
    return (
        select(Question.asker_id)
        .outerjoin(target, Question.merged_into_id == target.id)
        .where(
            Question.asker_id.is_not(None),
            or_(
                Question.status.not_in(ENDED),
                (Question.status == QuestionStatus.MERGED) & target.status.not_in(ENDED),
            ),
        )
    )
