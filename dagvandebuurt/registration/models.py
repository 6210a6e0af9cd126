"""Registrations, session choices, calendar settings, entry cards, custom questions and access needs."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Base, Entity, enum_column, personal
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Edition, ProgrammeSession


class PlaceStatus(StrEnum):
    """Status of a place: on the day, or in a session."""

    REQUESTED = "requested"  # typed in; the address is not confirmed yet. Of the day only
    WAITLISTED = "waitlisted"
    OFFERED = "offered"  # reserved for them until `offered_until`: they still have to accept
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


SEATED = (PlaceStatus.OFFERED, PlaceStatus.CONFIRMED)  # statuses that occupy a place
WANTS = (*SEATED, PlaceStatus.WAITLISTED)


class Registration(Entity):
    """Place on the day."""

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("edition_id", "person_id"),
        Index("ix_registration_line", "edition_id", "status", "lined_up_at"),
    )

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    status: Mapped[PlaceStatus] = mapped_column(enum_column(PlaceStatus), info=personal("registration"))
    registered_at: Mapped[datetime] = mapped_column(info=personal("registration"))
    confirmed_at: Mapped[datetime | None]
    # Since when they wait, and until when a place is reserved for them.
    lined_up_at: Mapped[datetime | None] = mapped_column(info=personal("registration"))
    offered_until: Mapped[datetime | None] = mapped_column(info=personal("registration"))

    person: Mapped[Person] = relationship()
    edition: Mapped[Edition] = relationship()


class FilledForm(Entity):
    """Pending registration form, until its address is confirmed.

    Anybody can type anybody's address. So a form decides nothing by itself: each mailed link names its own,
    and opening that mail accepts it. `typed` holds all of it (see `registration.pending_registrations`).
    """

    __tablename__ = "filled_form"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    # The link that was mailed for it; none when no mail went out, and for a login link the newest counts.
    link_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("personal_link.id", ondelete="CASCADE"), index=True
    )
    content: Mapped[str] = mapped_column(String(64))  # a keyed hash of `typed`, to deduplicate the form
    typed: Mapped[dict[str, Any]] = mapped_column(info=personal("filled_form"))
    made_at: Mapped[datetime] = mapped_column(index=True)


class SessionChoice(Entity):
    """Session in somebody's own programme, with its place."""

    __tablename__ = "session_choice"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id"),
        Index("ix_session_choice_line", "session_id", "status", "lined_up_at"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    status: Mapped[PlaceStatus] = mapped_column(enum_column(PlaceStatus), info=personal("registration"))
    chosen_at: Mapped[datetime] = mapped_column(info=personal("registration"))
    lined_up_at: Mapped[datetime | None] = mapped_column(info=personal("registration"))
    offered_until: Mapped[datetime | None] = mapped_column(info=personal("registration"))

    session: Mapped[ProgrammeSession] = relationship()
    person: Mapped[Person] = relationship()


Entry = Registration | SessionChoice  # a place or a spot in the line, of the day or of a session


class CalendarSettings(Base):
    """Calendar settings of a person.

    The address of their feed is derived from a key outside the database and shown to them alone; `serial`
    rises when a new one replaces it. Only a hash is stored, to recognise it.
    """

    __tablename__ = "calendar_wishes"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    serial: Mapped[int] = mapped_column(default=1)
    link_print: Mapped[str] = mapped_column(String(32), unique=True)
    rings: Mapped[bool] = mapped_column(default=True)
    is_invited: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship()


class EntryCard(Entity):
    """Entry card for a person without e-mail: a link as a QR code, and a number to say by phone.

    Neither is stored: both are derived from a key outside the database, so that the card can be printed
    again; `serial` rises when a new one replaces it. Only hashes are stored, to recognise them. The helper
    recorded the person's consent.
    """

    __tablename__ = "entry_card"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    helper_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    serial: Mapped[int] = mapped_column(default=1)
    link_print: Mapped[str] = mapped_column(String(32), unique=True)
    number_print: Mapped[str] = mapped_column(String(32), unique=True)
    agreed_at: Mapped[datetime] = mapped_column(info=personal("registration"))
    # Consent that the helper hears what becomes of their signed questions. Never of anonymous ones.
    helper_hears_at: Mapped[datetime | None] = mapped_column(info=personal("registration"))

    edition: Mapped[Edition] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    helper: Mapped[Person | None] = relationship(foreign_keys=[helper_id])


class AnswerKind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"


class CustomQuestion(Entity):
    """Custom question of the registration form, with the retention period of its answers.

    Asked only when `shown_if_value` is among the answers to `shown_if`. An answered question is immutable:
    it is retired, and another one is asked in its place.
    """

    __tablename__ = "registration_question"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    position: Mapped[int]
    kind: Mapped[AnswerKind] = mapped_column(enum_column(AnswerKind))
    label: Mapped[str] = mapped_column(String(160))
    label_en: Mapped[str | None] = mapped_column(String(160))
    options: Mapped[list[str]]
    is_required: Mapped[bool]
    shown_if_id: Mapped[UUID | None] = mapped_column(ForeignKey("registration_question.id"))
    shown_if_value: Mapped[str | None] = mapped_column(String(80))
    keep_days: Mapped[int]  # after the day
    retired_at: Mapped[datetime | None]

    shown_if: Mapped["CustomQuestion | None"] = relationship(remote_side="CustomQuestion.id")


class RegistrationAnswer(Base):
    """Answer to a custom question: one text, or the chosen options."""

    __tablename__ = "registration_answer"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("registration_question.id"), primary_key=True)
    text: Mapped[str | None] = mapped_column(Text, info=personal("answer"))
    chosen: Mapped[list[str]] = mapped_column(info=personal("answer"))

    question: Mapped[CustomQuestion] = relationship()


class Need(StrEnum):
    """Kind of access need."""

    SIGN_LANGUAGE = "sign_language"
    INTERPRETER = "interpreter"
    CAPTIONS = "captions"
    LARGE_PRINT = "large_print"
    CALL_BACK = "call_back"
    # What these mean, an organiser says (`branding.words`): a few codes for entries of their own.
    OWN_1 = "own_1"
    OWN_2 = "own_2"
    OWN_3 = "own_3"
    OWN_4 = "own_4"
    OWN_5 = "own_5"
    OWN_6 = "own_6"
    OTHER = "other"


class AccessNeed(Entity):
    """Access needs of a person, stored separately as health data (AVG article 9): with express consent, read
    only by those who arrange it, and every access is logged."""

    __tablename__ = "access_need"
    __table_args__ = (UniqueConstraint("edition_id", "person_id"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    needs: Mapped[list[str]] = mapped_column(info=personal("access"))
    note: Mapped[str | None] = mapped_column(Text, info=personal("access"))
    phone: Mapped[str | None] = mapped_column(String(40), info=personal("access"))
    agreed_at: Mapped[datetime] = mapped_column(info=personal("access"))
    arranged_at: Mapped[datetime | None]
    arranged_note: Mapped[str | None] = mapped_column(Text, info=personal("access"))

    person: Mapped[Person] = relationship()
    looks: Mapped[list["AccessLook"]] = relationship(
        order_by="AccessLook.at", cascade="all, delete-orphan", passive_deletes=True
    )


class AccessLook(Entity):
    """Access log of access needs, visible to the person."""

    __tablename__ = "access_look"

    need_id: Mapped[UUID] = mapped_column(ForeignKey("access_need.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    by_name: Mapped[str] = mapped_column(String(100), info=personal("access", of_another=True))
    at: Mapped[datetime] = mapped_column(info=personal("access"))
