"""Tables of broadcasts and of the live rooms that were told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Base, Entity

TEXT_MAX_CHARS = 200


class Broadcast(Entity):
    """Sentence that everybody reads from `said_at` until `until`, or until it is withdrawn.

    Neither its words nor who said it change later: a better one is said anew. `is_everywhere`: on every page
    and in every live room; else only in the rooms and on the pages of its sessions.
    """

    __tablename__ = "broadcast"
    __table_args__ = (
        CheckConstraint("until > said_at", name="ends_after_start"),
        Index("ix_broadcast_edition_until", "edition_id", "until"),
    )

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(TEXT_MAX_CHARS * 16))
    text_en: Mapped[str] = mapped_column(String(TEXT_MAX_CHARS * 16), default="", server_default="")
    is_everywhere: Mapped[bool]
    said_at: Mapped[datetime]
    until: Mapped[datetime]
    said_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    rooms: Mapped[list["BroadcastRoom"]] = relationship(back_populates="broadcast", lazy="selectin")

    def shows_at(self, now: datetime) -> bool:
        return self.withdrawn_at is None and now < self.until


class BroadcastRoom(Base):
    """Live room that was told of a broadcast, at the revision of the last change in it."""

    __tablename__ = "broadcast_room"
    __table_args__ = (Index("ix_broadcast_room_session_id_revision", "session_id", "revision"),)

    broadcast_id: Mapped[UUID] = mapped_column(
        ForeignKey("broadcast.id", ondelete="CASCADE"), primary_key=True
    )
    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(BigInteger)

    broadcast: Mapped[Broadcast] = relationship(back_populates="rooms")
