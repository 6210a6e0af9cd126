"""Tables of SMS: numbers, what was asked with them, the outbox, and what a day costs."""

from datetime import date, datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Base, Entity, enum_column, personal


class SmsStatus(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"  # a sender holds it: it is never claimed again
    SENT = "sent"  # the gateway took it
    DELIVERED = "delivered"
    FAILED = "failed"  # the gateway took it, and could not deliver it
    REFUSED = "refused"  # the gateway took it not, or it was above the most of a day
    UNKNOWN = "unknown"  # nobody knows whether the gateway took it: it is not sent again


class SmsPriority(IntEnum):
    """Sending priority."""

    AWAITED = 0  # a code that somebody waits for
    OWN = 1  # about something of the recipient's
    NEWS = 2


class SmsNumber(Entity):
    """Mobile number that somebody gave for one edition, encrypted under a key that is in no database.

    `sealed` decrypts with the key of the edition and this row's id, so a changed number is a new row.
    `number_print` is a keyed hash, by which an answer to a message finds the number. `code` is a keyed hash too.
    """

    __tablename__ = "sms_number"
    __table_args__ = (UniqueConstraint("person_id", "edition_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    sealed: Mapped[UUID] = mapped_column(info=personal("sms"))
    number_print: Mapped[str] = mapped_column(String(32), index=True)
    given_at: Mapped[datetime]
    code: Mapped[str | None] = mapped_column(String(32))
    code_until: Mapped[datetime | None]
    code_tries: Mapped[int] = mapped_column(default=0)
    proven_at: Mapped[datetime | None]


class SmsNumberUse(Base):
    """What was done with one number in an edition, by whomever: how many codes it was sent on its last day, and
    whether its holder texted STOP. It outlives the number, and goes with the key of the edition."""

    __tablename__ = "sms_number_use"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    number_print: Mapped[str] = mapped_column(String(32), primary_key=True)
    codes_on: Mapped[date | None] = mapped_column(Date)
    codes: Mapped[int] = mapped_column(default=0)
    stopped_at: Mapped[datetime | None]


class SmsMessage(Entity):
    """Queued short message to one number. Its id is the reference under which the gateway knows it.

    A sender claims it by making it SENDING before it calls the gateway: a process that dies in between leaves
    one that is never sent again, and of which is said that its outcome is unknown.
    """

    __tablename__ = "sms_message"
    __table_args__ = (Index("ix_sms_message_turn", "status", "priority", "due_at"),)

    number_id: Mapped[UUID] = mapped_column(ForeignKey("sms_number.id", ondelete="CASCADE"), index=True)
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text, info=personal("sms"))
    parts: Mapped[int]
    status: Mapped[SmsStatus] = mapped_column(enum_column(SmsStatus), default=SmsStatus.WAITING)
    priority: Mapped[int] = mapped_column(default=SmsPriority.OWN)
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    useless_at: Mapped[datetime | None]  # later than this nobody has any use for it
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]  # when it was claimed last
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(60))


class SmsDay(Base):
    """How many messages, and parts of which each is paid for, were queued on one day of an edition."""

    __tablename__ = "sms_day"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    messages: Mapped[int] = mapped_column(default=0)
    parts: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
