"""Tables of moderation: reports, decisions and appeals."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.chat.models import ChatLine
from dagvandebuurt.core.models import Entity, enum_column, owner, personal
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


class ReportedKind(StrEnum):
    """Type of the reported content. A question and a line of the hall chat belong to a session; the others do
    not.
    """

    QUESTION = "question"
    COMMENT = "comment"
    LESSON = "lesson"
    CHAT_LINE = "chat_line"


IN_SESSIONS = (ReportedKind.QUESTION, ReportedKind.CHAT_LINE)


class Report(Entity):
    """Report that a question, chat line, comment or lesson breaks a house rule or the law. Moderators never see who
    reported.

    A reporter without an account may leave a name and an address for the decision. `is_upheld` is the current
    outcome, also after an appeal; None until it is decided. `decided_by` is shown at the desk only. (Digital
    Services Act, articles 16 and 17.)
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("question_id", "reporter_id", name="uq_report_once_each"),
        UniqueConstraint("comment_id", "reporter_id", name="uq_report_comment_once_each"),
        UniqueConstraint("lesson_id", "reporter_id", name="uq_report_lesson_once_each"),
        UniqueConstraint("chat_line_id", "reporter_id", name="uq_report_chat_line_once_each"),
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

    kind: Mapped[ReportedKind] = mapped_column(enum_column(ReportedKind), default=ReportedKind.QUESTION)
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    revision: Mapped[int | None] = mapped_column(BigInteger)
    question_id: Mapped[UUID | None] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey(Comment.id, ondelete="SET NULL"))
    lesson_id: Mapped[UUID | None] = mapped_column(ForeignKey(Lesson.id, ondelete="SET NULL"), index=True)
    chat_line_id: Mapped[UUID | None] = mapped_column(ForeignKey(ChatLine.id, ondelete="SET NULL"))
    reporter_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=owner("moderation")
    )
    reporter_name: Mapped[str | None] = mapped_column(String(100), info=personal("moderation"))
    reporter_email: Mapped[str | None] = mapped_column(String(320), info=personal("moderation"))
    reason: Mapped[str] = mapped_column(String(32))
    note: Mapped[str | None] = mapped_column(Text, info=personal("moderation"))
    status: Mapped[ReportStatus] = mapped_column(enum_column(ReportStatus), default=ReportStatus.RECEIVED)
    is_upheld: Mapped[bool | None]
    sent_at: Mapped[datetime]
    taken_by: Mapped[str | None] = mapped_column(String(100), info=personal("moderation", of_another=True))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decided_by: Mapped[str | None] = mapped_column(String(100), info=personal("moderation", of_another=True))
    decision: Mapped[str | None] = mapped_column(Text)


class TextDecision(Entity):
    """Decision to hide a comment or take a lesson down, or to reverse that; with the reason its author reads.
    Append-only.
    """

    __tablename__ = "text_decision"

    kind: Mapped[ReportedKind] = mapped_column(enum_column(ReportedKind))
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey(Comment.id, ondelete="SET NULL"), index=True)
    lesson_id: Mapped[UUID | None] = mapped_column(ForeignKey(Lesson.id, ondelete="SET NULL"), index=True)
    is_hiding: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(index=True)
    moderator_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    moderator_name: Mapped[str] = mapped_column(String(100), info=personal("moderation"))


class Appeal(Entity):
    """Appeal to another moderator, unique per decision: by an asker against hiding (`change_id`), by the
    author of a comment or lesson (`decision_id`), or by a reporter against dismissal (`report_id`).

    An asker's appeal holds no person: the private link of the question gives the right, so an anonymous asker
    stays anonymous. `against_id` is the one who may not decide it.
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
    status: Mapped[AppealStatus] = mapped_column(enum_column(AppealStatus), default=AppealStatus.RECEIVED)
    # To the minute, like the question's own timestamp: its asker may be anonymous.
    sent_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decided_by: Mapped[str | None] = mapped_column(String(100), info=personal("moderation", of_another=True))
    decision: Mapped[str | None] = mapped_column(Text)
