"""Tables of attendance: visits, opt-outs from the list, and certificates."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Base, Entity, personal
from dagvandebuurt.people.models import Person

STEP = timedelta(minutes=5)  # granularity of stored visits


class Inside(Base):
    """Presence in a session now: exact last heartbeat, under a pseudonym of this session. It counts who is
    present, and continues a visit or starts a new one; it is deleted ten minutes later.

    Who reads along without a name is present by the pseudonym of their browser, and makes no visit.
    """

    __tablename__ = "inside"
    __table_args__ = {"sqlite_with_rowid": False}

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True
    )
    visitor_key: Mapped[str] = mapped_column(String(22), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


class Visit(Entity):
    """Continuous stay of one person in one session, in steps of five minutes: finer timestamps would reveal
    who sent an anonymous question.

    Two devices, or two processes, may make overlapping visits: reports take their union.
    """

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("last_seen_at >= first_seen_at", name="ends_after_start"),
        Index("ix_visit_session_seen", "session_id", "last_seen_at"),
        Index("ix_visit_person_session", "person_id", "session_id"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), info=personal("attendance")
    )
    first_seen_at: Mapped[datetime] = mapped_column(info=personal("attendance"))
    last_seen_at: Mapped[datetime] = mapped_column(info=personal("attendance"))

    person: Mapped[Person] = relationship()


class Unlisted(Base):
    """Opt-out from the attendance list. No row: listed."""

    __tablename__ = "unlisted"

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, info=personal("account")
    )
    chosen_at: Mapped[datetime]


class CountedVisit(Entity):
    """Visit of an unlisted person: pseudonymous, and in no query of a list.

    `visitor_key` is a pseudonym for this session only, so that two devices count as one visitor and the
    choice can be undone. Once the key of the room is destroyed nobody can tell who it was.
    """

    __tablename__ = "counted_visit"
    __table_args__ = (
        CheckConstraint("last_seen_at >= first_seen_at", name="ends_after_start"),
        Index("ix_counted_visit_session_seen", "session_id", "last_seen_at"),
        Index("ix_counted_visit_visitor_session", "visitor_key", "session_id"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    visitor_key: Mapped[str] = mapped_column(String(22), info=personal("attendance"))
    first_seen_at: Mapped[datetime] = mapped_column(info=personal("attendance"))
    last_seen_at: Mapped[datetime] = mapped_column(info=personal("attendance"))


class Certificate(Entity):
    """Certificate of attendance, as it was at the time. `code` lets a third party verify it; only the holder
    has it.
    """

    __tablename__ = "certificate"

    code: Mapped[str] = mapped_column(String(12), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    says: Mapped[dict[str, Any]] = mapped_column(info=personal("certificate"))
