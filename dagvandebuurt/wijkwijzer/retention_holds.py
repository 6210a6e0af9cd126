"""Retention holds: people who wait for an answer, news, a digest or a request for confirmation."""

from typing import Any

from sqlalchemy import Select, select, union
from sqlalchemy.orm import aliased

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.personal_data import owed
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.wijkwijzer.models import (
    Initiative,
    InitiativeStatus,
    LearningOffer,
    LearningQuestion,
    LearningQuestionStatus,
    MeToo,
    OfferStatus,
)
from dagvandebuurt.wijkwijzer.people.models import (
    ContactCard,
    ContactRequest,
    ContactStatus,
    DigestWish,
    Following,
    Joining,
)

ENDED_QUESTIONS = (LearningQuestionStatus.ANSWERED, LearningQuestionStatus.DECLINED)
ENDED_OFFERS = (OfferStatus.DECLINED, OfferStatus.EXPIRED, OfferStatus.ARCHIVED)


def open_questions() -> Select[Any]:
    """Select the ids of open learning questions: also matched ones, as an offer may end, and merged ones
    whose target is open.
    """
    target = aliased(LearningQuestion)
    return (
        select(LearningQuestion.id)
        .outerjoin(target, LearningQuestion.merged_into_id == target.id)
        .where(
            LearningQuestion.status.not_in(ENDED_QUESTIONS),
            (LearningQuestion.status != LearningQuestionStatus.CLUSTERED)
            | target.status.not_in(ENDED_QUESTIONS),
        )
    )


@owed("learning", _l("een leervraag van jou, of waar je ook op wacht, is nog open"))
def who_wants_to_learn() -> Select[Any]:
    """Return askers and supporters."""
    found = union(
        select(LearningQuestion.asker_id.label("person_id")).where(
            LearningQuestion.asker_id.is_not(None), LearningQuestion.id.in_(open_questions())
        ),
        select(MeToo.person_id).where(MeToo.learning_question_id.in_(open_questions())),
        select(Question.asker_id)  # asked it at the congress
        .join(LearningQuestion, LearningQuestion.question_id == Question.id)
        .where(Question.asker_id.is_not(None), LearningQuestion.id.in_(open_questions())),
    ).subquery()
    return select(found.c.person_id)


@owed("following", _l("je volgt een thema, organisatie, plaats of schrijver"))
def who_follows() -> Select[Any]:
    """Return followers with a digest."""
    found = union(select(Following.person_id.label("person_id")), select(DigestWish.person_id)).subquery()
    return select(found.c.person_id)


@owed("offers", _l("wat je instuurde staat op de site, en we vragen elk jaar of het nog klopt"))
def who_sent_something_in() -> Select[Any]:
    found = union(
        select(LearningOffer.submitted_by_id.label("person_id")).where(
            LearningOffer.submitted_by_id.is_not(None), LearningOffer.status.not_in(ENDED_OFFERS)
        ),
        select(Initiative.submitted_by_id).where(
            Initiative.submitted_by_id.is_not(None), Initiative.status != InitiativeStatus.ARCHIVED
        ),
        select(Joining.person_id)
        .join(Initiative, Initiative.id == Joining.initiative_id)
        .where(Initiative.status != InitiativeStatus.ARCHIVED),
    ).subquery()
    return select(found.c.person_id)


@owed("contact", _l("je stuurde een bericht of wilt iemand ontmoeten"))
def who_waits_for_somebody() -> Select[Any]:
    found = union(
        select(ContactRequest.from_id.label("person_id")).where(ContactRequest.status == ContactStatus.SENT),
        select(ContactCard.person_id),
    ).subquery()
    return select(found.c.person_id)
