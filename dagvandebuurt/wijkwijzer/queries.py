"""Queries of the Wijkwijzer, by what an actor may read."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, union
from sqlalchemy.orm import aliased, joinedload, selectinload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.people.models import Person, Role, RoleGrant
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.models import PUBLIC as PUBLIC_QUESTIONS
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.qanda.states import OPEN
from dagvandebuurt.wijkwijzer.models import (
    SHOWN_INITIATIVES,
    SHOWN_OFFERS,
    SHOWN_QUESTIONS,
    Gap,
    Initiative,
    InitiativeStatus,
    LearningOffer,
    LearningQuestion,
    LearningQuestionStatus,
    MeToo,
    OfferStatus,
)
from dagvandebuurt.wijkwijzer.people.models import ContactRequest, Joining
from dagvandebuurt.wijkwijzer.permissions import WijkwijzerPermission

HIGHEST = 2**31 - 1  # largest integer of the database
CONGRESS_SHOWN = 250  # open congress questions listed at the desk, the most supported first


def _readable(actor: Actor, kind: Any, shown: Iterable[Any], owner: Any) -> ColumnElement[bool]:
    """Filter on what is public or one's own; the desk reads all."""
    if can(actor, WijkwijzerPermission.COORDINATE):
        return kind.id.is_not(None)  # type: ignore[no-any-return]
    may = kind.status.in_(list(shown))
    return or_(may, owner == actor.id) if actor.id is not None else may


def questions_for(actor: Actor) -> Select[LearningQuestion]:
    """Return the learning questions `actor` may read, the most supported first."""
    may = _readable(actor, LearningQuestion, SHOWN_QUESTIONS, LearningQuestion.asker_id)
    return (
        select(LearningQuestion)
        .where(or_(may, LearningQuestion.status == LearningQuestionStatus.CLUSTERED))
        .order_by(LearningQuestion.me_too.desc(), LearningQuestion.number)
        .options(
            selectinload(LearningQuestion.themes),
            selectinload(LearningQuestion.offers),
            joinedload(LearningQuestion.gap),
            joinedload(LearningQuestion.place),
        )
    )


def offers_for(actor: Actor) -> Select[LearningOffer]:
    """Return the offers `actor` may read, by title."""
    return (
        select(LearningOffer)
        .where(_readable(actor, LearningOffer, SHOWN_OFFERS, LearningOffer.submitted_by_id))
        .order_by(LearningOffer.title, LearningOffer.number)
        .options(
            selectinload(LearningOffer.themes),
            selectinload(LearningOffer.questions),
            joinedload(LearningOffer.provider),
            joinedload(LearningOffer.place),
        )
    )


def initiatives_for(actor: Actor) -> Select[Initiative]:
    """Return the initiatives `actor` may read, by title."""
    return (
        select(Initiative)
        .where(_readable(actor, Initiative, SHOWN_INITIATIVES, Initiative.submitted_by_id))
        .order_by(Initiative.title, Initiative.slug)
        .options(
            selectinload(Initiative.themes),
            selectinload(Initiative.partners),
            joinedload(Initiative.led_by),
            joinedload(Initiative.place),
        )
    )


def gaps() -> Select[Gap]:
    """Return all gaps, latest first. All of them are public."""
    return (
        select(Gap)
        .order_by(Gap.number.desc())
        .options(
            joinedload(Gap.owner),
            selectinload(Gap.filled_by),
            selectinload(Gap.questions).selectinload(LearningQuestion.themes),
        )
    )


def shown_questions() -> Select[LearningQuestion]:
    return (
        select(LearningQuestion)
        .where(LearningQuestion.status.in_(SHOWN_QUESTIONS))
        .order_by(LearningQuestion.me_too.desc(), LearningQuestion.number)
        .options(selectinload(LearningQuestion.themes), selectinload(LearningQuestion.offers))
    )


def shown_offers() -> Select[LearningOffer]:
    return (
        select(LearningOffer)
        .where(LearningOffer.status.in_(SHOWN_OFFERS))
        .order_by(LearningOffer.title, LearningOffer.number)
        .options(
            selectinload(LearningOffer.themes),
            joinedload(LearningOffer.provider),
            joinedload(LearningOffer.place),
        )
    )


def shown_initiatives() -> Select[Initiative]:
    return (
        select(Initiative)
        .where(Initiative.status.in_(SHOWN_INITIATIVES))
        .order_by(Initiative.title, Initiative.slug)
        .options(selectinload(Initiative.themes), joinedload(Initiative.led_by), joinedload(Initiative.place))
    )


