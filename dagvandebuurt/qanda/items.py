"""A question as its readers get it: for the hall, for the desk, for its own asker.

The same data fills the page and the message, so that a page after live changes equals a page that
was loaded anew.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.live import items
from dagvandebuurt.live.items import Changes, Item
from dagvandebuurt.qanda.models import PUBLIC, Appearance, Question, QuestionStatus
from dagvandebuurt.qanda.queries import own_questions, supported_by

KIND = "question"


def card(question: Question) -> Item:
    """What everybody in the hall may know. Nothing of who moderates, nothing of who asked beyond
    how they wanted to appear."""
    shown = QuestionStatus.VISIBLE if question.status is QuestionStatus.SHORTLISTED else question.status
    return {
        "kind": KIND,
        "id": str(question.id),
        "revision": question.revision,
        "status": shown.value,
        "type": question.kind.value,
        "text": question.text,
        "support": question.support_count,
        "asked_at": question.asked_at.isoformat(),
        "by": _by(question),
        "answer": question.answer,
        "answered_by": question.answered_by,
    }


def desk_card(question: Question) -> Item:
    """What its moderators may know besides: the real state and why it was hidden."""
    return {
        **card(question),
        "status": question.status.value,
        "hidden_reason": question.hidden_reason,
        "hidden_note": question.hidden_note,
    }


def own_card(question: Question) -> Item:
    """What its asker may know: also while it waits, and why it was hidden."""
    return {
        **card(question),
        "hidden_reason": question.hidden_reason,
        "hidden_note": question.hidden_note,
    }


def gone(question: Question) -> Item:
    """No longer for these eyes."""
    return {"kind": KIND, "id": str(question.id), "revision": question.revision, "gone": True}


def _by(question: Question) -> dict[str, Any]:
    if question.appearance is Appearance.ANONYMOUS:
        return {"as": "anonymous"}
    if question.appearance is Appearance.NAME:
        return {"as": "name", "name": question.shown_name, "role": question.asker_role.value}
    return {"as": "role", "role": question.asker_role.value, "place": question.shown_neighbourhood}


class QuestionItems:
    """The questions of a session, for the live core."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        query = (
            select(Question)
            # 0 asks for everything, also what was there before the room had a revision.
            .where(Question.session_id == room_id, Question.revision > (since or -1))
            .order_by(Question.asked_at, Question.id)
            .execution_options(populate_existing=True)
        )
        found = Changes()
        for question in db.session.scalars(query):
            if question.author_key is not None:
                found.own.setdefault(question.author_key, []).append(own_card(question))
            if question.status in PUBLIC:
                found.hall.append(card(question))
            elif question.was_public and since:
                found.hall.append(gone(question))
            if question.status is not QuestionStatus.WITHDRAWN:
                found.desk.append(desk_card(question))
            elif since:
                found.desk.append(gone(question))
        return found

    def mine(self, room_id: UUID, actor: Any) -> dict[str, Any]:
        return {
            "questions": [own_card(question) for question in own_questions(actor, room_id)],
            "supported": sorted(str(question_id) for question_id in supported_by(actor, room_id)),
        }


SOURCE = QuestionItems()
items.register(SOURCE)
