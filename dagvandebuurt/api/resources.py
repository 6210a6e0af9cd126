"""API resources: what can be read, in what order, with which filters. Paths, answers and description follow
from this table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from dagvandebuurt.agenda import json_ld as agenda
from dagvandebuurt.agenda.models import PUBLIC, FollowUp
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.schema_org import Thing
from dagvandebuurt.lessons import json_ld as lessons
from dagvandebuurt.lessons.models import Lesson, LessonQuote, LessonStatus
from dagvandebuurt.programme.models import (
    Edition,
    Organisation,
    ProgrammeRelease,
    ProgrammeSession,
    SessionSpeaker,
    SessionStatus,
    Speaker,
    Theme,
)
from dagvandebuurt.programme.public import json_ld as programme
from dagvandebuurt.programme.queries import is_seen
from dagvandebuurt.wijkwijzer import json_ld as wijkwijzer
from dagvandebuurt.wijkwijzer.models import (
    SHOWN_INITIATIVES,
    SHOWN_OFFERS,
    SHOWN_QUESTIONS,
    Gap,
    Initiative,
    LearningOffer,
    LearningQuestion,
)

_open = select(Edition.id).where(Edition.is_open)
Filter = Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True)
class Resource:
    """API resource.

    `query` selects the public rows; `of` serialises one. `order` is the column it is sorted by (then by id),
    of type `order_type`; `key` the one in the address of a single item (None: has none), parsed by `key_of`,
    which raises NotFound.
    """

    name: str
    summary: str
    shape: type[Thing]
    query: Callable[[], Select[Any]]
    of: Callable[[Any], Thing]
    model: Any
    order: Any
    order_type: Any
    key: Any = None
    filters: Mapping[str, Filter] = field(default_factory=dict)
    key_of: Callable[[str], Any] = str


def _editions() -> Select[Edition]:
    return select(Edition).where(Edition.is_open)


def _sessions() -> Select[ProgrammeSession]:
    return (
        select(ProgrammeSession)
        .where(ProgrammeSession.status != SessionStatus.DRAFT, ProgrammeSession.edition_id.in_(_open))
        .options(
            joinedload(ProgrammeSession.edition),
            joinedload(ProgrammeSession.venue),
            selectinload(ProgrammeSession.themes),
            selectinload(ProgrammeSession.parts)
            .joinedload(SessionSpeaker.speaker)
            .joinedload(Speaker.organisation)
            .joinedload(Organisation.place),
        )
    )


def _speakers() -> Select[Speaker]:
    """Select the speakers of the published programme; those of a draft are not public yet."""
    return (
        select(Speaker)
        .where(is_seen)
        .options(joinedload(Speaker.organisation).joinedload(Organisation.place))
    )


def _organisations() -> Select[Organisation]:
    return select(Organisation).options(joinedload(Organisation.place))


def _themes() -> Select[Theme]:
    return select(Theme)


def _releases() -> Select[ProgrammeRelease]:
    return select(ProgrammeRelease).where(ProgrammeRelease.edition_id.in_(_open))


def _release(published: ProgrammeRelease) -> Thing:
    return programme.release(published, db.session.get_one(Edition, published.edition_id))


def _lessons() -> Select[Lesson]:
    return (
        select(Lesson)
        .where(Lesson.status == LessonStatus.PUBLISHED)
        .options(
            joinedload(Lesson.edition),
            joinedload(Lesson.author).joinedload(Speaker.organisation).joinedload(Organisation.place),
            joinedload(Lesson.publisher).joinedload(Organisation.place),
            selectinload(Lesson.themes),
            selectinload(Lesson.sections),
            selectinload(Lesson.quotes).joinedload(LessonQuote.speaker),
        )
    )


def _points() -> Select[FollowUp]:
    return (
        select(FollowUp)
        .where(FollowUp.status.in_(PUBLIC))
        .options(
            joinedload(FollowUp.organisation).joinedload(Organisation.place),
            joinedload(FollowUp.place),
            joinedload(FollowUp.theme),
            selectinload(FollowUp.partners).joinedload(Organisation.place),
            selectinload(FollowUp.answers),
        )
    )


def _learning_questions() -> Select[LearningQuestion]:
    return (
        select(LearningQuestion)
        .where(LearningQuestion.status.in_(SHOWN_QUESTIONS))
        .options(
            selectinload(LearningQuestion.themes),
            selectinload(LearningQuestion.offers),
            joinedload(LearningQuestion.place),
        )
    )


def _offers() -> Select[LearningOffer]:
    return (
        select(LearningOffer)
        .where(LearningOffer.status.in_(SHOWN_OFFERS))
        .options(
            selectinload(LearningOffer.themes),
            joinedload(LearningOffer.provider).joinedload(Organisation.place),
            joinedload(LearningOffer.place),
        )
    )


def _gaps() -> Select[Gap]:
    """Select all gaps; the serialiser leaves out their private fields."""
    return select(Gap).options(
        joinedload(Gap.owner).joinedload(Organisation.place),
        selectinload(Gap.questions).selectinload(LearningQuestion.themes),
        selectinload(Gap.filled_by),
    )


def _initiatives() -> Select[Initiative]:
    return (
        select(Initiative)
        .where(Initiative.status.in_(SHOWN_INITIATIVES))
        .options(
            selectinload(Initiative.themes),
            selectinload(Initiative.partners).joinedload(Organisation.place),
            joinedload(Initiative.led_by).joinedload(Organisation.place),
            joinedload(Initiative.place),
        )
    )


def _number(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise NotFound
    return int(given)


def _in_edition(column: Any) -> Filter:
    return lambda slug: column.in_(select(Edition.id).where(Edition.slug == slug))


RESOURCES = {
    each.name: each
    for each in (
        Resource(
            "editions", "Every edition", programme.EditionEvent, _editions, programme.edition_event,
            Edition, Edition.starts_at, datetime, Edition.slug,
        ),
        Resource(
            "sessions", "The programme, in the order of the day", programme.SessionEvent, _sessions,
            programme.session_event, ProgrammeSession, ProgrammeSession.starts_at, datetime, ProgrammeSession.slug,
            {
                "edition": _in_edition(ProgrammeSession.edition_id),
                "theme": lambda code: ProgrammeSession.themes.any(Theme.code == code),
            },
        ),
        Resource(
            "speakers", "Who is on a stage", programme.Person, _speakers, programme.person,
            Speaker, Speaker.code, str, Speaker.code,
        ),
        Resource(
            "organisations", "Who takes part", programme.Organization, _organisations, programme.organization,
            Organisation, Organisation.code, str, Organisation.code,
        ),
        Resource(
            "themes", "What it is about", programme.DefinedTerm, _themes, programme.term,
            Theme, Theme.code, str, Theme.code,
        ),
        Resource(
            "releases", "The published versions of each programme", programme.Release, _releases, _release,
            ProgrammeRelease, ProgrammeRelease.published_at, datetime, None,
            {"edition": _in_edition(ProgrammeRelease.edition_id)},
        ),
        Resource(
            "lessons", "What was learned, the oldest first", lessons.Article, _lessons, lessons.article,
            Lesson, Lesson.published_at, datetime, Lesson.slug,
            {
                "edition": _in_edition(Lesson.edition_id),
                "theme": lambda code: Lesson.themes.any(Theme.code == code),
            },
        ),
        Resource(
            "agenda", "What organisations are asked, and what they answered", agenda.Action, _points, agenda.action,
            FollowUp, FollowUp.sent_at, datetime, FollowUp.number,
            {
                "organisation": lambda code: FollowUp.organisation.has(Organisation.code == code),
                "theme": lambda code: FollowUp.theme.has(Theme.code == code),
            },
            _number,
        ),
        Resource(
            "learning_questions", "What people want to learn, the oldest first", wijkwijzer.Question,
            _learning_questions, wijkwijzer.question, LearningQuestion, LearningQuestion.asked_at, datetime,
            LearningQuestion.number, {"theme": lambda code: LearningQuestion.themes.any(Theme.code == code)}, _number,
        ),
        Resource(
            "offers", "What there is to learn from", wijkwijzer.LearningResource, _offers, wijkwijzer.resource,
            LearningOffer, LearningOffer.submitted_at, datetime, LearningOffer.number,
            {
                "organisation": lambda code: LearningOffer.provider.has(Organisation.code == code),
                "theme": lambda code: LearningOffer.themes.any(Theme.code == code),
            },
            _number,
        ),
        Resource(
            "gaps", "What people want to learn and nobody offers yet", wijkwijzer.Missing, _gaps,
            wijkwijzer.missing, Gap, Gap.identified_at, datetime, Gap.number, {}, _number,
        ),
        Resource(
            "initiatives", "Good examples, the oldest first", wijkwijzer.Example, _initiatives, wijkwijzer.example,
            Initiative, Initiative.published_at, datetime, Initiative.slug,
            {"theme": lambda code: Initiative.themes.any(Theme.code == code)},
        ),
    )
}  # fmt: skip
