"""Who comes, and what they chose."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Entity, personal, words
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Edition, ProgrammeSession


class PlaceStatus(StrEnum):
    """How somebody stands towards a place: on the day, or in a session."""

    REQUESTED = "requested"  # typed in; the address is not confirmed yet. Of the day only
    WAITLISTED = "waitlisted"
    OFFERED = "offered"  # kept free for them until `offered_until`: they still have to say yes
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


SEATED = (PlaceStatus.OFFERED, PlaceStatus.CONFIRMED)  # what a place is taken by
WANTS = (*SEATED, PlaceStatus.WAITLISTED)


class Registration(Entity):
    """Somebody's place on the day."""

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("edition_id", "person_id"),
        Index("ix_registration_line", "edition_id", "status", "lined_up_at"),
    )

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    status: Mapped[PlaceStatus] = mapped_column(words(PlaceStatus), info=personal("registration"))
    registered_at: Mapped[datetime] = mapped_column(info=personal("registration"))
    confirmed_at: Mapped[datetime | None]
    # Since when they wait, and until when a place is kept for them.
    lined_up_at: Mapped[datetime | None] = mapped_column(info=personal("registration"))
    offered_until: Mapped[datetime | None] = mapped_column(info=personal("registration"))

    person: Mapped[Person] = relationship()
    edition: Mapped[Edition] = relationship()


class SessionChoice(Entity):
    """A session in somebody's own programme, and a place in it."""

    __tablename__ = "session_choice"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id"),
        Index("ix_session_choice_line", "session_id", "status", "lined_up_at"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    status: Mapped[PlaceStatus] = mapped_column(words(PlaceStatus), info=personal("registration"))
    chosen_at: Mapped[datetime] = mapped_column(info=personal("registration"))
    lined_up_at: Mapped[datetime | None] = mapped_column(info=personal("registration"))
    offered_until: Mapped[datetime | None] = mapped_column(info=personal("registration"))

    session: Mapped[ProgrammeSession] = relationship()
    person: Mapped[Person] = relationship()


class EntryCard(Entity):
    """A way in on paper, for who has no e-mail: a link as a QR code, and a number to say by phone.

    Neither is stored: both are derived from a key outside the database, so that the card can be printed
    again; `serial` rises when a new one makes the old one worthless. What is stored tells them from wrong
    ones. The helper noted that the person agreed.
    """

    __tablename__ = "entry_card"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    helper_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    serial: Mapped[int] = mapped_column(default=1)
    link_print: Mapped[str] = mapped_column(String(32), unique=True)
    number_print: Mapped[str] = mapped_column(String(32), unique=True)
    agreed_at: Mapped[datetime] = mapped_column(info=personal("registration"))

    edition: Mapped[Edition] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
