"""Life of an edition: its statuses, and the history of what was done to it."""

from datetime import datetime
from enum import StrEnum
from typing import cast
from uuid import UUID

from sqlalchemy import ForeignKey, Table
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.append_only import only_grows
from dagvandebuurt.core.models import Entity, enum_column


class EditionStatus(StrEnum):
    """Stored status of an edition."""

    DRAFT = "draft"  # only editors, and who has the preview link
    OPEN = "open"
    CLOSED = "closed"  # visitors read one sentence at its addresses
    ARCHIVED = "archived"  # everybody can read it and nobody can change it


PUBLIC = (EditionStatus.OPEN, EditionStatus.ARCHIVED)


class EditionAction(StrEnum):
    SHARE_PREVIEW = "share_preview"
    END_PREVIEW = "end_preview"
    PLAN = "plan"
    UNPLAN = "unplan"
    OPEN = "open"
    OPEN_AS_PLANNED = "open_as_planned"
    CLOSE = "close"
    ARCHIVE = "archive"


class EditionChange(Entity):
    """One thing that was done to an edition, by whom and when. Append-only. `by_id` is empty for the planned
    opening, and after its person was erased."""

    __tablename__ = "edition_change"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    action: Mapped[EditionAction] = mapped_column(enum_column(EditionAction))
    after: Mapped[EditionStatus] = mapped_column(enum_column(EditionStatus))
    planned_for: Mapped[datetime | None]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime]


only_grows(cast(Table, EditionChange.__table__), erasable=("by_id",))
