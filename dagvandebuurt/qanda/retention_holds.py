"""To whom an answer is owed here."""

from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.people.lifecycle.retention_holds import owes
from dagvandebuurt.qanda.models import Question, QuestionStatus

# Nobody has more to say about it here. What became an agendapunt goes on there (`agenda.owed`).
ENDED = (
    QuestionStatus.ANSWERED,
    QuestionStatus.HIDDEN,
    QuestionStatus.WITHDRAWN,
    QuestionStatus.MOVED,
    QuestionStatus.MERGED,
    QuestionStatus.FORWARDED,
)


@owes("question", _l("je vraag heeft nog geen antwoord"))
def askers_without_an_answer() -> Select[Any]:
    """Also of a question that was merged into another one, as long as that one is open."""
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
