"""Search documents of lessons and answered questions."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import inspect, or_, select
from sqlalchemy.orm import joinedload, selectinload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.search.registry import SearchDocument, Touch, itself, searchable
from dagvandebuurt.lessons.models import Lesson, LessonQuote, LessonSection, LessonStatus, lesson_theme
from dagvandebuurt.lessons.reader_view import lesson_shown
from dagvandebuurt.programme.models import Edition, Organisation, Place, ProgrammeSession, Speaker, Theme
from dagvandebuurt.programme.search_documents import found_by, places_of
from dagvandebuurt.qanda.models import Appearance, Question, QuestionStatus

_with_place = joinedload(Speaker.organisation).joinedload(Organisation.place).joinedload(Place.parent)
_READ = (
    "status",
    "slug",
    "title",
    "lead",
    "in_short",
    "published_at",
    "author_id",
    "interviewed_id",
    "publisher_id",
    "themes",
)


@searchable(
    "lesson",
    label=_l("Lessen"),
    endpoint="lessons.show",
    touches={
        Lesson: itself(*_READ),
        Edition: found_by(lambda edition: select(Lesson.id).where(Lesson.edition_id == edition.id), "year"),
        LessonSection: Touch(lambda section: (section.lesson_id,)),
        LessonQuote: Touch(lambda quote: (quote.lesson_id,)),
        Speaker: found_by(
            lambda speaker: select(Lesson.id).where(
                or_(Lesson.author_id == speaker.id, Lesson.interviewed_id == speaker.id)
            ),
            "name",
            "organisation_id",
        ),
        Theme: found_by(
            lambda theme: select(lesson_theme.c.lesson_id).where(lesson_theme.c.theme_id == theme.id), "label"
        ),
    },
)
def lessons(ids: Iterable[UUID] | None) -> Iterator[SearchDocument]:
    """Return documents of published lessons."""
    query = (
        select(Lesson)
        .where(Lesson.status == LessonStatus.PUBLISHED)
        .options(
            joinedload(Lesson.edition),
            joinedload(Lesson.author).options(_with_place),
            joinedload(Lesson.interviewed).options(_with_place),
            joinedload(Lesson.publisher).joinedload(Organisation.place).joinedload(Place.parent),
            selectinload(Lesson.themes),
            selectinload(Lesson.sections),
            selectinload(Lesson.quotes).joinedload(LessonQuote.speaker),
        )
    )
    if ids is not None:
        query = query.where(Lesson.id.in_(list(ids)))
    for lesson in db.session.scalars(query):
        yield _lesson(lesson)


def _lesson(lesson: Lesson) -> SearchDocument:
    """Return the public text: quotations without consent are left out."""
    assert lesson.published_at is not None
    shown = lesson_shown(lesson)
    parts = [part for each in shown.parts for part in (each.heading, each.html.striptags())]
    people = [each for each in (lesson.author, lesson.interviewed) if each is not None]
    bodies = [each for each in (lesson.publisher, *(who.organisation for who in people)) if each is not None]
    return SearchDocument(
        thing_id=lesson.id,
        title=lesson.title,
        body=" ".join([lesson.lead, *shown.in_short, *parts, *(each.text for each in shown.quotes)]),
        also=(*(each.name for each in people), *(each.name for each in shown.quotes)),
        themes=tuple(theme.label for theme in lesson.themes),
        places=places_of(*(each.place for each in bodies)),
        organisations=tuple(dict.fromkeys(each.name for each in bodies)),
        year=lesson.edition.year,
        at=lesson.published_at,
        link={"slug": lesson.slug},
    )


_answered = select(Question.id).where(Question.status == QuestionStatus.ANSWERED)


def _is_or_was_answered(question: Question) -> Iterable[UUID]:
    """Filter changes of the search index: most questions are never answered."""
    was = inspect(question).attrs.status.history.deleted
    return (question.id,) if QuestionStatus.ANSWERED in (question.status, *was) else ()


@searchable(
    "question",
    label=_l("Vragen met antwoord"),
    endpoint="lessons.question",
    touches={
        Question: Touch(_is_or_was_answered, ("status", "text", "answer", "appearance")),
        ProgrammeSession: found_by(
            lambda session: _answered.where(Question.session_id == session.id), "title", "themes"
        ),
        Edition: found_by(
            lambda edition: _answered.join(
                ProgrammeSession, ProgrammeSession.id == Question.session_id
            ).where(ProgrammeSession.edition_id == edition.id),
            "year",
        ),
    },
)
def answered_questions(ids: Iterable[UUID] | None) -> Iterator[SearchDocument]:
    """Return documents of answered questions, without asker.

    Text of anonymous questions is not searchable: it stays in the room it was asked in.
    """
    query = (
        select(Question, ProgrammeSession)
        .join(ProgrammeSession, ProgrammeSession.id == Question.session_id)
        .where(Question.status == QuestionStatus.ANSWERED, Question.appearance != Appearance.ANONYMOUS)
        .options(joinedload(ProgrammeSession.edition), selectinload(ProgrammeSession.themes))
    )
    if ids is not None:
        query = query.where(Question.id.in_(list(ids)))
    for question, session in db.session.execute(query):
        assert question.answered_at is not None
        yield SearchDocument(
            thing_id=question.id,
            title=question.text,
            body=question.answer or "",
            also=(session.title,),
            themes=tuple(theme.label for theme in session.themes),
            year=session.edition.year,
            at=question.answered_at,
            link={"question_id": str(question.id)},
        )
