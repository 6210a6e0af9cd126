"""Tables of captions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Entity, personal

LINE_MAX_CHARS = 200


class CaptionLine(Entity):
    """Line as a captioner typed it, in the order of `position`. The captioner is not stored.

    A line without text was deleted; the row stays, so that readers are told.
    """

    __tablename__ = "caption_line"
    __table_args__ = (UniqueConstraint("session_id", "position"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column(BigInteger, default=0)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(LINE_MAX_CHARS * 16), info=personal("captions"))
    at: Mapped[datetime]
