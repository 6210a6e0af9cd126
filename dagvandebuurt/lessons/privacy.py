"""Erasure of people from lessons: comments stay until their author deletes them or their account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import RetentionRule
from dagvandebuurt.lessons.models import (
    READABLE,
    Comment,
    CommentStatus,
    Erratum,
    Lesson,
    LessonQuote,
    LessonRevision,
    LessonStep,
)
from dagvandebuurt.programme.exchange.models import ProgrammeImport
from dagvandebuurt.programme.models import DraftEntry, Speaker
from dagvandebuurt.programme.queries import is_seen

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


def comments_without_authors(_now: datetime) -> None:
    """Keep public comments, as of a participant; the others go, and so does what readers reported."""
    replied_to = select(Comment.parent_id).where(Comment.parent_id.is_not(None))
    nothing = {
        "text": "", "badge": None, "author_id": None, "status": CommentStatus.DELETED, "hidden_reason": None,
        "hidden_note": None,
    }  # fmt: skip
    for statement in (
        update(Comment).where(Comment.status == CommentStatus.VISIBLE).values(author_id=None),
        update(Comment).where(Comment.status != CommentStatus.VISIBLE).values(**nothing),
        delete(Comment).where(Comment.status == CommentStatus.DELETED, Comment.parent_id.is_not(None)),
        delete(Comment).where(Comment.status == CommentStatus.DELETED, Comment.id.not_in(replied_to)),
        delete(Erratum),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))


def speakers_as_published(_now: datetime) -> None:
    """Keep the name and function of people who spoke or wrote in public; people who were only in a draft have neither, and
    nobody keeps a biography."""
    readable = select(Lesson.id).where(Lesson.status.in_(READABLE))
    of_lessons = [
        select(column).where(Lesson.id.in_(readable), column.is_not(None))
        for column in (Lesson.author_id, Lesson.interviewed_id)
    ]
    quoted = select(LessonQuote.speaker_id).where(
        LessonQuote.lesson_id.in_(readable), LessonQuote.agreed_at.is_not(None)
    )
    is_public = or_(is_seen, Speaker.id.in_(quoted), *(Speaker.id.in_(each) for each in of_lessons))
    for statement in (
        update(Speaker).values(bio="", person_id=None),
        update(Speaker).where(~is_public).values(name="", function=""),
        delete(DraftEntry),
        delete(ProgrammeImport),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
