"""What can be done with questions. Each under the lock of its room, and safe to repeat."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.facts import record
from dagvandebuurt.core.permissions import Actor, rule
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.qanda.errors import AlreadyThere, Changed, NotYours, QuestionsClosed, TooManyWaiting
from dagvandebuurt.qanda.facts import QuestionAnswered, QuestionHidden
from dagvandebuurt.qanda.models import (
    Appearance,
    Question,
    QuestionChange,
    QuestionKind,
    QuestionStatus,
    Support,
)
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.queries import author_key, supporter_key
from dagvandebuurt.qanda.states import AFTER, POSSIBLE, Deed

MOST_WAITING = 5  # questions of one person that may wait for a moderator at once


@rule(needs=QandaPermission.ASK)
def ask(
    actor: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    text: str,
    kind: QuestionKind,
    appear: Appearance,
    at: Moment,
) -> Question:
    """Put a question before the moderator. It waits until somebody shows it.

    Raises QuestionsClosed, TooManyWaiting (try later), or AlreadyThere for a used id.
    """
    if not accepts_questions(session, at.now):
        raise QuestionsClosed
    key = author_key(actor, session.id)
    waiting = db.session.scalar(
        select(func.count())
        .select_from(Question)
        .where(
            Question.session_id == session.id,
            Question.author_key == key,
            Question.status == QuestionStatus.WAITING,
        )
    )
    if waiting and waiting >= MOST_WAITING:
        raise TooManyWaiting(60)
    if db.session.get(Question, question_id) is not None:
        raise AlreadyThere
    question = Question(
        id=question_id,
        session_id=session.id,
        revision=at.revision,
        author_key=key,
        kind=kind,
        text=text,
        appearance=appear,
        status=QuestionStatus.WAITING,
        asked_at=at.now.replace(second=0, microsecond=0),
        **_shown_as(actor, appear),
    )
    db.session.add(question)
    return question


def accepts_questions(session: ProgrammeSession, moment: datetime) -> bool:
    """From the lobby to the end, while the moderator keeps them open."""
    return session.questions_open and session.phase_at(moment) in (Phase.LOBBY, Phase.LIVE)


def _shown_as(actor: Any, appear: Appearance) -> dict[str, Any]:
    """What is kept of the asker: no more than they want to show, and the role for the shares."""
    kept: dict[str, Any] = {"asker_role": actor.participant_role}
    if appear is not Appearance.ANONYMOUS:
        kept["asker_id"] = actor.id
    if appear is Appearance.NAME:
        kept["shown_name"] = actor.name
    if appear is Appearance.ROLE:
        kept["shown_neighbourhood"] = actor.neighbourhood
    return kept


@rule(needs=QandaPermission.WITHDRAW)
def withdraw(actor: Actor, session: ProgrammeSession, *, question_id: UUID, at: Moment) -> Question:
    """Take one's own question back. Raises NotYours, or Changed once it is on stage or answered."""
    question = db.session.scalar(
        select(Question).where(
            Question.id == question_id,
            Question.session_id == session.id,
            Question.author_key == author_key(actor, session.id),
        )
    )
    if question is None:
        raise NotYours
    _allow(question, Deed.WITHDRAW)
    question.status = AFTER[Deed.WITHDRAW]
    question.revision = at.revision
    return question