def by_number(query: Select[Any], kind: Any, number: int) -> Any:
    """Return one row of `query`. Raises NotFound both when it does not exist and when it is another person's."""
    found = db.session.scalar(query.where(kind.number == number)) if number <= HIGHEST else None
    if found is None:
        raise NotFound
    return found


def initiative_by_slug(actor: Actor, slug: str) -> Initiative:
    found = db.session.scalar(initiatives_for(actor).where(Initiative.slug == slug))
    if found is None:
        raise NotFound
    return found


def locked(kind: Any, found: Any) -> Any:
    """Return the row locked for update: a concurrent change waits, and then sees the first one."""
    query = select(kind).where(kind.id == found.id).with_for_update(of=kind)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def offers_by_number(numbers: Iterable[int]) -> Sequence[LearningOffer]:
    """Return the public ones among these."""
    return db.session.scalars(shown_offers().where(LearningOffer.number.in_(list(numbers)))).all()


def every_offer(for_change: bool = False) -> Sequence[LearningOffer]:
    """Return all offers in any status, to compare a file with."""
    query = select(LearningOffer).order_by(LearningOffer.number)
    if for_change:
        query = query.with_for_update(of=LearningOffer).execution_options(populate_existing=True)
    loads = (selectinload(LearningOffer.themes), selectinload(LearningOffer.place))
    return db.session.scalars(query.options(*loads)).all()


def says_me_too(actor: Actor, question: LearningQuestion) -> bool:
    return actor.id is not None and db.session.get(MeToo, (question.id, actor.id)) is not None


def joining_of(actor: Actor, initiative: Initiative) -> Joining | None:
    return None if actor.id is None else db.session.get(Joining, (initiative.id, actor.id))


def joined(initiative: Initiative) -> Sequence[Joining]:
    """Return the participants, for its organisers."""
    return db.session.scalars(
        select(Joining)
        .where(Joining.initiative_id == initiative.id)
        .options(joinedload(Joining.person))
        .order_by(Joining.since, Joining.person_id)
    ).all()


def number_joined(initiative: Initiative) -> int:
    return db.session.scalar(select(func.count()).where(Joining.initiative_id == initiative.id)) or 0


def messages_to(initiative: Initiative) -> Sequence[ContactRequest]:
    """Return the messages to its organisers, unanswered first."""
    return db.session.scalars(
        select(ContactRequest)
        .where(ContactRequest.initiative_id == initiative.id)
        .options(joinedload(ContactRequest.sender))
        .order_by(ContactRequest.status.desc(), ContactRequest.sent_at.desc())
    ).all()


def who_asked(question: LearningQuestion) -> Select[Any]:
    """Return the ids of everybody who gets its news: askers, also of merged and congress questions, and
    supporters.

    Anonymous askers are not included: they find it by the private link.
    """
    same = select(LearningQuestion.id).where(
        or_(LearningQuestion.id == question.id, LearningQuestion.merged_into_id == question.id)
    )
    theirs = select(LearningQuestion.question_id).where(
        LearningQuestion.id.in_(same), LearningQuestion.question_id.is_not(None)
    )
    everybody = union(
        select(LearningQuestion.asker_id.label("person_id")).where(LearningQuestion.id.in_(same)),
        select(MeToo.person_id).where(MeToo.learning_question_id == question.id),
        select(Question.asker_id).where(or_(Question.id.in_(theirs), Question.merged_into_id.in_(theirs))),
    ).subquery()
    return select(everybody.c.person_id).where(everybody.c.person_id.is_not(None))


def answers_for(thing: LearningOffer | Initiative) -> Sequence[Person]:
    """Return who is asked to confirm it: its sender, and the contacts of its organisation."""
    organisation = thing.provider_id if isinstance(thing, LearningOffer) else thing.led_by_id
    contacts = select(RoleGrant.person_id).where(
        RoleGrant.role == Role.ORG_CONTACT,
        RoleGrant.scope_id.is_not(None),
        RoleGrant.scope_id == organisation,
    )
    return db.session.scalars(
        select(Person)
        .where(or_(Person.id == thing.submitted_by_id, Person.id.in_(contacts)))
        .order_by(Person.created_at, Person.id)
    ).all()


