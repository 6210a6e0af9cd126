"""Tables of the people around the Wijkwijzer: following, taking part, messages and introductions."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Base, Entity, enum_column, personal
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Place, Theme


class News(StrEnum):
    """Kind of news about a learning question."""

    SHOWN = "shown"
    DECLINED = "declined"
    CLUSTERED = "clustered"
    MATCHED = "matched"
    ANSWERED = "answered"
    GAP = "gap"
    ADOPTED = "adopted"
    PARKED = "parked"
    FILLED = "filled"
    REOPENED = "reopened"


class FollowKind(StrEnum):
    THEME = "theme"
    ORGANISATION = "organisation"
    PLACE = "place"
    AUTHOR = "author"


class Rhythm(StrEnum):
    """Frequency of the digest."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


class ContactStatus(StrEnum):
    SENT = "sent"
    ANSWERED = "answered"


class LearningNews(Entity):
    """Outbox entry of news to askers. The job processes those without `told_at`."""

    __tablename__ = "learning_news"

    learning_question_id: Mapped[UUID] = mapped_column(
        ForeignKey("learning_question.id", ondelete="CASCADE"), index=True
    )
    what: Mapped[News] = mapped_column(enum_column(News))
    made_at: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(index=True)


class Joining(Base):
    """Participation in an initiative (*ik doe mee*). Its organisers read the person's name and offer."""

    __tablename__ = "joining"

    initiative_id: Mapped[UUID] = mapped_column(
        ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    offer: Mapped[str | None] = mapped_column(Text, info=personal("learning"))
    since: Mapped[datetime]

    person: Mapped[Person] = relationship()


class ContactRequest(Entity):
    """Message to the organisers of an initiative, through the platform: addresses are never shown."""

    __tablename__ = "contact_request"
    __table_args__ = (
        CheckConstraint("status <> 'answered' OR reply IS NOT NULL", name="answered_has_reply"),
    )

    initiative_id: Mapped[UUID] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), index=True)
    from_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text, info=personal("contact"))
    status: Mapped[ContactStatus] = mapped_column(enum_column(ContactStatus), default=ContactStatus.SENT)
    reply: Mapped[str | None] = mapped_column(Text, info=personal("contact", of_another=True))
    reply_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    sent_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    sender: Mapped[Person] = relationship(foreign_keys=[from_id])


class Following(Entity):
    """Subscription to a theme, organisation, place or author."""

    __tablename__ = "following"
    __table_args__ = (UniqueConstraint("person_id", "target_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[FollowKind] = mapped_column(enum_column(FollowKind))
    target_id: Mapped[UUID]
    since: Mapped[datetime]


class DigestWish(Base):
    """Frequency of the digest, and until which moment news was sent."""

    __tablename__ = "digest_wish"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    rhythm: Mapped[Rhythm] = mapped_column(enum_column(Rhythm))
    told_until: Mapped[datetime]


class ContactCard(Base):
    """Registration for introductions. Shown to one proposed person at a time, never in a list, and without a
    name until both agreed.
    """

    __tablename__ = "contact_card"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    line: Mapped[str] = mapped_column(String(200), info=personal("contact"))
    theme_id: Mapped[UUID] = mapped_column(ForeignKey("theme.id"), index=True)
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))
    since: Mapped[datetime]

    person: Mapped[Person] = relationship()
    theme: Mapped[Theme] = relationship()
    place: Mapped[Place | None] = relationship()


class Proposal(Entity):
    """Proposed introduction of two people. Each accepts or refuses; a refusal is final and anonymous. When
    both accept, a meeting is made (`room`).
    """

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("one_id", "other_id"),)

    one_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    theme_id: Mapped[UUID] = mapped_column(ForeignKey("theme.id"))
    one_agrees: Mapped[bool | None]
    other_agrees: Mapped[bool | None]
    room: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime]

    theme: Mapped[Theme] = relationship()
