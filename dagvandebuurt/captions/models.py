"""A line of captions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Entity, personal

LINE_MAX_CHARS = 200


class CaptionLine(Entity):
    """What was said, as a captioner typed it, in the order of `position`. Who typed it is not kept.

    A line without text was taken back; its place stays, so that readers who had it hear of it.
    """

    __tablename__ = "caption_line"
    __table_args__ = (UniqueConstraint("session_id", "position"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column(BigInteger, default=0)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(LINE_MAX_CHARS * 16), info=personal("captions"))
    at: Mapped[datetime]