def coordinators() -> Sequence[Person]:
    return db.session.scalars(
        select(Person)
        .join(RoleGrant)
        .where(RoleGrant.role == Role.LEARNING_COORDINATOR)
        .order_by(Person.created_at, Person.id)
    ).all()


def waiting_of(person_id: UUID) -> int:
    """Count a person's submissions that nobody reviewed yet."""
    return sum(
        db.session.scalar(select(func.count()).where(owner == person_id, kind.status == first)) or 0
        for kind, owner, first in (
            (LearningQuestion, LearningQuestion.asker_id, "submitted"),
            (LearningOffer, LearningOffer.submitted_by_id, "submitted"),
            (Initiative, Initiative.submitted_by_id, "in_review"),
        )
    )


def congress_questions() -> Sequence[tuple[Question, ProgrammeSession]]:
    """Return open congress questions that are not learning questions yet, the most supported first."""
    used = select(LearningQuestion.question_id).where(LearningQuestion.question_id.is_not(None))
    rows = db.session.execute(
        select(Question, ProgrammeSession)
        .join(ProgrammeSession, ProgrammeSession.id == Question.session_id)
        .where(Question.status.in_(OPEN), Question.id.not_in(used))
        .order_by(Question.support_count.desc(), Question.id)
        .limit(CONGRESS_SHOWN)
    )
    return [(row[0], row[1]) for row in rows]


def congress_question(question_id: UUID, *, for_change: bool = False) -> Question:
    """Return a public congress question. Raises NotFound."""
    query = select(Question).where(Question.id == question_id, Question.status.in_(PUBLIC_QUESTIONS))
    found = db.session.scalar(query.with_for_update(of=Question) if for_change else query)
    if found is None:
        raise NotFound
    return found


def learning_of(question_ids: Iterable[UUID]) -> dict[UUID, LearningQuestion]:
    """Map congress questions to the learning questions they became; for a merged one, to its target."""
    asked, target = aliased(LearningQuestion), aliased(LearningQuestion)
    rows = db.session.execute(
        select(asked.question_id, target)
        .join(target, target.id == func.coalesce(asked.merged_into_id, asked.id))
        .where(asked.question_id.in_(list(question_ids)))
        .options(selectinload(target.offers), joinedload(target.gap))
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}


def asked_by(actor: Actor) -> Sequence[LearningQuestion]:
    """Return the questions somebody asked or supports, latest change first."""
    too = select(MeToo.learning_question_id).where(MeToo.person_id == actor.id)
    return db.session.scalars(
        select(LearningQuestion)
        .where(or_(LearningQuestion.asker_id == actor.id, LearningQuestion.id.in_(too)))
        .order_by(LearningQuestion.changed_at.desc(), LearningQuestion.number)
        .options(selectinload(LearningQuestion.offers), joinedload(LearningQuestion.gap))
    ).all()


def sent_in_by(actor: Actor, kind: Any) -> Sequence[Any]:
    """Return the offers or initiatives that `actor` keeps up to date."""
    theirs = [scope for role, scope in getattr(actor, "grants", ()) if role == Role.ORG_CONTACT and scope]
    organisation = kind.provider_id if kind is LearningOffer else kind.led_by_id
    return db.session.scalars(
        select(kind)
        .where(or_(kind.submitted_by_id == actor.id, organisation.in_(theirs)))
        .order_by(kind.changed_at.desc(), kind.title)
    ).all()


def links_to_check(before: datetime, most: int) -> Sequence[LearningOffer]:
    """Return public offers whose link was not checked since, the longest ago first."""
    asked = LearningOffer.link_checked_at
    return db.session.scalars(
        select(LearningOffer)
        .where(
            LearningOffer.status.in_(SHOWN_OFFERS),
            LearningOffer.url.is_not(None),
            or_(asked.is_(None), asked < before),
        )
        .order_by(asked.is_not(None), asked, LearningOffer.number)
        .limit(most)
    ).all()


def waiting_for_coordinators() -> int:
    """Count the questions, offers and initiatives that nobody has checked yet."""
    return sum(
        db.session.scalar(select(func.count()).select_from(kind).where(kind.status.in_(statuses))) or 0
        for kind, statuses in (
            (LearningQuestion, (LearningQuestionStatus.SUBMITTED,)),
            (LearningOffer, (OfferStatus.SUBMITTED, OfferStatus.CHECKED)),
            (Initiative, (InitiativeStatus.IN_REVIEW,)),
        )
    )
