"""Tables of mailings, of who gets them, and of what was done to them."""

from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.append_only import only_grows
from dagvandebuurt.core.models import Base, Entity, enum_column, personal

SUBJECT_MAX_CHARS, TEXT_MAX_CHARS = 120, 4000
SECOND_PAIR_ABOVE = 100  # until the organisation sets its own number


class MailingStatus(StrEnum):
    DRAFT = "draft"
    AWAITING = "awaiting"  # another organiser has to agree first
    PLANNED = "planned"
    SENDING = "sending"
    STOPPED = "stopped"
    DONE = "done"


class MailingAction(StrEnum):
    SAVE = "save"
    TRY_OUT = "try_out"
    ASK = "ask"
    APPROVE = "approve"
    PLAN = "plan"
    TAKE_BACK = "take_back"
    HOLD = "hold"
    START = "start"
    STOP = "stop"
    RESUME = "resume"
    FINISH = "finish"


class RecipientStatus(StrEnum):
    WAITING = "waiting"
    QUEUED = "queued"  # in the outbox, or sent from it
    LEFT_OUT = "left_out"  # switched this kind of mail off meanwhile, or cannot be mailed any more


class Mailing(Entity):
    """Text by mail to many. `audience` says who gets it (`mailings.filters`), counted anew until it starts.

    `revision` rises with every change, so that nobody sends a text that they did not see. `figures` keeps how
    many got it once the rows of its recipients are deleted.
    """

    __tablename__ = "mailing"
    __table_args__ = (Index("ix_mailing_status_due", "status", "due_at"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    status: Mapped[MailingStatus] = mapped_column(enum_column(MailingStatus), default=MailingStatus.DRAFT)
    revision: Mapped[int] = mapped_column(default=1)
    subject: Mapped[str] = mapped_column(String(SUBJECT_MAX_CHARS * 16))
    subject_en: Mapped[str] = mapped_column(String(SUBJECT_MAX_CHARS * 16), default="")
    text: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    written_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    sent_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    approved_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @property
    def has_english(self) -> bool:
        return bool(self.subject_en and self.text_en)


class MailingRecipient(Base):
    """Person who gets a mailing, once. `mail_key` is the dedupe key of their mail in the outbox."""

    __tablename__ = "mailing_recipient"
    __table_args__ = (Index("ix_mailing_recipient_status", "mailing_id", "status"),)

    mailing_id: Mapped[UUID] = mapped_column(ForeignKey("mailing.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    mail_key: Mapped[str] = mapped_column(String(120), unique=True)
    status: Mapped[RecipientStatus] = mapped_column(enum_column(RecipientStatus), info=personal("mailing"))


class MailingChange(Entity):
    """One thing that was done to a mailing, by whom, when, and for how many people. Append-only. `by_id` is
    empty for what the system did, and after its person was erased."""

    __tablename__ = "mailing_change"

    mailing_id: Mapped[UUID] = mapped_column(ForeignKey("mailing.id"), index=True)
    action: Mapped[MailingAction] = mapped_column(enum_column(MailingAction))
    after: Mapped[MailingStatus] = mapped_column(enum_column(MailingStatus))
    count: Mapped[int | None]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class MailingRules(Base):
    """Above how many people a second organiser has to agree, in an edition. No row: SECOND_PAIR_ABOVE."""

    __tablename__ = "mailing_rules"
    __table_args__ = (CheckConstraint("second_pair_above >= 0", name="second_pair_above"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    second_pair_above: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


only_grows(cast(Table, MailingChange.__table__), erasable=("by_id",))
