"""Commands on learning questions: ask, support (*ik ook*), merge, match, answer, declare a gap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, literal, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.programme.models import Theme
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.wijkwijzer.errors import (
    AlreadyLearning,
    CannotGroup,
    GapClosed,
    NeedsNote,
    NotOnOffer,
    TooManyWaiting,
)
from dagvandebuurt.wijkwijzer.models import (
    SHOWN_OFFERS,
    SHOWN_QUESTIONS,
    Gap,
    GapKind,
    GapStatus,
    LearningOffer,
    LearningQuestion,
    LearningQuestionStatus,
    MeToo,
)
from dagvandebuurt.wijkwijzer.people.models import News
from dagvandebuurt.wijkwijzer.permissions import WijkwijzerPermission
from dagvandebuurt.wijkwijzer.queries import waiting_of
from dagvandebuurt.wijkwijzer.states import OPEN_GAPS, QUESTIONS, QuestionAction
from dagvandebuurt.wijkwijzer.transitions import next_number, tell

MOST_WAITING = 5  # limit of one person's unread submissions


@dataclass(frozen=True)
class Asked:
    """Text of a learning question, and what it is about."""

    title: str
    detail: str
    theme_ids: frozenset[UUID] = frozenset()
    domains: tuple[str, ...] = ()
    place_id: UUID | None = None


@command(needs=WijkwijzerPermission.ASK)
def ask(
    actor: Actor, _nothing: None, *, asked: Asked, role: ParticipantRole, now: datetime
) -> LearningQuestion:
    """Submit a learning question for review by a coordinator. Raises TooManyWaiting."""
    wait_your_turn(actor.id)
    return _new(asked, role=role, asker_id=actor.id, now=now)


@command(needs=WijkwijzerPermission.COORDINATE)
def from_congress(
    actor: Actor, question: Question, *, asked: Asked, role: ParticipantRole, now: datetime
) -> LearningQuestion:
    """Make a public learning question of a congress question; its asker gets the news. Raises
    AlreadyLearning.
    """
    used = select(LearningQuestion.id).where(LearningQuestion.question_id == question.id)
    if db.session.scalar(used) is not None:
        raise AlreadyLearning
    made = _new(asked, role=role, question_id=question.id, now=now)
    made.status = LearningQuestionStatus.VISIBLE
    tell(made, News.SHOWN, now=now)
    return made


@QUESTIONS.command(QuestionAction.ME_TOO)
def me_too(actor: Actor, question: LearningQuestion, *, on: bool, now: datetime) -> LearningQuestion:
    """Support a question, or stop. Counts once for each person; never for one's own question."""
    QUESTIONS.require(question, QuestionAction.ME_TOO)
    assert actor.id is not None
    there = db.session.get(MeToo, (question.id, actor.id))
    if on and there is None and question.asker_id != actor.id:
        db.session.add(MeToo(learning_question_id=question.id, person_id=actor.id, since=now))
        question.me_too += 1
    elif not on and there is not None:
        db.session.delete(there)
        question.me_too -= 1
    return question


@QUESTIONS.command(QuestionAction.SHOW)
def show(actor: Actor, question: LearningQuestion, *, now: datetime) -> LearningQuestion:
    """Publish the question."""
    QUESTIONS.apply(actor, question, QuestionAction.SHOW, now=now)
    tell(question, News.SHOWN, now=now)
    return question


@QUESTIONS.command(QuestionAction.DECLINE)
def decline(actor: Actor, question: LearningQuestion, *, note: str, now: datetime) -> LearningQuestion:
    """Decline it; its asker reads why. Raises NeedsNote."""
    if not note:
        raise NeedsNote
    QUESTIONS.apply(actor, question, QuestionAction.DECLINE, now=now)
    question.decline_note = note
    tell(question, News.DECLINED, now=now)
    return question


@QUESTIONS.command(QuestionAction.CLUSTER)
def cluster(
    actor: Actor, question: LearningQuestion, *, into: LearningQuestion, now: datetime
) -> LearningQuestion:
    """Merge it into another question that asks the same; supporters of both count once, and all get its news.
    Raises CannotGroup.
    """
    if into.id == question.id or into.status not in SHOWN_QUESTIONS:
        raise CannotGroup
    QUESTIONS.require(question, QuestionAction.CLUSTER)
    # In two statements: the check constraint needs the link first.
    question.merged_into_id = into.id
    QUESTIONS.apply(None, question, QuestionAction.CLUSTER, now=now)
    before = _number_of(into)
    _unite(question, into, now)
    into.me_too += _number_of(into) - before
    tell(question, News.CLUSTERED, now=now)
    return question


