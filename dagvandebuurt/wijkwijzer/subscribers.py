"""Subscriptions of the Wijkwijzer to events of other sections: personal page, follow-ups of questions."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import String, Text, cast, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.lessons.hooks import SourceType, source_types
from dagvandebuurt.lessons.models import SourceKind
from dagvandebuurt.people.hooks import (
    BookmarkKind,
    PageSection,
    Saved,
    WorkPage,
    bookmark_kinds,
    personal_page_sections,
    work_pages,
)
from dagvandebuurt.qanda.hooks import QuestionOutcome, question_outcomes, questions_going_on
from dagvandebuurt.qanda.queries import merge_targets, questions_of_person
from dagvandebuurt.wijkwijzer import labels, privacy, retention_holds
from dagvandebuurt.wijkwijzer.letters import path_of
from dagvandebuurt.wijkwijzer.models import (
    SHOWN_INITIATIVES,
    SHOWN_OFFERS,
    SHOWN_QUESTIONS,
    Gap,
    Initiative,
    LearningOffer,
    LearningQuestion,
    LearningQuestionStatus,
)
from dagvandebuurt.wijkwijzer.permissions import WijkwijzerPermission
from dagvandebuurt.wijkwijzer.queries import (
    asked_by,
    initiatives_for,
    learning_of,
    offers_for,
    questions_for,
    sent_in_by,
    waiting_for_coordinators,
)
from dagvandebuurt.wijkwijzer.retention_holds import open_questions


def my_learning(actor: Any) -> dict[str, Any] | None:
    """Return what one wants to learn, also asked at the congress and anonymously, and what one submitted."""
    asked = list(asked_by(actor))
    known = {question.id for question in asked}
    became = learning_of([question.id for question, _session in questions_of_person(actor)])
    asked += [question for question in became.values() if question.id not in known]
    sent = [*sent_in_by(actor, LearningOffer), *sent_in_by(actor, Initiative)]
    return {"asked": asked, "sent": sent, "labels": labels, "path_of": path_of} if asked or sent else None


def questions_to_save(actor: Any, ids: Sequence[UUID]) -> list[Saved]:
    return _to_save(questions_for(actor).where(LearningQuestion.id.in_(ids)))


def offers_to_save(actor: Any, ids: Sequence[UUID]) -> list[Saved]:
    return _to_save(offers_for(actor).where(LearningOffer.id.in_(ids)))


def initiatives_to_save(actor: Any, ids: Sequence[UUID]) -> list[Saved]:
    return _to_save(initiatives_for(actor).where(Initiative.id.in_(ids)))


def _to_save(query: Any) -> list[Saved]:
    return [Saved(each.id, each.title, path_of(each)) for each in db.session.scalars(query)]


def became_a_learning_question(question_ids: Sequence[UUID]) -> dict[UUID, list[QuestionOutcome]]:
    """Return the follow-ups of questions; for a merged question, those of its target."""
    through = merge_targets(question_ids)
    learning = learning_of(set(through.values()))
    return {asked: [_outcome(learning[its])] for asked, its in through.items() if its in learning}


def has_an_open_learning_question(question_ids: Sequence[UUID]) -> set[UUID]:
    through = merge_targets(question_ids)
    still = set(
        db.session.scalars(
            select(LearningQuestion.question_id).where(
                LearningQuestion.question_id.in_(set(through.values())),
                LearningQuestion.id.in_(open_questions()),
            )
        )
    )
    return {asked for asked, its in through.items() if its in still}


def _outcome(question: LearningQuestion) -> QuestionOutcome:
    said = _(
        "Dit is nu een leervraag: %(title)s. Stand: %(status)s.",
        title=question.title,
        status=str(labels.QUESTION_STATES[question.status]),
    )
    if question.status is LearningQuestionStatus.GAP and question.gap is not None:
        said += " " + str(labels.GAP_STATES[question.gap.status]) + "."
    on_offer = [offer.title for offer in question.offers if offer.status in SHOWN_OFFERS]
    if on_offer:
        said += " " + _("Hier kun je het leren: %(offers)s.", offers="; ".join(on_offer))
    state = f"{question.status.value}:{question.gap and question.gap.status.value}:{on_offer}"
    return QuestionOutcome(
        said, _("Bekijk de leervraag"), path_of(question), question.answer, question.answered_by, state
    )


def _source_type(
    kind: SourceKind, model: Any, slug: Any, where: Any, path: Callable[[Any], str]
) -> SourceType:
    label = cast(model.title, Text).label("label")
    return SourceType(
        kind,
        public=lambda: select(model.id, label, cast(slug, String).label("slug")).where(where),
        path=lambda _id, its: path(its),
    )


def types_of_sources() -> list[SourceType]:
    """Return the source types for lessons: learning questions, gaps and initiatives."""
    questions = LearningQuestion.status.in_(SHOWN_QUESTIONS)
    examples = Initiative.status.in_(SHOWN_INITIATIVES)
    return [
        _source_type(
            SourceKind.LEARNING_QUESTION,
            LearningQuestion,
            LearningQuestion.number,
            questions,
            lambda number: path_for("wijkwijzer.question", number=number),
        ),
        _source_type(
            SourceKind.GAP,
            Gap,
            Gap.number,
            Gap.id.is_not(None),
            lambda number: path_for("wijkwijzer.gap", number=number),
        ),
        _source_type(
            SourceKind.INITIATIVE,
            Initiative,
            Initiative.slug,
            examples,
            lambda slug: path_for("wijkwijzer.initiative", slug=slug),
        ),
    ]


def my_sections() -> list[PageSection]:
    return [
        PageSection("wijkwijzer/_my_learning.html", 23, my_learning),
    ]


def kinds_to_save() -> list[BookmarkKind]:
    return [
        BookmarkKind("learning_question", questions_to_save),
        BookmarkKind("learning_offer", offers_to_save),
        BookmarkKind("initiative", initiatives_to_save),
    ]


def desks() -> list[WorkPage]:
    return [
        WorkPage(
            desk=_l("Regie van de Wijkwijzer"),
            endpoint="wijkwijzer.desk",
            label=_l("Regie van de Wijkwijzer"),
            order=60,
            icon="lamp",
            about=_l("Lees leervragen en aanbod, koppel ze, en zeg wat er ontbreekt."),
            works_here=lambda actor: can(actor, WijkwijzerPermission.COORDINATE),
            waiting=lambda _actor: waiting_for_coordinators(),
        )
    ]


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.messages_of_long_ago, privacy.LEARNING],
        erase=[privacy.what_was_shared_stays_without_them],
        dissolve=[privacy.what_was_shared_without_people],
        owed=[
            retention_holds.who_wants_to_learn,
            retention_holds.who_follows,
            retention_holds.who_sent_something_in,
            retention_holds.who_waits_for_somebody,
        ],
    )


personal_page_sections.subscribe(my_sections)
bookmark_kinds.subscribe(kinds_to_save)
question_outcomes.subscribe(became_a_learning_question)
questions_going_on.subscribe(has_an_open_learning_question)
source_types.subscribe(types_of_sources)
personal_data.subscribe(kept_of_people)
work_pages.subscribe(desks)
