"""Table of brandings."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.append_only import only_grows
from dagvandebuurt.core.models import Entity

NAME_MAX_CHARS = 60
SHORT_NAME_MAX_CHARS = 40
TAGLINE_MAX_CHARS = 160
EMAIL_MAX_CHARS = 200
ALT_MAX_CHARS = 200


class Branding(Entity):
    """What the event is called and looks like. Each change is a row with the next `number`; the highest is
    current. Append-only.

    Empty means: not said. Pictures are names in the file store.
    """

    __tablename__ = "branding"

    number: Mapped[int] = mapped_column(unique=True)
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(NAME_MAX_CHARS), default="")
    name_en: Mapped[str] = mapped_column(String(NAME_MAX_CHARS), default="")
    short_name: Mapped[str] = mapped_column(String(SHORT_NAME_MAX_CHARS), default="")
    tagline: Mapped[str] = mapped_column(String(TAGLINE_MAX_CHARS), default="")
    tagline_en: Mapped[str] = mapped_column(String(TAGLINE_MAX_CHARS), default="")
    contact_email: Mapped[str] = mapped_column(String(EMAIL_MAX_CHARS), default="")
    accent: Mapped[str] = mapped_column(String(7), default="")
    second: Mapped[str] = mapped_column(String(7), default="")
    logo: Mapped[str] = mapped_column(String(32), default="")
    logo_width: Mapped[int] = mapped_column(default=0)
    logo_height: Mapped[int] = mapped_column(default=0)
    logo_alt: Mapped[str] = mapped_column(String(ALT_MAX_CHARS), default="")
    logo_has_name: Mapped[bool] = mapped_column(default=False)
    share_picture: Mapped[str] = mapped_column(String(32), default="")
    words: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")


only_grows(cast(Table, Branding.__table__), erasable=("saved_by_id",))
