"""Subjects of moderation outside sessions: comments and lessons."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.lessons.models import READABLE, Comment, CommentStatus, Lesson
from dagvandebuurt.lessons.states import COMMENTS, LESSONS, Action, CommentAction
from dagvandebuurt.moderation.models import Report, ReportedKind, TextDecision


@dataclass(frozen=True)
class Subject:
    """Reported content. `writer_id` is its author, who is notified; `is_public` tells whether everybody can
    read it now.
    """

    kind: ReportedKind
    thing: Comment | Lesson
    text: str
    lesson: Lesson

    @property
    def id(self) -> UUID:
        return self.thing.id

    @property
    def writer_id(self) -> UUID | None:
        return self.thing.author_id if isinstance(self.thing, Comment) else self.thing.writer_id

    @property
    def path(self) -> str:
        """Return the exact location (Digital Services Act, article 16, 2b)."""
        anchor = f"reactie-{self.thing.id}" if self.kind is ReportedKind.COMMENT else ""
        return path_for("lessons.show", slug=self.lesson.slug, anchor=anchor)

    @property
    def is_public(self) -> bool:
        if isinstance(self.thing, Comment):
            return self.thing.status is CommentStatus.VISIBLE and self.lesson.status in READABLE
        return self.thing.status in READABLE

    @property
    def is_hidden(self) -> bool:
        """Tell whether a moderator hid it."""
        if isinstance(self.thing, Comment):
            return COMMENTS.is_possible(self.thing, CommentAction.SHOW)
        return LESSONS.is_possible(self.thing, Action.PUT_BACK)

    @property
    def can_be_hidden(self) -> bool:
        if isinstance(self.thing, Comment):
            return COMMENTS.is_possible(self.thing, CommentAction.HIDE)
        return LESSONS.is_possible(self.thing, Action.TAKE_DOWN)


def subject_of(kind: str, subject_id: UUID) -> Subject:
    """Return a subject. Raises NotFound."""
    if kind == ReportedKind.COMMENT:
        found = subjects([subject_id], []).get(subject_id)
    else:
        found = subjects([], [subject_id]).get(subject_id)
    if found is None:
        raise NotFound
    return found


def subjects(comment_ids: Iterable[UUID], lesson_ids: Iterable[UUID]) -> dict[UUID, Subject]:
    """Return existing subjects by id, in two queries."""
    found: dict[UUID, Subject] = {}
    rows = db.session.execute(
        select(Comment, Lesson)
        .join(Lesson, Lesson.id == Comment.lesson_id)
        .where(Comment.id.in_(list(comment_ids)))
    )
    for comment, lesson in rows:
        found[comment.id] = Subject(ReportedKind.COMMENT, comment, comment.text, lesson)
    for lesson in db.session.scalars(select(Lesson).where(Lesson.id.in_(list(lesson_ids)))):
        found[lesson.id] = Subject(ReportedKind.LESSON, lesson, lesson.title, lesson)
    return found


def subject_behind(about: Report | TextDecision) -> Subject | None:
    """Return the subject of a report or decision; None when its author deleted it."""
    return subjects_behind([about]).get(about.id)


def subjects_behind(abouts: Iterable[Report | TextDecision]) -> dict[UUID, Subject]:
    """Map the ids of reports or decisions to their subjects."""
    listed = list(abouts)
    found = subjects(
        [each.comment_id for each in listed if each.comment_id],
        [each.lesson_id for each in listed if each.lesson_id],
    )
    wanted = {each.id: each.comment_id or each.lesson_id for each in listed}
    return {about: found[subject] for about, subject in wanted.items() if subject in found}
