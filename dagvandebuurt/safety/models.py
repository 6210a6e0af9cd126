"""Tables of alarms about people in danger, of the people on duty, and of the phone numbers that askers get."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Base, Entity, enum_column, owner, personal

EXTRA = "danger"  # the name of this part among those a room may use


class AlarmStatus(StrEnum):
    """`raised` until somebody says that they see to it. An alarm counts while its question is hidden: a question
    that is shown again was a mistake.
    """

    RAISED = "raised"
    TAKEN = "taken"


class AlarmAction(StrEnum):
    RAISE = "raise"
    TAKE = "take"
    TELL = "tell"


class DangerAlarm(Entity):
    """Alarm about a question whose text says that somebody is in danger. It holds no text and no asker.

    `is_read`: the asker put the phone numbers away. `raised_at` is the moment of the moderator's press, never
    that of asking.
    """

    __tablename__ = "danger_alarm"
    __table_args__ = (Index("ix_danger_alarm_room_revision", "session_id", "revision"),)

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), unique=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[AlarmStatus] = mapped_column(enum_column(AlarmStatus))
    raised_at: Mapped[datetime] = mapped_column(index=True)
    is_read: Mapped[bool] = mapped_column(default=False, server_default=false())


class AlarmStep(Entity):
    """Append-only history of an alarm: who did what and when.

    `sentence` is the code of a ready sentence that the asker was sent, `text` one of the sender's own.
    """

    __tablename__ = "alarm_step"

    alarm_id: Mapped[UUID] = mapped_column(ForeignKey("danger_alarm.id", ondelete="CASCADE"), index=True)
    action: Mapped[AlarmAction] = mapped_column(enum_column(AlarmAction))
    sentence: Mapped[str | None] = mapped_column(String(16))
    text: Mapped[str | None] = mapped_column(Text, info=personal("alarm"))
    person_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=owner("alarm")
    )
    person_name: Mapped[str] = mapped_column(String(100), info=personal("alarm"))
    at: Mapped[datetime]


class HelpNumbers(Entity):
    """Version of the phone numbers that somebody in danger gets. The newest one counts; none: the standard ones.

    `numbers` is a list of `name`, `number`, `about` and `about_en`.
    """

    __tablename__ = "help_numbers"

    version: Mapped[int] = mapped_column(unique=True)
    numbers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    written_at: Mapped[datetime]
    written_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class DutyContact(Base):
    """Person who is mailed at every alarm. Without anybody on the list all organisers are."""

    __tablename__ = "duty_contact"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
