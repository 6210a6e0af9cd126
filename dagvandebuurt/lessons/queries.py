"""What can be found of lessons and comments, by whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.lessons.models import (
    Comment,
    CommentStatus,
    Lesson,
    LessonQuote,
    LessonSource,
    LessonStatus,
    SourceKind,
)
from dagvandebuurt.lessons.permissions import LessonPermission
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus, Speaker
from dagvandebuurt.qanda.models import PUBLIC, Question


def lessons_for(actor: Actor) -> Select[Lesson]:
    """Every lesson `actor` may read, newest first."""
    query = select(Lesson).order_by(Lesson.published_at.desc(), Lesson.title)
    if can(actor, LessonPermission.READ_UNPUBLISHED):
        return query
    return query.where(Lesson.status == LessonStatus.PUBLISHED)


def published(theme: str | None = None) -> Sequence[Lesson]:
    """The published lessons with what a list shows of them: a fixed number of queries."""
    query = (
        select(Lesson)
        .where(Lesson.status == LessonStatus.PUBLISHED)
        .order_by(Lesson.published_at.desc(), Lesson.title)
        .options(
            joinedload(Lesson.author).joinedload(Speaker.organisation),
            selectinload(Lesson.themes),
            selectinload(Lesson.sections),
        )
    )
    if theme:
        query = query.where(Lesson.themes.any(code=theme))
    return db.session.scalars(query).all()


def lesson_by_slug(actor: Actor, slug: str) -> Lesson:
    """Raises NotFound alike for a lesson that is not there and one that is not published yet."""
    found = db.session.scalar(
        lessons_for(actor)
        .where(Lesson.slug == slug)
        .options(
            joinedload(Lesson.author).joinedload(Speaker.organisation),
            selectinload(Lesson.themes),
            selectinload(Lesson.sections),
            selectinload(Lesson.quotes).joinedload(LessonQuote.speaker).joinedload(Speaker.organisation),
            selectinload(Lesson.sources),
        )
    )
    if found is None:
        raise NotFound
    return found


def lesson_by_id(actor: Actor, lesson_id: UUID) -> Lesson:
    found = db.session.scalar(lessons_for(actor).where(Lesson.id == lesson_id))
    if found is None:
        raise NotFound
    return found


def comment_counts(lesson_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many comments everybody can read; hidden, waiting and deleted ones never count."""
    rows = db.session.execute(
        select(Comment.lesson_id, func.count())
        .where(Comment.lesson_id.in_(list(lesson_ids)), Comment.status == CommentStatus.VISIBLE)
        .group_by(Comment.lesson_id)
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class Thread:
    """A comment with the replies under it, oldest first."""

    comment: Comment
    replies: list[Comment]


def threads_for(actor: Actor, lesson: Lesson) -> list[Thread]:
    """The comments under a lesson that `actor` may read: visible ones, and their own while they wait.

    A deleted comment stays as a trace where visible replies hang on it.
    """
    mine = Comment.author_id == actor.id if actor.id is not None else Comment.id.is_(None)
    comments = db.session.scalars(
        select(Comment)
        .where(
            Comment.lesson_id == lesson.id,
            or_(
                Comment.status.in_([CommentStatus.VISIBLE, CommentStatus.DELETED]),
                (Comment.status == CommentStatus.PENDING) & mine,
            ),
        )
        .options(joinedload(Comment.author))
        .order_by(Comment.written_at, Comment.id)
    ).all()
    threads = [
        Thread(comment, [reply for reply in comments if reply.parent_id == comment.id])
        for comment in comments
        if comment.parent_id is None
    ]
    return [t for t in threads if t.comment.status is not CommentStatus.DELETED or t.replies]


def comments_of(actor: Actor) -> Sequence[tuple[Comment, Lesson]]:
    """What somebody wrote, newest first, with where."""
    rows = db.session.execute(
        select(Comment, Lesson)
        .join(Lesson, Lesson.id == Comment.lesson_id)
        .where(Comment.author_id == actor.id, Comment.status != CommentStatus.DELETED)
        .order_by(Comment.written_at.desc(), Comment.id)
    )
    return [(row.Comment, row.Lesson) for row in rows]


def has_been_read_before(person_id: UUID) -> bool:
    """Whether something of this person was let through before: then the next shows at once."""
    return (
        db.session.scalar(
            select(Comment.id)
            .where(Comment.author_id == person_id, Comment.status == CommentStatus.VISIBLE)
            .limit(1)
        )
        is not None
    )


@dataclass(frozen=True)
class BasedOn:
    """What a lesson came from, as far as everybody may see it."""

    sessions: Sequence[ProgrammeSession]
    questions: Sequence[Question]


def sources_of(lesson: Lesson) -> BasedOn:
    ids = {kind: [s.target_id for s in lesson.sources if s.kind is kind] for kind in SourceKind}
    sessions = db.session.scalars(
        select(ProgrammeSession)
        .where(
            ProgrammeSession.id.in_(ids[SourceKind.SESSION]), ProgrammeSession.status != SessionStatus.DRAFT
        )
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title)
    ).all()
    questions = db.session.scalars(
        select(Question)
        .where(Question.id.in_(ids[SourceKind.QUESTION]), Question.status.in_(PUBLIC))
        .order_by(Question.support_count.desc(), Question.id)
    ).all()
    return BasedOn(sessions, questions)


def lessons_from(target_ids: Iterable[UUID]) -> dict[UUID, list[Lesson]]:
    """Source → the published lessons that are based on it."""
    rows = db.session.execute(
        select(LessonSource.target_id, Lesson)
        .join(Lesson, Lesson.id == LessonSource.lesson_id)
        .where(LessonSource.target_id.in_(list(target_ids)), Lesson.status == LessonStatus.PUBLISHED)
        .order_by(Lesson.title)
    )
    found: dict[UUID, list[Lesson]] = {}
    for target_id, lesson in rows:
        found.setdefault(target_id, []).append(lesson)
    return found


def public_question(question_id: UUID) -> tuple[Question, ProgrammeSession]:
    """A question everybody may read, for its own page; a merged one leads to where it went.

    Raises NotFound for one that waits, was hidden or withdrawn, or never was.
    """
    question = db.session.get(Question, question_id)
    if question is not None and question.merged_into_id is not None:
        question = db.session.get(Question, question.merged_into_id)
    if question is None or question.status not in PUBLIC:
        raise NotFound
    return question, db.session.get_one(ProgrammeSession, question.session_id)
