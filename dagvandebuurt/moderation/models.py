"""Reports of what somebody read, the decisions on them, and appeals against decisions."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Entity, owner, personal, words
from dagvandebuurt.lessons.models import Comment, Lesson


class ReportStatus(StrEnum):
    RECEIVED = "received"
    UNDER_REVIEW = "under_review"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    APPEALED = "appealed"
    FINAL = "final"


class AppealStatus(StrEnum):
    RECEIVED = "received"
    GRANTED = "granted"
    REFUSED = "refused"


class Kind(StrEnum):
    """What something said is. A question stands in a session; the others do not."""

    QUESTION = "question"
    COMMENT = "comment"
    LESSON = "lesson"


class Report(Entity):
    """Somebody says that a question, a comment or a lesson breaks a house rule or the law. Moderators read
    what, never who. Without an account they may leave a name and an address to hear what is decided.

    `is_upheld` is how it stands now, also after an appeal; None until somebody decided. `decided_by`
    is told to nobody but the desk. (Digital Services Act, articles 16 and 17.)
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("question_id", "reporter_id", name="uq_report_once_each"),
        UniqueConstraint("comment_id", "reporter_id", name="uq_report_comment_once_each"),
        UniqueConstraint("lesson_id", "reporter_id", name="uq_report_lesson_once_each"),
        CheckConstraint(
            "(kind = 'question') = (question_id IS NOT NULL AND session_id IS NOT NULL"
            " AND revision IS NOT NULL)",
            name="question_has_session",
        ),
        CheckConstraint(
            "status IN ('received', 'under_review') OR is_upheld IS NOT NULL", name="decided_has_outcome"
        ),
        Index("ix_report_room_revision", "session_id", "revision"),
    )

    kind: Mapped[Kind] = mapped_column(words(Kind), default=Kind.QUESTION)
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    revision: Mapped[int | None] = mapped_column(BigInteger)
    question_id: Mapped[UUID | None] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey(Comment.id, ondelete="SET NULL"))
    lesson_id: Mapped[UUID | None] = mapped_column(ForeignKey(Lesson.id, ondelete="SET NULL"), index=True)
    reporter_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=owner("moderation")
    )
    reporter_name: Mapped[str | None] = mapped_column(String(100), info=personal("moderation"))
    reporter_email: Mapped[str | None] = mapped_column(String(320), info=personal("moderation"))
    reason: Mapped[str] = mapped_column(String(32))
    note: Mapped[str | None] = mapped_column(Text, info=personal("moderation"))
    status: Mapped[ReportStatus] = mapped_column(words(ReportStatus), default=ReportStatus.RECEIVED)
    is_upheld: Mapped[bool | None]
    sent_at: Mapped[datetime]
    taken_by: Mapped[str | None] = mapped_column(String(100), info=personal("moderation", of_another=True))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decided_by: Mapped[str | None] = mapped_column(String(100), info=personal("moderation", of_another=True))
    decision: Mapped[str | None] = mapped_column(Text)


class TextDecision(Entity):
    """A moderator hid a comment or took a lesson down, or undid that; with a reason, as its author reads it.
    Only grows."""

    __tablename__ = "text_decision"

    kind: Mapped[Kind] = mapped_column(words(Kind))
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey(Comment.id, ondelete="SET NULL"), index=True)
    lesson_id: Mapped[UUID | None] = mapped_column(ForeignKey(Lesson.id, ondelete="SET NULL"), index=True)
    is_hiding: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(index=True)
    moderator_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    moderator_name: Mapped[str] = mapped_column(String(100), info=personal("moderation"))


class Appeal(Entity):
    """Somebody asks another moderator to look again: the asker at a hiding (`change_id`), the author of a
    comment or lesson at theirs (`decision_id`), or whoever reported at a dismissal (`report_id`). Once for
    each decision.

    An asker's appeal holds no person: whoever has the way back to the question may send it, and an
    anonymous asker stays so. `against_id` is the one who may not decide it.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN change_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN report_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN decision_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="against_one_decision",
        ),
        CheckConstraint("status = 'received' OR decision IS NOT NULL", name="decided_has_reason"),
        Index("ix_appeal_room_revision", "session_id", "revision"),
    )

    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    revision: Mapped[int | None] = mapped_column(BigInteger)
    question_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("question.id", ondelete="CASCADE"), index=True
    )
    change_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("question_change.id", ondelete="CASCADE"), unique=True
    )
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), unique=True)
    decision_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("text_decision.id", ondelete="CASCADE"), unique=True
    )
    text: Mapped[str] = mapped_column(Text, info=personal("moderation"))
    against_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    against: Mapped[str] = mapped_column(String(100), info=personal("moderation"))
    status: Mapped[AppealStatus] = mapped_column(words(AppealStatus), default=AppealStatus.RECEIVED)
    # To the minute, as when the question was asked: its asker may be anonymous.
    sent_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decided_by: Mapped[str | None] = mapped_column(String(100), info=personal("moderation", of_another=True))
    decision: Mapped[str | None] = mapped_column(Text)
