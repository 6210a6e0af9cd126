"""Table of partners."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Entity

NAME_MAX_CHARS = 80
URL_MAX_CHARS = 300
ALT_MAX_CHARS = 200


class Partner(Entity):
    """Organisation that makes the event possible. `logo` is a name in the file store; without one its name is
    shown. `alt` says what the logo shows where that is more than the name.
    """

    __tablename__ = "partner"

    name: Mapped[str] = mapped_column(String(NAME_MAX_CHARS))
    url: Mapped[str] = mapped_column(String(URL_MAX_CHARS), default="")
    alt: Mapped[str] = mapped_column(String(ALT_MAX_CHARS), default="")
    logo: Mapped[str] = mapped_column(String(32), default="")
    logo_width: Mapped[int] = mapped_column(default=0)
    logo_height: Mapped[int] = mapped_column(default=0)
    position: Mapped[int]
    added_at: Mapped[datetime]
    added_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
