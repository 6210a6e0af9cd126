"""What the desk may know of a waiting question besides its text, to choose by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.personal_data_hints import may_identify_a_person
from dagvandebuurt.qanda.models import PUBLIC, Appearance, Question, QuestionStatus
from dagvandebuurt.qanda.similar import likest

NOT_COUNTED = (QuestionStatus.WITHDRAWN, QuestionStatus.MOVED)


@dataclass(frozen=True)
class WaitingFacts:
    """`asked`: which question of its asker this is in the session, None where that may not be known.

    `mentions`: the text seems to name somebody. A hint to its reader, and no more than that.
    """

    asked: int | None = None
    mentions: bool = False


def waiting_facts(questions: Iterable[Question]) -> dict[UUID, WaitingFacts]:
    """Return what is known of those of `questions` that wait.

    Nobody counts the questions of an anonymous asker, nor those that somebody wrote down for others. A muted
    question is on no desk, and counts for nothing there.
    """
    waiting = [question for question in questions if question.status is QuestionStatus.WAITING]
    order = _orders_of([question for question in waiting if _is_counted(question)])
    return {
        question.id: WaitingFacts(order.get(question.id), may_identify_a_person(question.text))
        for question in waiting
    }


def _is_counted(question: Question) -> bool:
    return (
        question.asker_id is not None
        and question.appearance is not Appearance.ANONYMOUS
        and question.via is None
    )


def _orders_of(questions: Sequence[Question]) -> dict[UUID, int]:
    """Return which question of its asker each of theirs is in its session, from 1."""
    if not questions:
        return {}
    rows = db.session.execute(
        select(Question.id, Question.session_id, Question.asker_id)
        .where(
            Question.session_id.in_({question.session_id for question in questions}),
            Question.asker_id.in_({question.asker_id for question in questions}),
            Question.appearance != Appearance.ANONYMOUS,
            Question.via.is_(None),
            Question.is_muted.is_(False),
            Question.status.not_in(NOT_COUNTED),
        )
        .order_by(Question.session_id, Question.asker_id, Question.asked_at, Question.id)
    )
    return {
        row.id: number
        for _asker, theirs in groupby(rows, key=lambda row: (row.session_id, row.asker_id))
        for number, row in enumerate(theirs, 1)
    }


def look_alikes(questions: Sequence[Question]) -> dict[UUID, Question]:
    """Map each waiting one of these to the public one among them that asks nearly the same: what it may be
    merged into.
    """
    public = [question for question in questions if question.status in PUBLIC]
    found = {}
    for question in questions:
        if question.status is QuestionStatus.WAITING:
            match = likest(question.text, [each for each in public if each.key_room == question.key_room])
            if match is not None:
                found[question.id] = match
    return found


def by_wait(question: Question) -> tuple[datetime, int, str]:
    """Sort key of the waiting questions: the longest wait first. `revision` orders those of one minute."""
    return question.asked_at, question.revision, str(question.id)
