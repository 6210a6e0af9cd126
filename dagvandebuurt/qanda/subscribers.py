"""Subscriptions of the Q&A to events of other sections."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.people.hooks import WorkPage, work_pages
from dagvandebuurt.people.models import RoleGrant
from dagvandebuurt.programme.hooks import attention_items
from dagvandebuurt.qanda import account_merging, privacy, private_link, retention_holds
from dagvandebuurt.qanda.attention import attention_of_questions
from dagvandebuurt.qanda.follow_ups import outcomes_of
from dagvandebuurt.qanda.items import own_cards
from dagvandebuurt.qanda.models import Question, QuestionStatus
from dagvandebuurt.qanda.queries import queues_of, sessions_at_desk
from dagvandebuurt.qanda.timelines import Timeline
from dagvandebuurt.registration.hooks import Asked, asked_by_name_or_role, page_of_number

LEFT_OUT = (QuestionStatus.WITHDRAWN, QuestionStatus.MOVED)


def questions_for_the_helper(person_id: UUID) -> Sequence[Asked]:
    """Return questions newest first. Anonymous ones have no asker, so they are never included."""
    found = db.session.scalars(
        select(Question)
        .where(
            Question.asker_id == person_id,
            Question.status.not_in(LEFT_OUT),
            # Who has no role writes nothing down for others: that question is their own, asked by phone.
            or_(Question.via.is_(None), ~exists().where(RoleGrant.person_id == person_id)),
        )
        .order_by(Question.asked_at.desc(), Question.id)
    ).all()
    outcomes = outcomes_of([question.id for question in found])
    told = []
    for question, item in zip(found, own_cards(found), strict=True):
        became = outcomes.get(question.id, [])
        standing = f"{Timeline.of_item(item['timeline']).label}."
        said = " ".join([standing, *(each.said for each in became)])
        answer = item["answer"] or next((each.answer for each in became if each.answer), None)
        told.append(
            Asked(question.text, said, answer, next((each.path for each in became if each.path), None))
        )
    return told


def path_of_number(number: str) -> str | None:
    """Typed at `/kom`: the page of that one question."""
    question_id = private_link.question_by_number(number)
    return private_link.path_to(question_id) if question_id is not None else None


def waiting_questions(actor: Any) -> int:
    return sum(len(queue.waiting) for queue in queues_of(actor, sessions_at_desk(actor, clock.now())))


def desks() -> list[WorkPage]:
    return [
        WorkPage(
            desk=_l("Mijn sessies"),
            endpoint="qanda.queues",
            label=_l("Mijn sessies"),
            order=10,
            icon="bubble",
            about=_l("Lees de vragen van je zalen, toon ze, en zet ze aan de beurt."),
            works_here=lambda actor: actor.runs_sessions,
            waiting=waiting_questions,
        )
    ]


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.askers_of_long_ago, privacy.keys_of_long_ago, privacy.notices_of_long_ago],
        erase=[privacy.questions_stay_without_asker],
        dissolve=[privacy.answers_without_askers],
        export={
            "question": privacy.questions_of,
            "question_notice": privacy.notices_of,
            "question_wording": privacy.own_words_of,
            "support": privacy.support_of,
        },
        merge=[account_merging.questions_are_the_accounts],
        held=[account_merging.what_a_guest_would_lose],
        owed=[retention_holds.askers_without_an_answer],
    )


asked_by_name_or_role.subscribe(questions_for_the_helper)
page_of_number.subscribe(path_of_number)
personal_data.subscribe(kept_of_people)
work_pages.subscribe(desks)
attention_items.subscribe(attention_of_questions)
