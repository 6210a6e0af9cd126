"""Live items of alarms, for the desk only: that there is one, and how it stands. Pages that show it ask for it.

Whether an alarm is open follows from its question as well, so an item has the later revision of the two.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from dagvandebuurt.core.db import db
from dagvandebuurt.live import items
from dagvandebuurt.live.items import Changes, Item
from dagvandebuurt.qanda.models import Question, QuestionStatus
from dagvandebuurt.safety.models import EXTRA, AlarmStatus, DangerAlarm


def alarm_card(alarm: DangerAlarm, question: Question) -> Item:
    return {
        "kind": "danger",
        "id": str(alarm.id),
        "revision": max(alarm.revision, question.revision),
        "question": str(question.id),
        "open": alarm.status is AlarmStatus.RAISED and question.status is QuestionStatus.HIDDEN,
    }


class AlarmItems:
    """Live item source: the alarms of a session."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        rows = db.session.execute(
            select(DangerAlarm, Question)
            .join(Question, Question.id == DangerAlarm.question_id)
            .where(
                DangerAlarm.session_id == room_id,
                or_(DangerAlarm.revision > since, Question.revision > since),
            )
            .order_by(DangerAlarm.raised_at, DangerAlarm.id)
            .execution_options(populate_existing=True)
        )
        return Changes(desk=[alarm_card(row.DangerAlarm, row.Question) for row in rows])

    def mine_of(self, _room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
        return [{} for _ in actors]


items.register(
    AlarmItems(),
    extra=EXTRA,
    versions=[(DangerAlarm.session_id, DangerAlarm.revision), (Question.session_id, Question.revision)],
)
