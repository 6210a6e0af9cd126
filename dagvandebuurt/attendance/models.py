"""Visits, as heartbeats tell them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Entity, personal
from dagvandebuurt.people.models import Person


class Visit(Entity):
    """One unbroken stay of one person in one session. Its end is always the last beat.

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
