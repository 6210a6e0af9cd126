"""Tables of hosting: the order of what comes next, and the last signal to who is on stage."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Base, enum_column


class SignalKind(StrEnum):
    """Signal to the people on stage, chosen so that no text is typed in a hurry."""

    FIVE_MINUTES = "five_minutes"
    ONE_MINUTE = "one_minute"
    WRAP_UP = "wrap_up"
    LOUDER = "louder"


class RunningOrder(Base):
    """Order in which the shortlisted questions of a session come. A question that is not in it comes last.

    `changed_by_id` is who changed it last, for the error of a concurrent change.
    """

    __tablename__ = "running_order"

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(BigInteger, default=0)
    question_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class StageSignal(Base):
    """Last signal to the people on stage. `kind` None: they read it."""

    __tablename__ = "stage_signal"

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(BigInteger, default=0)
    kind: Mapped[SignalKind | None] = mapped_column(enum_column(SignalKind))
    sent_at: Mapped[datetime]
