"""Search documents of the Wijkwijzer: public content, without askers and senders."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.search.registry import SearchDocument, itself, searchable
from dagvandebuurt.programme.models import Organisation, Place
from dagvandebuurt.programme.search_documents import found_by, places_of
from dagvandebuurt.wijkwijzer.models import (
    SHOWN_INITIATIVES,
    SHOWN_OFFERS,
    SHOWN_PLANS,
    SHOWN_QUESTIONS,
    Gap,
    Initiative,
    LearningOffer,
    LearningQuestion,
)


def _some(query: Select[Any], model: Any, ids: Iterable[UUID] | None) -> Iterable[Any]:
    return db.session.scalars(query if ids is None else query.where(model.id.in_(list(ids))))


@searchable(
    "learning_question",
    label=_l("Leervragen"),
    endpoint="wijkwijzer.question",
    touches={LearningQuestion: itself("status", "title", "detail", "answer", "place_id", "themes")},
)
def learning_questions(ids: Iterable[UUID] | None) -> Iterator[SearchDocument]:
    query = (
        select(LearningQuestion)
        .where(LearningQuestion.status.in_(SHOWN_QUESTIONS))
        .options(
            selectinload(LearningQuestion.themes),
            joinedload(LearningQuestion.place).joinedload(Place.parent),
        )
    )
    for asked in _some(query, LearningQuestion, ids):
        yield SearchDocument(
            thing_id=asked.id,
            title=asked.title,
            body=" ".join(filter(None, (asked.detail, asked.answer))),
            themes=tuple(theme.label for theme in asked.themes),
            places=places_of(asked.place),
            year=asked.asked_at.year,
            at=asked.asked_at,
            link={"number": str(asked.number)},
        )


@searchable(
    "offer",
    label=_l("Leeraanbod"),
    endpoint="wijkwijzer.offer",
    touches={
        LearningOffer: itself(
            "status", "title", "summary", "provider_id", "provider_name", "place_id", "themes"
        ),
        Organisation: found_by(
            lambda body: select(LearningOffer.id).where(LearningOffer.provider_id == body.id), "name"
        ),
    },
)
def offers(ids: Iterable[UUID] | None) -> Iterator[SearchDocument]:
    query = (
        select(LearningOffer)
        .where(LearningOffer.status.in_(SHOWN_OFFERS))
        .options(
            selectinload(LearningOffer.themes),
            joinedload(LearningOffer.provider),
            joinedload(LearningOffer.place).joinedload(Place.parent),
        )
    )
    for offer in _some(query, LearningOffer, ids):
        at = offer.published_at or offer.submitted_at
        provider = offer.provider.name if offer.provider is not None else offer.provider_name
        yield SearchDocument(
            thing_id=offer.id,
            title=offer.title,
            body=offer.summary,
            themes=tuple(theme.label for theme in offer.themes),
            places=places_of(offer.place),
            organisations=(provider,) if provider else (),
            year=at.year,
            at=at,
            link={"number": str(offer.number)},
        )


@searchable(
    "gap",
    label=_l("Nog te organiseren"),
    endpoint="wijkwijzer.gap",
    touches={
        Gap: itself("status", "title", "owner_id", "owner_name", "next_step"),
        LearningQuestion: found_by(
            lambda asked: select(Gap.id).where(Gap.id == asked.gap_id), "status", "title", "gap_id"
        ),
        Organisation: found_by(lambda body: select(Gap.id).where(Gap.owner_id == body.id), "name"),
    },
)
def gaps(ids: Iterable[UUID] | None) -> Iterator[SearchDocument]:
    query = select(Gap).options(
        joinedload(Gap.owner), selectinload(Gap.questions).selectinload(LearningQuestion.themes)
    )
    for gap in _some(query, Gap, ids):
        shown = [asked for asked in gap.questions if asked.status in SHOWN_QUESTIONS]
        has_plan = gap.status in SHOWN_PLANS
        owner = (gap.owner.name if gap.owner is not None else gap.owner_name) if has_plan else None
        yield SearchDocument(
            thing_id=gap.id,
            title=gap.title,
            body=" ".join(
                filter(None, (gap.next_step if has_plan else "", *(asked.title for asked in shown)))
            ),
            themes=tuple(dict.fromkeys(theme.label for asked in shown for theme in asked.themes)),
            organisations=(owner,) if owner else (),
            year=gap.identified_at.year,
            at=gap.identified_at,
            link={"number": str(gap.number)},
        )


@searchable(
    "initiative",
    label=_l("Goede voorbeelden"),
    endpoint="wijkwijzer.initiative",
    touches={
        Initiative: itself(
            "status", "slug", "title", "summary", "what", "need_it_met", "costs", "what_went_wrong", "tip",
            "place_id", "led_by_id", "led_by_name", "themes", "partners",
        ),
        Organisation: found_by(
            lambda body: select(Initiative.id).where(Initiative.led_by_id == body.id), "name"
        ),
    },
)  # fmt: skip
def initiatives(ids: Iterable[UUID] | None) -> Iterator[SearchDocument]:
    query = (
        select(Initiative)
        .where(Initiative.status.in_(SHOWN_INITIATIVES))
        .options(
            selectinload(Initiative.themes),
            selectinload(Initiative.partners),
            joinedload(Initiative.led_by),
            joinedload(Initiative.place).joinedload(Place.parent),
        )
    )
    for example in _some(query, Initiative, ids):
        assert example.published_at is not None
        said = (
            example.summary,
            example.what,
            example.need_it_met,
            example.costs,
            example.what_went_wrong,
            example.tip,
        )
        leader = example.led_by.name if example.led_by is not None else example.led_by_name
        yield SearchDocument(
            thing_id=example.id,
            title=example.title,
            body=" ".join(filter(None, said)),
            themes=tuple(theme.label for theme in example.themes),
            places=places_of(example.place),
            organisations=tuple(
                dict.fromkeys(filter(None, (leader, *(each.name for each in example.partners))))
            ),
            year=example.published_at.year,
            at=example.published_at,
            link={"slug": example.slug},
        )
