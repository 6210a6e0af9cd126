"""Queries of lessons and comments, by what an actor may read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.lessons.models import (
    READABLE,
    Comment,
    CommentStatus,
    Erratum,
    Lesson,
    LessonQuote,
    LessonSource,
    LessonStatus,
)
from dagvandebuurt.lessons.permissions import LessonPermission
from dagvandebuurt.lessons.pictures import picture_address
from dagvandebuurt.people.models import Bookmark, Person
from dagvandebuurt.programme.models import Edition, Organisation, ProgrammeSession, Speaker
from dagvandebuurt.qanda.models import PUBLIC, Question

# Statuses that show a placeholder, and only above replies.
TRACES = frozenset({CommentStatus.DELETED, CommentStatus.HIDDEN})


def lessons_for(actor: Actor) -> Select[Lesson]:
    """Return every lesson `actor` may read, newest first."""
    query = select(Lesson).order_by(Lesson.published_at.desc(), Lesson.title)
    if can(actor, LessonPermission.READ_UNPUBLISHED):
        return query
    return query.where(Lesson.status.in_(READABLE))


def published(theme: str | None = None, edition: str | None = None) -> Sequence[Lesson]:
    """Return the published lessons as a list shows them, in a fixed number of queries."""
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
    if edition:
        query = query.where(Lesson.edition.has(slug=edition))
    return db.session.scalars(query).all()


def newest(most: int) -> list[tuple[Lesson, str]]:
    """Return the published lessons that came last, each with the URL of its picture, which may be empty."""
    found = db.session.scalars(
        select(Lesson)
        .where(Lesson.status == LessonStatus.PUBLISHED)
        .order_by(Lesson.published_at.desc(), Lesson.title, Lesson.id)
        .limit(most)
    )
    return [(lesson, picture_address(lesson.photo)) for lesson in found]


def editions_with_lessons() -> Sequence[Edition]:
    """Return the editions with published lessons, newest first."""
    written = select(Lesson.edition_id).where(Lesson.status == LessonStatus.PUBLISHED)
    return db.session.scalars(
        select(Edition).where(Edition.id.in_(written)).order_by(Edition.starts_at.desc())
    ).all()


def lesson_by_slug(actor: Actor, slug: str) -> Lesson:
    """Return a lesson with all its page shows, in two queries. Raises NotFound both when it does not exist
    and when it is not published.

    Themes and quotes are few, so they are joined.
    """
    found = db.session.scalars(
        lessons_for(actor)
        .where(Lesson.slug == slug)
        .options(
            joinedload(Lesson.edition),
            joinedload(Lesson.author).joinedload(Speaker.organisation).joinedload(Organisation.place),
            joinedload(Lesson.interviewed).joinedload(Speaker.organisation),
            joinedload(Lesson.publisher).joinedload(Organisation.place),
            joinedload(Lesson.themes),
            selectinload(Lesson.sections),
            joinedload(Lesson.quotes).joinedload(LessonQuote.speaker),
        )
    )
    lesson = found.unique().one_or_none()
    if lesson is None:
        raise NotFound
    return lesson


def lesson_by_id(actor: Actor, lesson_id: UUID) -> Lesson:
    found = db.session.scalar(lessons_for(actor).where(Lesson.id == lesson_id))
    if found is None:
        raise NotFound
    return found


def own_view(actor: Actor, lesson_id: UUID) -> tuple[int | None, Bookmark | None]:
    """Return which house rules somebody accepted, and whether they bookmarked this, in one query."""
    if actor.id is None:
        return None, None
    row = db.session.execute(
        select(Person.house_rules_version, Bookmark)
        .outerjoin(Bookmark, and_(Bookmark.person_id == Person.id, Bookmark.target_id == lesson_id))
        .where(Person.id == actor.id)
    ).one()
    return row[0], row[1]


def comment_counts(lesson_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Count the public comments; hidden, waiting and deleted ones never count."""
    rows = db.session.execute(
        select(Comment.lesson_id, func.count())
        .where(Comment.lesson_id.in_(list(lesson_ids)), Comment.status == CommentStatus.VISIBLE)
        .group_by(Comment.lesson_id)
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class CommentView:
    """Comment as a page shows it. Plain values: five hundred of them need no ORM objects."""

    id: UUID
    parent_id: UUID | None
    author_id: UUID | None
    author_name: str | None
    badge: str | None
    text: str
    status: CommentStatus
    written_at: datetime
    edited_at: datetime | None

    @property
    def on(self) -> date:
        """Return its local date."""
        return clock.local(self.written_at).date()


@dataclass(frozen=True)
class Thread:
    """Comment with its replies, oldest first."""

    comment: CommentView
    replies: list[CommentView]


def threads_for(actor: Actor, lesson: Lesson) -> list[Thread]:
    """Return the comments under a lesson that `actor` may read: public ones, and their own while they wait.

    A deleted or hidden comment with visible replies stays as a placeholder.
    """
    mine = Comment.author_id == actor.id if actor.id is not None else Comment.id.is_(None)
    rows = db.session.execute(
        select(
            Comment.id, Comment.parent_id, Comment.author_id, Person.name, Comment.badge, Comment.text,
            Comment.status, Comment.written_at, Comment.edited_at,
        )
        .outerjoin(Person, Person.id == Comment.author_id)
        .where(
            Comment.lesson_id == lesson.id,
            or_(
                Comment.status.in_([CommentStatus.VISIBLE, *TRACES]),
                (Comment.status == CommentStatus.PENDING) & mine,
            ),
        )
        .order_by(Comment.written_at, Comment.id)
    )  # fmt: skip
    threads: dict[UUID, Thread] = {}
    replies: list[CommentView] = []
    for row in rows:
        said = CommentView(*row)
        if said.status in TRACES:
            said = replace(said, text="", badge=None, author_id=None, author_name=None)
        if said.parent_id is not None:
            replies.append(said)
        else:
            threads[said.id] = Thread(said, [])
    for reply in replies:
        assert reply.parent_id is not None
        if reply.status not in TRACES and reply.parent_id in threads:
            threads[reply.parent_id].replies.append(reply)
    return [thread for thread in threads.values() if thread.comment.status not in TRACES or thread.replies]


def seen(threads: Iterable[Thread]) -> int:
    """Count the public comments among these, for the number above them."""
    return sum(
        said.status is CommentStatus.VISIBLE
        for thread in threads
        for said in (thread.comment, *thread.replies)
    )


def comment_by_id(comment_id: UUID) -> Comment:
    """Return a comment in any status: for moderators, and for commands with their own checks. Raises
    NotFound.
    """
    found = db.session.get(Comment, comment_id)
    if found is None:
        raise NotFound
    return found


def own_comment(actor: Actor, comment_id: UUID) -> Comment:
    """Return one's own comment. Raises NotFound both when it does not exist and when it is another person's."""
    found = db.session.get(Comment, comment_id)
    if found is None or actor.id is None or found.author_id != actor.id:
        raise NotFound
    return found


def public_comment(comment_id: UUID) -> Comment:
    """Return a public comment. Raises NotFound for any other."""
    found = db.session.get(Comment, comment_id)
    if found is None or found.status is not CommentStatus.VISIBLE:
        raise NotFound
    return found


def comments_of(actor: Actor) -> Sequence[tuple[Comment, Lesson]]:
    """Return a person's comments, newest first, with their lesson."""
    rows = db.session.execute(
        select(Comment, Lesson)
        .join(Lesson, Lesson.id == Comment.lesson_id)
        .where(Comment.author_id == actor.id, Comment.status != CommentStatus.DELETED)
        .order_by(Comment.written_at.desc(), Comment.id)
    )
    return [(row.Comment, row.Lesson) for row in rows]


def errata_of(actor: Actor) -> Sequence[Erratum]:
    """Return a person's reports of errors and what was done with them, latest first."""
    if actor.id is None:
        return []
    return db.session.scalars(
        select(Erratum)
        .where(Erratum.sender_id == actor.id)
        .options(joinedload(Erratum.lesson))
        .order_by(Erratum.sent_at.desc(), Erratum.id)
    ).all()


def has_been_read_before(person_id: UUID) -> bool:
    """Tell whether a comment of this person was approved before: then the next shows at once."""
    return (
        db.session.scalar(
            select(Comment.id)
            .where(Comment.author_id == person_id, Comment.status == CommentStatus.VISIBLE)
            .limit(1)
        )
        is not None
    )


def lessons_from(target_ids: Iterable[UUID]) -> dict[UUID, list[Lesson]]:
    """Map sources to the published lessons based on them."""
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
    """Return a public question for its own page; a merged one leads to its target.

    Raises NotFound for one that waits, was hidden or withdrawn, or does not exist.
    """
    question = db.session.get(Question, question_id)
    if question is not None and question.merged_into_id is not None:
        question = db.session.get(Question, question.merged_into_id)
    if question is None or question.status not in PUBLIC:
        raise NotFound
    return question, db.session.get_one(ProgrammeSession, question.session_id)
