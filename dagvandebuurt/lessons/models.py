"""A lesson, where it came from, and what people say about it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Base, Entity, owner, personal, words
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Edition, Speaker, Theme


class LessonStatus(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"


lesson_theme = Table(
    "lesson_theme",
    Base.metadata,
    Column("lesson_id", ForeignKey("lesson.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", ForeignKey("theme.id"), primary_key=True),
)


class Lesson(Entity):
    """Something the day taught, written down by somebody, based on something."""

    __tablename__ = "lesson"
    __table_args__ = (
        CheckConstraint("photo IS NULL OR photo_credit IS NOT NULL", name="photo_has_credit"),
        CheckConstraint("status <> 'published' OR published_at IS NOT NULL", name="published_has_moment"),
    )

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    lead: Mapped[str] = mapped_column(Text)
    in_short: Mapped[list[str]]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("speaker.id"))
    status: Mapped[LessonStatus] = mapped_column(words(LessonStatus), default=LessonStatus.DRAFT)
    photo: Mapped[str | None] = mapped_column(String(200))
    photo_alt: Mapped[str | None] = mapped_column(String(300))
    photo_credit: Mapped[str | None] = mapped_column(String(200))
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    changed_at: Mapped[datetime]

    edition: Mapped[Edition] = relationship()
    author: Mapped[Speaker | None] = relationship()
    themes: Mapped[list[Theme]] = relationship(secondary=lesson_theme, order_by=Theme.position)
    sections: Mapped[list["LessonSection"]] = relationship(
        order_by="LessonSection.position", cascade="all, delete-orphan", passive_deletes=True
    )
    quotes: Mapped[list["LessonQuote"]] = relationship(
        order_by="LessonQuote.position", cascade="all, delete-orphan", passive_deletes=True
    )
    sources: Mapped[list["LessonSource"]] = relationship(
        order_by="LessonSource.position", cascade="all, delete-orphan", passive_deletes=True
    )


class LessonSection(Entity):
    """A heading that can be linked to (`#anchor`) and the Markdown under it."""

    __tablename__ = "lesson_section"
    __table_args__ = (UniqueConstraint("lesson_id", "anchor"),)

    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"))
    position: Mapped[int]
    anchor: Mapped[str] = mapped_column(String(80))
    heading: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(Text)


class LessonQuote(Entity):
    """Words of somebody who agreed to be quoted."""

    __tablename__ = "lesson_quote"

    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    speaker_id: Mapped[UUID] = mapped_column(ForeignKey("speaker.id"))

    speaker: Mapped[Speaker] = relationship()


class SourceKind(StrEnum):
    SESSION = "session"
    QUESTION = "question"
    INITIATIVE = "initiative"
    FOLLOW_UP = "follow_up"
    LEARNING_QUESTION = "learning_question"
    GAP = "gap"


class LessonSource(Entity):
    """What a lesson is based on. Only sources of rooms that exist can be followed."""

    __tablename__ = "lesson_source"
    __table_args__ = (UniqueConstraint("lesson_id", "kind", "target_id"),)

    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[SourceKind] = mapped_column(words(SourceKind))
    target_id: Mapped[UUID] = mapped_column(index=True)


class CommentStatus(StrEnum):
    PENDING = "pending"
    VISIBLE = "visible"
    HIDDEN = "hidden"
    DELETED = "deleted"  # by its author; a trace stays where replies hang on it


class Comment(Entity):
    """What somebody says under a lesson. One level of replies."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("status <> 'hidden' OR hidden_reason IS NOT NULL", name="hidden_has_reason"),
    )

    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=owner("comment")
    )
    badge: Mapped[str | None] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text, info=personal("comment"))
    status: Mapped[CommentStatus] = mapped_column(words(CommentStatus), default=CommentStatus.PENDING)
    hidden_reason: Mapped[str | None] = mapped_column(String(32))
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]

    author: Mapped[Person | None] = relationship()
