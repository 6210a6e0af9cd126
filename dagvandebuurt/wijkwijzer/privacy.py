"""Data retention and erasure of the Wijkwijzer."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import RetentionRule, retention_rule
from dagvandebuurt.wijkwijzer.models import (
    SHOWN_INITIATIVES,
    SHOWN_OFFERS,
    SHOWN_QUESTIONS,
    Initiative,
    LearningOffer,
    LearningQuestion,
    LearningQuestionStatus,
    MeToo,
)
from dagvandebuurt.wijkwijzer.people.models import (
    ContactCard,
    ContactRequest,
    ContactStatus,
    DigestWish,
    Joining,
    Proposal,
)

LONGER_UNANSWERED = timedelta(days=60)

LEARNING = RetentionRule(
    "learning",
    order=116,
    what=_l("Wat je wilt leren, wat je aanbiedt, en welke goede voorbeelden je deelt of steunt"),
    why=_l("Om je te laten weten wat ermee gebeurt, en om elk jaar te vragen of het nog klopt."),
    until=_l(
        "Tot je ermee stopt of je gegevens laat wissen. Wat op de site staat, blijft staan zonder je naam."
    ),
)


@retention_rule(
    "contact",
    order=117,
    what=_l("Je contactkaart, en berichten die je via de site stuurde"),
    why=_l("Om je met iemand in contact te brengen, zonder je adres te geven."),
    until=_l("Berichten: 30 dagen na het antwoord. Je kaart: tot je hem weghaalt."),
    days=30,
)
def messages_of_long_ago(before: datetime) -> int:
    """Delete answered messages; unanswered ones are kept three times as long."""
    found = delete(ContactRequest).where(
        or_(
            (ContactRequest.status == ContactStatus.ANSWERED) & (ContactRequest.answered_at < before),
            ContactRequest.sent_at < before - LONGER_UNANSWERED,
        )
    )
    return db.session.execute(found).rowcount  # type: ignore[attr-defined,no-any-return]


def what_was_shared_stays_without_them(person_id: UUID, now: datetime) -> None:
    """Erase a person: public content stays without its sender, the rest is deleted. *Ik ook* stays as a
    number.
    """
    for kind, owner, shown in (
        (LearningOffer, LearningOffer.submitted_by_id, SHOWN_OFFERS),
        (Initiative, Initiative.submitted_by_id, SHOWN_INITIATIVES),
        (LearningQuestion, LearningQuestion.asker_id, SHOWN_QUESTIONS | {LearningQuestionStatus.CLUSTERED}),
    ):
        unread = select(kind.id).where(owner == person_id, kind.status.not_in(list(shown)))
        for statement in (
            delete(kind).where(kind.id.in_(unread)),
            update(kind).where(owner == person_id).values({owner.key: None}),
        ):
            db.session.execute(statement.execution_options(synchronize_session=False))
    for statement in (
        delete(MeToo).where(MeToo.person_id == person_id),
        update(ContactRequest)
        .where(ContactRequest.reply_by_id == person_id)
        .values(reply="", reply_by_id=None),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))


def what_was_shared_without_people(_now: datetime) -> None:
    """Keep what is on the site without its sender, without contacts and photos, and without a name that is not
    that of an organisation. What was not on the site goes."""
    for kind, owner, shown in (
        (LearningOffer, LearningOffer.submitted_by_id, SHOWN_OFFERS),
        (Initiative, Initiative.submitted_by_id, SHOWN_INITIATIVES),
        (LearningQuestion, LearningQuestion.asker_id, SHOWN_QUESTIONS | {LearningQuestionStatus.CLUSTERED}),
    ):
        _run(delete(kind).where(kind.status.not_in(list(shown))))
        _run(update(kind).values({owner.key: None}))
    grouped = LearningQuestion.status == LearningQuestionStatus.CLUSTERED
    for statement in (
        update(LearningQuestion).where(grouped).values(title="", detail=""),
        update(LearningOffer).values(contact=None),
        update(LearningOffer).where(LearningOffer.provider_id.is_(None)).values(provider_name=""),
        update(Initiative).where(Initiative.led_by_id.is_(None)).values(led_by_name=""),
        update(Initiative).values(photo=None, photo_alt=None, photo_credit=None),
        *(delete(kind) for kind in (MeToo, ContactRequest, ContactCard, Proposal, Joining, DigestWish)),
    ):
        _run(statement)


def _run(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
