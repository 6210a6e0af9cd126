"""Retention holds: people who still wait for the outcome of an action point."""

from typing import Any

from sqlalchemy import Select, or_, select, union
from sqlalchemy.orm import aliased

from dagvandebuurt.agenda.models import (
    Decision,
    Follow,
    FollowUp,
    FollowUpQuestion,
    FollowUpStatus,
    Participation,
)
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.personal_data import owed
from dagvandebuurt.qanda.models import Question

# Final statuses: nothing more will be reported.
ENDED = (FollowUpStatus.CONFIRMED, FollowUpStatus.DECLINED, FollowUpStatus.WITHDRAWN)
FINAL = (Decision.WONT_DO,)


def open_points() -> Select[Any]:
    """Select the ids of open points. A merged one is open as long as the one it was merged into."""
    target = aliased(FollowUp)

    def is_open(point: Any) -> Any:
        final = (point.status == FollowUpStatus.ANSWERED) & point.decision.in_(FINAL)
        return point.status.not_in((*ENDED, FollowUpStatus.MERGED)) & ~final.is_(True)

    return (
        select(FollowUp.id)
        .outerjoin(target, FollowUp.merged_into_id == target.id)
        .where(or_(is_open(FollowUp), (FollowUp.status == FollowUpStatus.MERGED) & is_open(target)))
    )


@owed("agenda", _l("een actiepunt dat je voorstelde, vroeg of volgt is nog niet klaar"))
def who_waits_for_an_agendapunt() -> Select[Any]:
    """Return raisers, askers (also of merged questions), followers and participants."""
    points = open_points()
    merged = aliased(Question)
    everybody = union(
        select(FollowUp.raised_by_id.label("person_id")).where(
            FollowUp.raised_by_id.is_not(None), FollowUp.id.in_(points)
        ),
        select(Follow.person_id).where(Follow.follow_up_id.in_(points)),
        select(Participation.person_id).where(Participation.follow_up_id.in_(points)),
        select(Question.asker_id)
        .join(FollowUpQuestion, FollowUpQuestion.question_id == Question.id)
        .where(Question.asker_id.is_not(None), FollowUpQuestion.follow_up_id.in_(points)),
        select(merged.asker_id)
        .join(FollowUpQuestion, FollowUpQuestion.question_id == merged.merged_into_id)
        .where(merged.asker_id.is_not(None), FollowUpQuestion.follow_up_id.in_(points)),
    ).subquery()
    return select(everybody.c.person_id)
