"""Looks of the phone desk at people."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Entity, enum_column, owner, personal
from dagvandebuurt.people.models import Person


class LookReason(StrEnum):
    """Why somebody rings, as their helper says before anything is shown."""

    REGISTER = "register"
    LOGIN = "login"
    SESSIONS = "sessions"
    QUESTION = "question"
    DETAILS = "details"
    OTHER = "other"


class LookDeed(StrEnum):
    """What a helper did."""

    SEARCHED = "searched"
    OPENED = "opened"
    REGISTERED = "registered"
    CHANGED = "changed"
    LINK = "link"
    CARD = "card"
    SESSIONS = "sessions"
    ASKED = "asked"


BEGINS = (LookDeed.OPENED, LookDeed.REGISTERED)


class PhoneLook(Entity):
    """One look of a helper at the phone desk, and one deed: who, why and when. Nothing changes or deletes it before
    its period is over. What was typed in a search is not stored: only how many people were found.

    A row whose deed begins a call is that call: for an hour its helper reads the page of that person with it.
    """

    __tablename__ = "phone_look"
    __table_args__ = (Index("ix_phone_look_by_deed", "by_id", "deed", "at"),)

    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    by_name: Mapped[str] = mapped_column(String(100), info=personal("phone_look", of_another=True))
    person_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=owner("phone_look")
    )
    deed: Mapped[LookDeed] = mapped_column(enum_column(LookDeed), info=personal("phone_look"))
    reason: Mapped[LookReason] = mapped_column(enum_column(LookReason), info=personal("phone_look"))
    found: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(info=personal("phone_look"))
    ended_at: Mapped[datetime | None]  # of a call: its helper is done

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
