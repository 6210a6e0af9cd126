"""Retention holds: people who wait for a decision."""

from typing import Any

from sqlalchemy import Select, select, union

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.personal_data import owed
from dagvandebuurt.lessons.models import Comment
from dagvandebuurt.moderation.models import Appeal, AppealStatus, Report, TextDecision
from dagvandebuurt.qanda.models import Question, QuestionChange


@owed("decision", _l("over een melding of bezwaar van jou is nog niet besloten"))
def who_waits_for_a_decision() -> Select[Any]:
    """Return reporters, and people with an open appeal about a report, a named question or their comment."""
    waits = Appeal.status == AppealStatus.RECEIVED
    found = union(
        select(Report.reporter_id.label("person_id")).where(
            Report.reporter_id.is_not(None), Report.decided_at.is_(None)
        ),
        select(Report.reporter_id)
        .join(Appeal, Appeal.report_id == Report.id)
        .where(waits, Report.reporter_id.is_not(None)),
        select(Question.asker_id)
        .join(QuestionChange, QuestionChange.question_id == Question.id)
        .join(Appeal, Appeal.change_id == QuestionChange.id)
        .where(waits, Question.asker_id.is_not(None)),
        select(Comment.author_id)
        .join(TextDecision, TextDecision.comment_id == Comment.id)
        .join(Appeal, Appeal.decision_id == TextDecision.id)
        .where(waits, Comment.author_id.is_not(None)),
    ).subquery()
    return select(found.c.person_id)