def _number_of(question: LearningQuestion) -> int:
    return db.session.scalar(select(func.count()).where(MeToo.learning_question_id == question.id)) or 0


def _unite(question: LearningQuestion, into: LearningQuestion, now: datetime) -> None:
    db.session.flush()
    there = select(MeToo.person_id).where(MeToo.learning_question_id == into.id)
    theirs = select(literal(into.id, MeToo.learning_question_id.type), MeToo.person_id, MeToo.since).where(
        MeToo.learning_question_id == question.id,
        MeToo.person_id.not_in(there),
        MeToo.person_id != (into.asker_id or UUID(int=0)),
    )
    db.session.execute(insert(MeToo).from_select(["learning_question_id", "person_id", "since"], theirs))
    asker = question.asker_id
    if asker is not None and asker != into.asker_id and db.session.get(MeToo, (into.id, asker)) is None:
        db.session.add(MeToo(learning_question_id=into.id, person_id=asker, since=now))
        db.session.flush()


@QUESTIONS.command(QuestionAction.MATCH)
def match(
    actor: Actor, question: LearningQuestion, *, offers: Sequence[LearningOffer], now: datetime
) -> LearningQuestion:
    """Match it with public offers. Raises NotOnOffer for none, or for one that is not public."""
    QUESTIONS.require(question, QuestionAction.MATCH)
    _on_offer(offers)
    question.offers = list(offers)
    QUESTIONS.apply(None, question, QuestionAction.MATCH, now=now)
    tell(question, News.MATCHED, now=now)
    return question


def _on_offer(offers: Iterable[LearningOffer]) -> None:
    found = list(offers)
    if not found or any(offer.status not in SHOWN_OFFERS for offer in found):
        raise NotOnOffer


@QUESTIONS.command(QuestionAction.ANSWER)
def answer(
    actor: Actor, question: LearningQuestion, *, text: str, by: str, now: datetime
) -> LearningQuestion:
    """Answer it in text; repeating it replaces the answer."""
    QUESTIONS.require(question, QuestionAction.ANSWER)
    question.answer, question.answered_by = text, by
    QUESTIONS.apply(None, question, QuestionAction.ANSWER, now=now)
    tell(question, News.ANSWERED, now=now)
    return question


@QUESTIONS.command(QuestionAction.DECLARE)
def declare_gap(
    actor: Actor,
    question: LearningQuestion,
    *,
    kind: GapKind,
    title: str,
    existing: Gap | None,
    now: datetime,
) -> Gap:
    """Declare it a gap: a new one, or an existing one. Raises GapClosed for one that is filled or parked."""
    QUESTIONS.require(question, QuestionAction.DECLARE)
    if existing is not None and existing.status not in OPEN_GAPS:
        raise GapClosed
    gap = existing or _new_gap(kind, title or question.title, now)
    question.gap_id = gap.id
    QUESTIONS.apply(None, question, QuestionAction.DECLARE, now=now)
    tell(question, News.GAP, now=now)
    return gap


def _new_gap(kind: GapKind, title: str, now: datetime) -> Gap:
    gap = Gap(
        number=next_number(Gap), title=title, kind=kind, status=GapStatus.IDENTIFIED, identified_at=now,
        changed_at=now,
    )  # fmt: skip
    db.session.add(gap)
    db.session.flush()
    return gap


def wait_your_turn(person_id: UUID | None) -> None:
    """Raise TooManyWaiting for a person with many submissions under review."""
    if person_id is not None and waiting_of(person_id) >= MOST_WAITING:
        raise TooManyWaiting(3600)


def themes_of(theme_ids: Iterable[UUID]) -> list[Theme]:
    return list(
        db.session.scalars(select(Theme).where(Theme.id.in_(list(theme_ids))).order_by(Theme.position))
    )


def _new(
    asked: Asked,
    *,
    role: ParticipantRole,
    now: datetime,
    asker_id: UUID | None = None,
    question_id: UUID | None = None,
) -> LearningQuestion:
    question = LearningQuestion(
        number=next_number(LearningQuestion),
        title=asked.title,
        detail=asked.detail,
        asked_by_role=role,
        asker_id=asker_id,
        question_id=question_id,
        domains=list(asked.domains),
        place_id=asked.place_id,
        status=LearningQuestionStatus.SUBMITTED,
        me_too=0,
        asked_at=now,
        changed_at=now,
    )
    question.themes = themes_of(asked.theme_ids)
    db.session.add(question)
    db.session.flush()
    return question
