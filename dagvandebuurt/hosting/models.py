"""Tables of hosting: the order of what comes next, the last signal to the people on stage, and the run of show."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Base, Entity, enum_column
from dagvandebuurt.programme.models import Speaker

PART_TITLE_MAX_CHARS = 80
STAGE_MAX_CHARS = 60


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


class PartKind(StrEnum):
    """What happens in a part of a session."""

    WELCOME = "welcome"
    TALK = "talk"
    FILM = "film"
    QUESTIONS = "questions"
    POLL = "poll"
    PAUSE = "pause"
    CLOSING = "closing"


class RunOfShow(Base):
    """Plan of a session as a whole: its revision, and who changed it last."""

    __tablename__ = "run_of_show"

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(BigInteger, default=0)
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class ShowPart(Entity):
    """Part of a session: how many minutes, who, and what picture is on. `begun_at`: when it began in truth."""

    __tablename__ = "show_part"
    __table_args__ = (CheckConstraint("minutes BETWEEN 1 AND 240", name="minutes_of_a_part"),)

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    kind: Mapped[PartKind] = mapped_column(enum_column(PartKind))
    title: Mapped[str] = mapped_column(String(PART_TITLE_MAX_CHARS * 16), default="")
    minutes: Mapped[int]
    speaker_id: Mapped[UUID | None] = mapped_column(ForeignKey("speaker.id", ondelete="SET NULL"))
    stage: Mapped[str] = mapped_column(String(STAGE_MAX_CHARS * 16), default="")
    begun_at: Mapped[datetime | None]

    speaker: Mapped[Speaker | None] = relationship(lazy="joined")
