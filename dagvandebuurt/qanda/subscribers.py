"""Subscriptions of the Q&A to events of other sections."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.qanda.follow_ups import outcomes_of
from dagvandebuurt.qanda.items import own_cards
from dagvandebuurt.qanda.labels import OWN_STATUS
from dagvandebuurt.qanda.models import Question, QuestionStatus
from dagvandebuurt.registration.helper_messages import Asked, tells_helpers

LEFT_OUT = (QuestionStatus.WITHDRAWN, QuestionStatus.MOVED)


@tells_helpers
def asked_by_name_or_role(person_id: UUID) -> Sequence[Asked]:
    """Return questions newest first. Anonymous ones have no asker, so they are never included."""
    found = db.session.scalars(
        select(Question)
        .where(Question.asker_id == person_id, Question.status.not_in(LEFT_OUT), Question.via.is_(None))
        .order_by(Question.asked_at.desc(), Question.id)
    ).all()
    outcomes = outcomes_of([question.id for question in found])
    told = []
    for question, item in zip(found, own_cards(found), strict=True):
        became = outcomes.get(question.id, [])
        said = " ".join([str(OWN_STATUS[item["status"]]), *(each.said for each in became)])
        answer = item["answer"] or next((each.answer for each in became if each.answer), None)
        told.append(
            Asked(question.text, said, answer, next((each.path for each in became if each.path), None))
        )
    return told
