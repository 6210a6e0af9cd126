"""A poll and its counted options."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Entity, words


class PollKind(StrEnum):
    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    SCALE = "scale"


class PollStatus(StrEnum):
    """Stored. Closed by its time is computed."""

    DRAFT = "draft"
    READY = "ready"
    OPEN = "open"
    CLOSED = "closed"


class Poll(Entity):
    """One thing asked of the whole room."""

    __tablename__ = "poll"
    __table_args__ = (CheckConstraint("max_choices >= 1", name="at_least_one_choice"),)

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), index=True
    )
    revision: Mapped[int] = mapped_column(BigInteger, default=0)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[PollKind] = mapped_column(words(PollKind))
    status: Mapped[PollStatus] = mapped_column(words(PollStatus), default=PollStatus.DRAFT)
    results_shown: Mapped[bool] = mapped_column(default=False)
    max_choices: Mapped[int] = mapped_column(default=1)
    low_label: Mapped[str | None] = mapped_column(String(60))
    high_label: Mapped[str | None] = mapped_column(String(60))
    opened_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]

    options: Mapped[list["PollOption"]] = relationship(
        order_by="PollOption.position", cascade="all, delete-orphan", passive_deletes=True
    )


class PollOption(Entity):
    """One possible answer and how often it was chosen. On a scale: one step of it."""

    __tablename__ = "poll_option"
    __table_args__ = (
        UniqueConstraint("poll_id", "position"),
        CheckConstraint("ballots >= 0", name="ballots_not_negative"),
    )

    poll_id: Mapped[UUID] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(160))
    ballots: Mapped[int] = mapped_column(default=0)
