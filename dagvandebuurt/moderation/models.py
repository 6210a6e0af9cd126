"""Reports of what somebody read, the decisions on them, and appeals against decisions."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Entity, owner, personal, words


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


class Report(Entity):
    """Somebody says that a question breaks a house rule. Moderators read what, never who.

    `is_upheld` is how it stands now, also after an appeal; None until somebody decided. `decided_by`
    is told to nobody but the desk. (Digital Services Act, articles 16 and 17.)
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("question_id", "reporter_id", name="uq_report_once_each"),
        CheckConstraint(
            "status IN ('received', 'under_review') OR is_upheld IS NOT NULL", name="decided_has_outcome"
        ),
        Index("ix_report_room_revision", "session_id", "revision"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column(BigInteger)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    reporter_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=owner("moderation")
    )
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


class Appeal(Entity):
    """Somebody asks another moderator to look again: the asker at a hiding (`change_id`), or whoever
    reported at a dismissal (`report_id`). Once for each decision.

    An asker's appeal holds no person: whoever has the way back to the question may send it, and an
    anonymous asker stays so. `against_id` is the one who may not decide it.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("(change_id IS NULL) <> (report_id IS NULL)", name="against_one_decision"),
        CheckConstraint("status = 'received' OR decision IS NOT NULL", name="decided_has_reason"),
        Index("ix_appeal_room_revision", "session_id", "revision"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column(BigInteger)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), index=True)
    change_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("question_change.id", ondelete="CASCADE"), unique=True
    )
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), unique=True)
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
