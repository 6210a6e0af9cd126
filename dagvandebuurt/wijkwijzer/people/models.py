"""Who follows what, helps where, and wants to meet: the people around the Wijkwijzer."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Base, Entity, personal, words
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Place, Theme


class News(StrEnum):
    """What happened to a learning question that its askers want to hear."""

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
    """How often somebody wants the digest."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


class ContactState(StrEnum):
    SENT = "sent"
    ANSWERED = "answered"


class LearningNews(Entity):
    """Tell the askers of this. The job that does so finds what has no `told_at`."""

    __tablename__ = "learning_news"

    learning_question_id: Mapped[UUID] = mapped_column(
        ForeignKey("learning_question.id", ondelete="CASCADE"), index=True
    )
    what: Mapped[News] = mapped_column(words(News))
    made_at: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(index=True)


class Joining(Base):
    """*Ik doe mee*: somebody wants to help with an initiative. Who runs it reads their name and this."""

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
    """A message to who runs an initiative, through the house: nobody's address is shown to anybody."""

    __tablename__ = "contact_request"
    __table_args__ = (
        CheckConstraint("status <> 'answered' OR reply IS NOT NULL", name="answered_has_reply"),
    )

    initiative_id: Mapped[UUID] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), index=True)
    from_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text, info=personal("contact"))
    status: Mapped[ContactState] = mapped_column(words(ContactState), default=ContactState.SENT)
    reply: Mapped[str | None] = mapped_column(Text, info=personal("contact", of_another=True))
    reply_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    sent_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    sender: Mapped[Person] = relationship(foreign_keys=[from_id])


class Following(Entity):
    """Somebody wants to hear what is new about a theme, of an organisation, in a place, by an author."""

    __tablename__ = "following"
    __table_args__ = (UniqueConstraint("person_id", "target_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[FollowKind] = mapped_column(words(FollowKind))
    target_id: Mapped[UUID]
    since: Mapped[datetime]


class DigestWish(Base):
    """How often, and until which moment somebody was told what is new."""

    __tablename__ = "digest_wish"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    rhythm: Mapped[Rhythm] = mapped_column(words(Rhythm))
    told_until: Mapped[datetime]


class ContactCard(Base):
    """Somebody wants to be brought together with others. Shown to one proposed person at a time, never in
    a list, and without a name until both agreed."""

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
    """Two people who may like to meet. Each says yes or no for themselves; a no is final and told to
    nobody by name. When both said yes there is a table (`room`)."""

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
