"""Which pages and files are in the archive of an edition."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.agenda.models import PUBLIC as PUBLIC_POINTS
from dagvandebuurt.agenda.models import FollowUp
from dagvandebuurt.archive.errors import NotOverYet
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.lessons.models import READABLE, Lesson
from dagvandebuurt.programme.errors import EditionClosed
from dagvandebuurt.programme.models import (
    Edition,
    Organisation,
    ProgrammeSession,
    SessionSpeaker,
    SessionStatus,
    Speaker,
)
from dagvandebuurt.qanda.models import PUBLIC as PUBLIC_QUESTIONS
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.wijkwijzer.queries import gaps, shown_initiatives, shown_offers, shown_questions

# The agenda and the Wijkwijzer go on from year to year: an archive holds them as they are when it is made.
SAME_EVERY_YEAR = (
    "frontdoor.home", "programme.index", "programme.speakers", "programme.organisations", "programme.releases",
    "agenda.index", "wijkwijzer.index", "wijkwijzer.questions", "wijkwijzer.offers", "wijkwijzer.all_gaps",
    "wijkwijzer.initiatives", "wijkwijzer.the_board", "frontdoor.about", "frontdoor.accessibility",
    "frontdoor.privacy", "moderation.house_rules",
)  # fmt: skip
DATA = (
    "programme.calendar", "programme.schedule_json", "programme.schedule_xml", "agenda.as_csv", "agenda.as_json",
    "wijkwijzer.offers_table",
)  # fmt: skip


def public_editions() -> list[Edition]:
    """Return the editions that visitors can read, newest first."""
    return list(db.session.scalars(select(Edition).where(Edition.is_open).order_by(Edition.starts_at.desc())))


def addresses_of(edition: Edition) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each page, with other addresses that show the same."""
    year = path_for("programme.of_year", year=edition.year)
    lessons_of_it = path_for("lessons.index", editie=edition.slug)
    same = {
        path_for("programme.index"): (year, f"{year}?editie={edition.slug}"),
        lessons_of_it: (path_for("lessons.index"),),
    }
    pages = [path_for(endpoint) for endpoint in SAME_EVERY_YEAR]
    pages += [lessons_of_it, *_of_the_programme(edition), *_of_all_years()]
    lessons = select(Lesson.slug).where(Lesson.edition_id == edition.id, Lesson.status.in_(READABLE))
    pages += [
        path_for("lessons.show", slug=slug) for slug in db.session.scalars(lessons.order_by(Lesson.slug))
    ]
    for page in pages:
        yield page, same.get(page, ())


def data_of(edition: Edition) -> list[str]:
    """Return the files: calendars, and what others can use as data."""
    sessions = [path_for("programme.session_calendar", slug=slug) for slug in _slugs(edition)]
    return [*(path_for(endpoint) for endpoint in DATA), *sessions]


def finished_edition(edition_id: UUID, *, now: datetime) -> Edition:
    """Return an edition that can be archived. Raises NotFound, EditionClosed, and DayNotOver."""
    edition = db.session.get(Edition, edition_id)
    if edition is None:
        raise NotFound
    if not edition.is_open:
        raise EditionClosed(edition.closed_note)
    if edition.ends_at > now:
        raise NotOverYet
    return edition


def count_of_pages(edition_id: UUID) -> int:
    """Return how many pages the archive has in one language."""
    return sum(1 for _each in addresses_of(db.session.get_one(Edition, edition_id)))


def _slugs(edition: Edition) -> list[str]:
    return list(
        db.session.scalars(
            select(ProgrammeSession.slug)
            .where(ProgrammeSession.edition_id == edition.id, ProgrammeSession.status != SessionStatus.DRAFT)
            .order_by(ProgrammeSession.starts_at, ProgrammeSession.slug)
        )
    )


def _of_the_programme(edition: Edition) -> Iterator[str]:
    for slug in _slugs(edition):
        yield path_for("programme.show", slug=slug)
        yield path_for("qanda.room", slug=slug)
        yield path_for("agenda.heard", slug=slug)
    here = (
        select(SessionSpeaker.speaker_id)
        .join(ProgrammeSession, ProgrammeSession.id == SessionSpeaker.session_id)
        .where(ProgrammeSession.edition_id == edition.id, ProgrammeSession.status != SessionStatus.DRAFT)
    )
    speakers = select(Speaker).where(Speaker.id.in_(here)).order_by(Speaker.code)
    organisations: set[UUID] = set()
    for speaker in db.session.scalars(speakers):
        yield path_for("programme.speaker", code=speaker.code)
        if speaker.organisation_id is not None:
            organisations.add(speaker.organisation_id)
    codes = select(Organisation.code).where(Organisation.id.in_(organisations)).order_by(Organisation.code)
    for code in db.session.scalars(codes):
        yield path_for("programme.organisation", code=code)
    asked = (
        select(Question.id)
        .join(ProgrammeSession, ProgrammeSession.id == Question.session_id)
        .where(ProgrammeSession.edition_id == edition.id, Question.status.in_(PUBLIC_QUESTIONS))
        .where(ProgrammeSession.status != SessionStatus.DRAFT)
        .order_by(Question.id)
    )
    for question_id in db.session.scalars(asked):
        yield path_for("lessons.question", question_id=question_id)


def _of_all_years() -> Iterator[str]:
    points = select(FollowUp.number).where(FollowUp.status.in_(PUBLIC_POINTS)).order_by(FollowUp.number)
    for number in db.session.scalars(points):
        yield path_for("agenda.show", number=number)
    for query, endpoint in (
        (shown_questions(), "wijkwijzer.question"),
        (shown_offers(), "wijkwijzer.offer"),
        (gaps(), "wijkwijzer.gap"),
    ):
        for thing in db.session.scalars(query):
            yield path_for(endpoint, number=thing.number)
    for initiative in db.session.scalars(shown_initiatives()):
        yield path_for("wijkwijzer.initiative", slug=initiative.slug)
