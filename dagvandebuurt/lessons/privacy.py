"""Erasure of people from lessons: comments stay until their author deletes them or their account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import RetentionRule
from dagvandebuurt.lessons.models import (
    Comment,
    CommentStatus,
    Erratum,
    Lesson,
    LessonRevision,
    LessonStep,
)

COMMENT = RetentionRule(
    "comment",
    order=120,
    what=_l("Je reacties onder lessen, en fouten die je meldde"),
    why=_l("Omdat je ze daar plaatste, voor anderen."),
    until=_l("Tot je je gegevens laat wissen"),
)


def comments_go(person_id: UUID, now: datetime) -> None:
    """Delete a person's comments; where replies exist, a placeholder stays."""
    mine = db.session.scalars(select(Comment).where(Comment.author_id == person_id)).all()
    for comment in sorted(mine, key=lambda each: each.parent_id is None):  # replies first
        has_replies = db.session.scalar(select(Comment.id).where(Comment.parent_id == comment.id).limit(1))
        if has_replies is None:
            db.session.delete(comment)
        else:
            comment.text, comment.badge, comment.author_id = "", None, None
            comment.status, comment.hidden_reason, comment.hidden_note = CommentStatus.DELETED, None, None
        db.session.flush()


def errata_go(person_id: UUID, now: datetime) -> None:
    """Delete a person's reports of errors, with their text."""
    db.session.execute(
        delete(Erratum).where(Erratum.sender_id == person_id).execution_options(synchronize_session=False)
    )


def lessons_lose_their_writer(person_id: UUID, now: datetime) -> None:
    """Remove the links from lessons to the person who wrote, changed or reviewed them; the texts stay."""
    for kind, column in (
        (Lesson, Lesson.writer_id),
        (LessonRevision, LessonRevision.made_by_id),
        (LessonStep, LessonStep.by_id),
    ):
        db.session.execute(
            update(kind)
            .where(column == person_id)
            .values({column: None})
            .execution_options(synchronize_session=False)
        )
