"""Who comes, and what they chose."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Entity, personal, words
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Edition, ProgrammeSession


class RegistrationStatus(StrEnum):
    REQUESTED = "requested"  # typed in; the address is not confirmed yet
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Registration(Entity):
    """Somebody's place on the day."""

    __tablename__ = "registration"
    __table_args__ = (UniqueConstraint("edition_id", "person_id"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    status: Mapped[RegistrationStatus] = mapped_column(
        words(RegistrationStatus), info=personal("registration")
    )
    registered_at: Mapped[datetime] = mapped_column(info=personal("registration"))
    confirmed_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    edition: Mapped[Edition] = relationship()


class ChoiceStatus(StrEnum):
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"


class SessionChoice(Entity):
    """A session in somebody's own programme, and a place in it."""

    __tablename__ = "session_choice"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    status: Mapped[ChoiceStatus] = mapped_column(words(ChoiceStatus), info=personal("registration"))
    chosen_at: Mapped[datetime] = mapped_column(info=personal("registration"))

    session: Mapped[ProgrammeSession] = relationship()
    person: Mapped[Person] = relationship()
