"""Versions of the texts of the site."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.append_only import only_grows
from dagvandebuurt.core.models import Entity
from dagvandebuurt.people.models import Person


class SiteTextVersion(Entity):
    """Version of the text of one page. Append-only; the newest is public. No row: the standard text.

    `content` holds what differs from the standard text, by field (`title_nl`). `from_number` is the version
    that was put back, 0 for the standard text.
    """

    __tablename__ = "site_text_version"
    __table_args__ = (UniqueConstraint("page", "number"),)

    page: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    from_number: Mapped[int | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    made_by: Mapped[Person | None] = relationship()


only_grows(cast(Table, SiteTextVersion.__table__), erasable=("made_by_id",))
