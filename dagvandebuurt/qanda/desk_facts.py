"""What the desk may know of a waiting question besides its text, to choose by."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import or_, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.personal_data_hints import may_identify_a_person
from dagvandebuurt.people.models import Person
from dagvandebuurt.qanda.models import PUBLIC, Appearance, Question, QuestionClaim, QuestionStatus
from dagvandebuurt.qanda.similar import likest


@dataclass(frozen=True)
class Claim:
    """Who is looking at a question, and until when. `who` is the same for all claims of one moderator in a session."""

    by: str
    who: str
    until: datetime


@dataclass(frozen=True)
class WaitingFacts:
    """`asked`: which question of its asker this is in the session, None where that may not be known.

    `mentions`: the text seems to name somebody. A hint to its reader, and no more than that. `claim`: who is looking
    at it, also when that has lapsed: no revision says when it does.
    """

    asked: int | None = None
    mentions: bool = False
    claim: Claim | None = None


def waiting_facts(questions: Iterable[Question]) -> dict[UUID, WaitingFacts]:
    """Return what is known of those of `questions` that wait.

    Nobody counts the questions of an anonymous asker, nor those that somebody wrote down for others. A muted
    question is on no desk.
    """
    waiting = [question for question in questions if question.status is QuestionStatus.WAITING]
    order = _orders_of([question for question in waiting if _is_counted(question)])
    claims = _claims_on(waiting)
    return {
        question.id: WaitingFacts(
            order.get(question.id), may_identify_a_person(question.text), claims.get(question.id)
        )
        for question in waiting
    }


def claimant(session_id: UUID, moderator_id: UUID | None) -> str:
    """Return what stands for a moderator in the claims of this session, and in no other session."""
    return str(uuid5(session_id, f"claim {moderator_id}"))


def _claims_on(questions: Sequence[Question]) -> dict[UUID, Claim]:
    if not questions:
        return {}
    rooms = {question.id: question.session_id for question in questions}
    rows = db.session.execute(
        select(QuestionClaim.question_id, QuestionClaim.moderator_id, QuestionClaim.until, Person.name)
        .join(Person, Person.id == QuestionClaim.moderator_id)
        .where(QuestionClaim.question_id.in_(rooms))
    )
    return {
        row.question_id: Claim(row.name or "", claimant(rooms[row.question_id], row.moderator_id), row.until)
        for row in rows
    }


def _is_counted(question: Question) -> bool:
    return (
        question.asker_id is not None
        and question.appearance is not Appearance.ANONYMOUS
        and question.via is None
    )


def _orders_of(questions: Sequence[Question]) -> dict[UUID, int]:
    """Return which question of its asker each of these is in its session, from 1: one more than they asked in
    earlier minutes.

    Only from what never changes of a question: the number is in a live item, so what would change it without
    a new revision of that item, a withdrawn or moved question of earlier, would leave desks with different
    numbers.
    """
    if not questions:
        return {}
    rows = db.session.execute(
        select(Question.session_id, Question.asker_id, Question.asked_at).where(
            Question.session_id.in_({question.session_id for question in questions}),
            Question.asker_id.in_({question.asker_id for question in questions}),
            Question.appearance != Appearance.ANONYMOUS,
            Question.via.is_(None),
            or_(Question.key_room_id.is_(None), Question.key_room_id == Question.session_id),
        )
    )
    minutes: defaultdict[tuple[UUID, UUID | None], list[datetime]] = defaultdict(list)
    for row in rows:
        minutes[row.session_id, row.asker_id].append(row.asked_at)
    return {
        each.id: 1 + sum(at < each.asked_at for at in minutes[each.session_id, each.asker_id])
        for each in questions
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
