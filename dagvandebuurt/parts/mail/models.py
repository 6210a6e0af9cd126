"""Outbox table."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Entity, enum_column, personal


class MailStatus(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"  # the server refused permanently; a retry would not help
    SET_ASIDE = (
        "set_aside"  # a restored backup still had to send it: it may have gone since. A person decides
    )


class Priority(IntEnum):
    """Sending priority."""

    AWAITED = 0  # somebody is waiting for it: login links, confirmations
    OWN = 1  # about something of the recipient's
    NEWS = 2  # bulk: reminders, news


class Mail(Entity):
    """Queued message to one address.

    `dedupe_key` makes the same cause send one mail, however often it is handled. It is claimed with a lease,
    so that another sender takes over from one that dies; `lease` is the fencing token. Once it is sent or
    refused, bearer links are redacted (`struck`). `link_id` names the personal link in it: its term starts
    when the mail leaves, and a redacted one can be made anew.
    """

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_turn", "status", "priority", "due_at"),
        Index("ix_mail_kind_due", "kind", "due_at"),
        Index("ix_mail_sent", "sent_at"),
        Index("ix_mail_bounced", "bounced_at"),
    )

    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    # A keyed hash of the address in lower case without its +tag: one mailbox, however it is spelt.
    mailbox: Mapped[str] = mapped_column(String(32), default="", index=True)
    to: Mapped[str] = mapped_column(String(320), info=personal("mail"))
    to_name: Mapped[str] = mapped_column(String(100), info=personal("mail"))
    subject: Mapped[str] = mapped_column(String(200), info=personal("mail"))
    text: Mapped[str] = mapped_column(Text, info=personal("mail"))
    html: Mapped[str] = mapped_column(Text, info=personal("mail"))
    # Calendar invitation (RFC 6047): text/calendar with this METHOD.
    calendar: Mapped[str | None] = mapped_column(Text, info=personal("mail"))
    calendar_method: Mapped[str | None] = mapped_column(String(10))
    headers: Mapped[dict[str, Any]]
    status: Mapped[MailStatus] = mapped_column(enum_column(MailStatus), default=MailStatus.WAITING)
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    priority: Mapped[int] = mapped_column(default=Priority.OWN)
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None]
    struck: Mapped[bool] = mapped_column(default=False)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]  # the last attempt that failed
    last_error: Mapped[str | None] = mapped_column(String(300))
    answer: Mapped[str | None] = mapped_column(String(500), info=personal("mail"))  # what the server said
    link_id: Mapped[UUID | None]
    # What came back after a server had taken it (RFC 3464). Hard: the mailbox does not exist.
    bounced_at: Mapped[datetime | None]
    bounced_hard: Mapped[bool] = mapped_column(default=False)
    bounce_status: Mapped[str | None] = mapped_column(String(12))
    bounce_said: Mapped[str | None] = mapped_column(String(300), info=personal("mail"))
