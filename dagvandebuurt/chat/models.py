"""Tables of the hall chat: how it goes in a session, and the lines."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Base, Entity, enum_column, owner, personal
from dagvandebuurt.people.models import ParticipantRole

TEXT_MAX_CHARS = 200
PAUSES = (10, 30, 60, 120)  # seconds between two lines of one person
DEFAULT_PAUSE = 30


class ChatRules(Base):
    """How the hall chat goes in one session, by its moderators. No row: there is none.

    `is_over`: the session ended, and open pages were told that the lines are gone.
    """

    __tablename__ = "chat_rules"
    __table_args__ = (CheckConstraint("seconds_between BETWEEN 10 AND 120", name="slow_enough"),)

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(BigInteger)
    is_open: Mapped[bool] = mapped_column(default=False)
    is_over: Mapped[bool] = mapped_column(default=False, server_default=false())
    seconds_between: Mapped[int] = mapped_column(default=DEFAULT_PAUSE)
    # Who changed a setting last, for the error of a concurrent change.
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class ChatLine(Entity):
    """Line of one person, by name as raised hands are: who chats is in a conversation.

    `name_hidden`: a moderator hides that name from the hall (`qanda.hidden_names`); the hall then reads the
    role. A line of an erased person stays without text and person, so that open pages are told it is gone.
    """

    __tablename__ = "chat_line"
    __table_args__ = (
        CheckConstraint("(hidden_at IS NULL) = (hidden_reason IS NULL)", name="hidden_has_reason"),
        Index("ix_chat_line_room_revision", "session_id", "revision"),
        Index("ix_chat_line_of_person", "session_id", "person_id"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=owner("chat")
    )
    name: Mapped[str] = mapped_column(String(100), info=personal("chat"))
    mark: Mapped[str | None] = mapped_column(String(20), info=personal("chat"))
    role: Mapped[ParticipantRole] = mapped_column(enum_column(ParticipantRole), info=personal("chat"))
    name_hidden: Mapped[bool] = mapped_column(default=False, server_default=false())
    text: Mapped[str] = mapped_column(String(TEXT_MAX_CHARS * 16), info=personal("chat"))
    said_at: Mapped[datetime] = mapped_column(info=personal("chat"))
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[str | None] = mapped_column(String(32))
    # Who decided about it last, hiding it or showing it again.
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decided_by: Mapped[str | None] = mapped_column(String(100), info=personal("chat", of_another=True))

    @property
    def is_shown(self) -> bool:
        """Return whether the hall may read it, while the session is on."""
        return self.hidden_at is None and self.person_id is not None