# Rows instead of objects, and statements made once: thousands of wishes a second pass through here.
QUESTIONS, SUPPORTS = cast(Table, Question.__table__), cast(Table, Support.__table__)
SUPPORTED = select(QUESTIONS.c.id, QUESTIONS.c.status, QUESTIONS.c.support_count).where(
    QUESTIONS.c.session_id == bindparam("room"), QUESTIONS.c.id.in_(bindparam("ids", expanding=True))
)
STAND_BEHIND = {
    name: dialect.insert(SUPPORTS).on_conflict_do_nothing().returning(SUPPORTS.c.question_id)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
STAND_BACK = delete(SUPPORTS).where(
    SUPPORTS.c.question_id == bindparam("question"), SUPPORTS.c.supporter_key == bindparam("key")
)
COUNT = (
    update(QUESTIONS)
    .where(QUESTIONS.c.id == bindparam("question"))
    .values(support_count=QUESTIONS.c.support_count + bindparam("change"), revision=bindparam("at"))
)


def support_many(
    wishes: Sequence[tuple[Actor, UUID, bool]], session_id: UUID, *, at: Moment
) -> list[int | RuleBroken]:
    """Put people behind questions of one room, or take them away again: the hot path.

    Each wish is (who, which question, on). Three statements, however many yeses, and one for each
    no. Answers each with the question's support after all of them, or with the refusal. Permission
    was asked before; the room's lock keeps the counts true.
    """
    rows = db.session.execute(SUPPORTED, {"room": session_id, "ids": list({q for _, q, _ in wishes})})
    found = {row.id: row for row in rows}
    refused: dict[int, RuleBroken] = {}
    last: dict[tuple[UUID, str], bool] = {}
    for place, (actor, question_id, on) in enumerate(wishes):
        question = found.get(question_id)
        if question is None:
            refused[place] = NotYours()
        elif question.status not in POSSIBLE[Deed.SUPPORT]:
            refused[place] = Changed(status=question.status.value)
        else:
            key = supporter_key(actor, session_id)
            assert key is not None
            last[question_id, key] = on  # of two wishes of one person the later one holds
    changes = _store_support(last)
    if changes:
        changed = [{"question": q, "change": by, "at": at.revision} for q, by in changes.items()]
        db.session.execute(COUNT, changed)
    return [
        refused.get(place) or found[question_id].support_count + changes.get(question_id, 0)
        for place, (_, question_id, _) in enumerate(wishes)
    ]


def _store_support(wishes: dict[tuple[UUID, str], bool]) -> dict[UUID, int]:
    """Insert the yeses, delete the noes; return by how much each question's support changed."""
    difference: dict[UUID, int] = {}
    wanted = [{"question_id": q, "supporter_key": key} for (q, key), on in wishes.items() if on]
    if wanted:
        inserted = db.session.execute(STAND_BEHIND[db.engine.dialect.name], wanted)
        for question_id in inserted.scalars():
            difference[question_id] = difference.get(question_id, 0) + 1
    for (question_id, key), on in wishes.items():
        if not on:
            gone = db.session.execute(STAND_BACK, {"question": question_id, "key": key})
            difference[question_id] = difference.get(question_id, 0) - gone.rowcount  # type: ignore[attr-defined]
    return {question_id: change for question_id, change in difference.items() if change}


@rule(needs=QandaPermission.MODERATE)
def show(moderator: Actor, session: ProgrammeSession, *, question_id: UUID, at: Moment) -> Question:
    """Let the hall read a waiting question, or one that was hidden. Raises Changed."""
    question = _find(session, question_id)
    _move(moderator, question, Deed.SHOW, at)
    question.was_public = True
    question.shown_at = question.shown_at or at.now
    question.hidden_reason = question.hidden_note = None
    return question


@rule(needs=QandaPermission.MODERATE)
def hide(
    moderator: Actor, session: ProgrammeSession, *, question_id: UUID, reason: str, note: str, at: Moment
) -> Question:
    """Keep a question from the hall, for a reason of the house rules that its asker is told."""
    question = _find(session, question_id)
    question.hidden_reason = reason if question.status in POSSIBLE[Deed.HIDE] else question.hidden_reason
    _move(moderator, question, Deed.HIDE, at, reason=reason, note=note or None)
    question.hidden_note = note or None
    record(QuestionHidden(question.id, session.id))
    return question


@rule(needs=QandaPermission.MODERATE)
def put_live(moderator: Actor, session: ProgrammeSession, *, question_id: UUID, at: Moment) -> Question:
    """It is this question's turn. The one that had it goes back among the visible ones."""
    question = _find(session, question_id)
    _allow(question, Deed.LIVE)
    for earlier in db.session.scalars(
        select(Question).where(Question.session_id == session.id, Question.status == QuestionStatus.LIVE)
    ):
        earlier.status = QuestionStatus.VISIBLE
        earlier.revision = at.revision
    _move(moderator, question, Deed.LIVE, at)
    return question


@rule(needs=QandaPermission.MODERATE)
def answer(
    moderator: Actor, session: ProgrammeSession, *, question_id: UUID, text: str, at: Moment
) -> Question:
    """Write down what was answered; doing it again corrects the text."""
    question = _find(session, question_id)
    _allow(question, Deed.ANSWER)
    question.answered_at = question.answered_at or at.now
    question.answer = text
    question.answered_by = moderator.name  # type: ignore[attr-defined]
    _move(moderator, question, Deed.ANSWER, at)
    record(QuestionAnswered(question.id, session.id))
    return question


def _find(session: ProgrammeSession, question_id: UUID) -> Question:
    question = db.session.get(Question, question_id)
    if question is None or question.session_id != session.id:
        raise NotYours
    return question


def _allow(question: Question, deed: Deed) -> None:
    if question.status not in POSSIBLE[deed]:
        change = db.session.scalar(
            select(QuestionChange)
            .where(QuestionChange.question_id == question.id)
            .order_by(QuestionChange.at.desc())
            .limit(1)
        )
        raise Changed(status=question.status.value, by=change.moderator_name if change else None)


def _move(
    moderator: Any,
    question: Question,
    deed: Deed,
    at: Moment,
    *,
    reason: str | None = None,
    note: str | None = None,
) -> None:
    _allow(question, deed)
    before, question.status = question.status, AFTER[deed]
    question.revision = at.revision
    db.session.add(
        QuestionChange(
            question_id=question.id,
            moderator_id=moderator.id,
            moderator_name=moderator.name,
            before=before,
            after=question.status,
            reason=reason,
            note=note,
            at=at.now,
        )
    )
