"""Queries of the editors' desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.lessons.content import content_of
from dagvandebuurt.lessons.models import (
    Erratum,
    Lesson,
    LessonLink,
    LessonRevision,
    LessonStatus,
    LessonStep,
)
from dagvandebuurt.lessons.sources import named
from dagvandebuurt.programme.models import Organisation, ProgrammeSession, SessionStatus, Speaker, Theme


def on_the_desk() -> dict[LessonStatus, list[Lesson]]:
    """Return all lessons by status, latest change first."""
    found: dict[LessonStatus, list[Lesson]] = {status: [] for status in LessonStatus}
    rows = select(Lesson).order_by(Lesson.changed_at.desc(), Lesson.title)
    for lesson in db.session.scalars(rows.options(joinedload(Lesson.launch_session))):
        found[lesson.status].append(lesson)
    return found


def amendments() -> Sequence[tuple[LessonRevision, Lesson]]:
    """Return the changes of published lessons that wait for review."""
    rows = db.session.execute(
        select(LessonRevision, Lesson)
        .join(Lesson, Lesson.id == LessonRevision.lesson_id)
        .where(LessonRevision.is_waiting)
        .order_by(LessonRevision.made_at)
    )
    return [(row[0], row[1]) for row in rows]


def waiting_revision(lesson_id: UUID) -> LessonRevision | None:
    """Return the change of a published lesson that waits for review."""
    return db.session.scalar(
        select(LessonRevision).where(LessonRevision.lesson_id == lesson_id, LessonRevision.is_waiting)
    )


def newest_content(lesson: Lesson) -> dict[str, Any]:
    """Return the content to edit: the waiting change, or the current text."""
    waiting = waiting_revision(lesson.id)
    return waiting.content if waiting is not None else content_of(lesson)


def revisions_of(lesson: Lesson) -> Sequence[LessonRevision]:
    """Return all revisions of this lesson, newest first."""
    return db.session.scalars(
        select(LessonRevision)
        .where(LessonRevision.lesson_id == lesson.id)
        .options(joinedload(LessonRevision.made_by))
        .order_by(LessonRevision.number.desc())
    ).all()


def revision_of(lesson: Lesson, number: int) -> LessonRevision:
    """Return a revision. Raises NotFound."""
    found = db.session.scalar(
        select(LessonRevision).where(LessonRevision.lesson_id == lesson.id, LessonRevision.number == number)
    )
    if found is None:
        raise NotFound
    return found


def before(revision: LessonRevision) -> LessonRevision | None:
    """Return the content that this revision replaced."""
    return db.session.scalar(
        select(LessonRevision)
        .where(LessonRevision.lesson_id == revision.lesson_id, LessonRevision.number < revision.number)
        .order_by(LessonRevision.number.desc())
        .limit(1)
    )


def has_written(lesson_id: UUID, person_id: UUID | None) -> bool:
    """Tell whether this person wrote any revision of the lesson."""
    return (
        db.session.scalar(
            select(LessonRevision.id)
            .where(LessonRevision.lesson_id == lesson_id, LessonRevision.made_by_id == person_id)
            .limit(1)
        )
        is not None
    )


def steps_of(lesson: Lesson) -> Sequence[LessonStep]:
    """Return the workflow history, latest first."""
    return db.session.scalars(
        select(LessonStep)
        .where(LessonStep.lesson_id == lesson.id)
        .options(joinedload(LessonStep.by))
        .order_by(LessonStep.at.desc(), LessonStep.id)
    ).all()


def links_of(lesson: Lesson) -> Sequence[LessonLink]:
    """Return its links, with the result of the last check."""
    return db.session.scalars(
        select(LessonLink).where(LessonLink.lesson_id == lesson.id).order_by(LessonLink.url)
    ).all()


def links_to_check(before_moment: datetime, most: int) -> Sequence[LessonLink]:
    """Return the links whose last check is the longest ago."""
    due = LessonLink.checked_at.is_(None) | (LessonLink.checked_at < before_moment)
    return db.session.scalars(
        select(LessonLink)
        .where(due)
        .order_by(LessonLink.checked_at.is_not(None), LessonLink.checked_at, LessonLink.id)
        .limit(most)
    ).all()


def open_errata() -> Sequence[Erratum]:
    """Return open reports of errors, oldest first."""
    return db.session.scalars(
        select(Erratum)
        .where(Erratum.answered_at.is_(None))
        .options(joinedload(Erratum.lesson))
        .order_by(Erratum.sent_at, Erratum.id)
    ).all()


def erratum_by_id(erratum_id: UUID) -> Erratum:
    found = db.session.get(Erratum, erratum_id)
    if found is None:
        raise NotFound
    return found


def due_by_the_clock(now: datetime) -> Sequence[UUID]:
    """Return lessons whose scheduled time has come."""
    return db.session.scalars(
        select(Lesson.id)
        .where(Lesson.status == LessonStatus.SCHEDULED, Lesson.publish_at <= now)
        .order_by(Lesson.publish_at, Lesson.id)
    ).all()


def sessions_with_a_launch() -> Sequence[ProgrammeSession]:
    """Return sessions whose start publishes lessons."""
    waiting = select(Lesson.launch_session_id).where(
        Lesson.status == LessonStatus.SCHEDULED, Lesson.launch_session_id.is_not(None)
    )
    return db.session.scalars(select(ProgrammeSession).where(ProgrammeSession.id.in_(waiting))).all()


def coming_sessions(now: datetime) -> Sequence[ProgrammeSession]:
    """Return sessions that did not begin yet: a lesson can be published at the start of one."""
    return db.session.scalars(
        select(ProgrammeSession)
        .where(ProgrammeSession.status == SessionStatus.SCHEDULED, ProgrammeSession.starts_at > now)
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title, ProgrammeSession.id)
    ).all()


def launched_by(session_id: UUID) -> Sequence[Lesson]:
    """Return all lessons published at the start of this session."""
    return db.session.scalars(
        select(Lesson)
        .where(Lesson.status == LessonStatus.SCHEDULED, Lesson.launch_session_id == session_id)
        .order_by(Lesson.title, Lesson.id)
    ).all()


@dataclass(frozen=True)
class Choices:
    """Options of the editor."""

    speakers: Sequence[Speaker]
    organisations: Sequence[Organisation]
    themes: Sequence[Theme]

    def names(self, contents: Sequence[dict[str, Any]]) -> dict[str, str]:
        """Map each id and source in these contents to its name."""
        sources = named({key for content in contents for key in content["sources"]})
        called = {str(each.id): each.name for each in self.speakers}
        called |= {str(each.id): each.name for each in self.organisations}
        return called | {str(t.id): t.label for t in self.themes} | {s.key: s.label for s in sources}


def choices() -> Choices:
    return Choices(
        db.session.scalars(select(Speaker).order_by(Speaker.name)).all(),
        db.session.scalars(select(Organisation).order_by(Organisation.name)).all(),
        db.session.scalars(select(Theme).order_by(Theme.position)).all(),
    )


def free_slug(wanted: str) -> str:
    """Return a unique slug: `wanted`, or `wanted-2` and so on."""
    base = (wanted or "les")[:74]
    taken = set(db.session.scalars(select(Lesson.slug).where(func.substr(Lesson.slug, 1, len(base)) == base)))
    number, slug = 1, base
    while slug in taken or slug == "regie":
        number += 1
        slug = f"{base}-{number}"
    return slug


def waiting_on_the_desk() -> int:
    """Count the lessons and changes that wait for a second reader, and the errors nobody answered."""
    return sum(
        db.session.scalar(select(func.count()).select_from(kind).where(condition)) or 0
        for kind, condition in (
            (Lesson, Lesson.status == LessonStatus.IN_REVIEW),
            (LessonRevision, LessonRevision.is_waiting),
            (Erratum, Erratum.answered_at.is_(None)),
        )
    )
