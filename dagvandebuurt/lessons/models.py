"""Tables of lessons: content, sources, revisions, workflow history, links, errata and comments."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Base, Entity, enum_column, owner, personal
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Edition, Organisation, ProgrammeSession, Speaker, Theme


class LessonStatus(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"  # still readable by address, no longer in the lists
    TAKEN_DOWN = "taken_down"  # by a moderator, with a reason


READABLE = frozenset({LessonStatus.PUBLISHED, LessonStatus.ARCHIVED})

lesson_theme = Table(
    "lesson_theme",
    Base.metadata,
    Column("lesson_id", ForeignKey("lesson.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", ForeignKey("theme.id"), primary_key=True),
)


class Lesson(Entity):
    """Lesson of the day, written down with its sources.

    Three parties, each its own field: who made it (`author`), who was asked (`interviewed`) and who stands
    for it (`publisher`). `writer_id` is the account it was typed with, which never reviews it. `revision`
    rises with each saved text, for optimistic locking.
    """

    __tablename__ = "lesson"
    __table_args__ = (
        CheckConstraint("photo IS NULL OR photo_credit IS NOT NULL", name="photo_has_credit"),
        CheckConstraint("status <> 'published' OR published_at IS NOT NULL", name="published_has_moment"),
        CheckConstraint(
            "status <> 'scheduled' OR (publish_at IS NULL) <> (launch_session_id IS NULL)",
            name="scheduled_has_one_moment",
        ),
        Index("ix_lesson_status", "status"),
    )

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    lead: Mapped[str] = mapped_column(Text)
    in_short: Mapped[list[str]]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("speaker.id"))
    interviewed_id: Mapped[UUID | None] = mapped_column(ForeignKey("speaker.id"))
    publisher_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    writer_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    revision: Mapped[int] = mapped_column(default=1)
    status: Mapped[LessonStatus] = mapped_column(enum_column(LessonStatus), default=LessonStatus.DRAFT)
    photo: Mapped[str | None] = mapped_column(String(200))
    photo_alt: Mapped[str | None] = mapped_column(String(300))
    photo_credit: Mapped[str | None] = mapped_column(String(200))
    photo_licence: Mapped[str | None] = mapped_column(String(80))
    publish_at: Mapped[datetime | None]
    # Published when this session goes live, together with all others that wait for it.
    launch_session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("programme_session.id", ondelete="SET NULL"), index=True
    )
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    changed_at: Mapped[datetime]
    # Public corrections after publication: [{"at": …, "what": …}].
    corrections: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    edition: Mapped[Edition] = relationship()
    author: Mapped[Speaker | None] = relationship(foreign_keys=[author_id])
    interviewed: Mapped[Speaker | None] = relationship(foreign_keys=[interviewed_id])
    publisher: Mapped[Organisation | None] = relationship()
    launch_session: Mapped[ProgrammeSession | None] = relationship()
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
    """Heading with an anchor (`#anchor`) and the Markdown under it."""

    __tablename__ = "lesson_section"
    __table_args__ = (UniqueConstraint("lesson_id", "anchor"),)

    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"))
    position: Mapped[int]
    anchor: Mapped[str] = mapped_column(String(80))
    heading: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(Text)


class LessonQuote(Entity):
    """Quotation of a person. Shown once they agreed: `agreed_at`."""

    __tablename__ = "lesson_quote"

    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    speaker_id: Mapped[UUID] = mapped_column(ForeignKey("speaker.id"))
    agreed_at: Mapped[datetime | None]

    speaker: Mapped[Speaker] = relationship()


class SourceKind(StrEnum):
    SESSION = "session"
    QUESTION = "question"
    INITIATIVE = "initiative"
    FOLLOW_UP = "follow_up"
    LEARNING_QUESTION = "learning_question"
    GAP = "gap"


class LessonSource(Entity):
    """Source of a lesson. Only sources of registered kinds can be shown."""

    __tablename__ = "lesson_source"
    __table_args__ = (UniqueConstraint("lesson_id", "kind", "target_id"),)

    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[SourceKind] = mapped_column(enum_column(SourceKind))
    target_id: Mapped[UUID] = mapped_column(index=True)


class LessonRevision(Entity):
    """Revision of a lesson's whole content. Append-only.

    `is_waiting`: not public yet, as a change of a published lesson is reviewed by another person first.
    """

    __tablename__ = "lesson_revision"
    __table_args__ = (UniqueConstraint("lesson_id", "number"),)

    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    what: Mapped[str | None] = mapped_column(String(300))
    is_waiting: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    made_by: Mapped[Person | None] = relationship()


class LessonStep(Entity):
    """History of workflow transitions: who, and their note. Append-only."""

    __tablename__ = "lesson_step"

    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"), index=True)
    deed: Mapped[str] = mapped_column(String(32))
    after: Mapped[LessonStatus] = mapped_column(enum_column(LessonStatus))
    note: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    by: Mapped[Person | None] = relationship()


class LessonLink(Entity):
    """Link in a lesson and the result of its last check. For editors only."""

    __tablename__ = "lesson_link"
    __table_args__ = (UniqueConstraint("lesson_id", "url"),)

    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(String(500))
    answers: Mapped[bool | None]  # None: not checked yet, or not checkable by a machine
    told: Mapped[str | None] = mapped_column(String(40))
    checked_at: Mapped[datetime | None] = mapped_column(index=True)


class Erratum(Entity):
    """Reader's report of an error in a lesson. `answer` is what was done with it."""

    __tablename__ = "erratum"

    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"), index=True)
    sender_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=owner("comment")
    )
    text: Mapped[str] = mapped_column(Text, info=personal("comment"))
    sent_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]

    lesson: Mapped[Lesson] = relationship()


class CommentStatus(StrEnum):
    PENDING = "pending"
    VISIBLE = "visible"
    HIDDEN = "hidden"
    DELETED = "deleted"  # by its author; a placeholder stays when it has replies


class Comment(Entity):
    """Comment under a lesson. One level of replies. `rules_version` is that of the accepted house rules."""

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
    status: Mapped[CommentStatus] = mapped_column(enum_column(CommentStatus), default=CommentStatus.PENDING)
    hidden_reason: Mapped[str | None] = mapped_column(String(32))
    hidden_note: Mapped[str | None] = mapped_column(Text)
    rules_version: Mapped[int | None]
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]

    author: Mapped[Person | None] = relationship()
