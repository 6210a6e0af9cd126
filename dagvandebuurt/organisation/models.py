"""Audit log of exports: those that name people, with the reason, and all others."""

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.append_only import only_grows
from dagvandebuurt.core.models import Entity
from dagvandebuurt.people.models import Person

REASON_MAX_CHARS = 200


class NamedExport(Entity):
    """Export with names and addresses: which list, by whom, when and what for (accountability, AVG art. 5.2).

    Append-only; the link to its maker goes with their account. `file`: its name, without what people typed.
    """

    __tablename__ = "named_export"

    file: Mapped[str] = mapped_column(String(160))
    reason: Mapped[str] = mapped_column(String(REASON_MAX_CHARS))
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    made_by: Mapped[Person | None] = relationship()


class ExportDownload(Entity):
    """Export without names that somebody downloaded: which file, how many rows, by whom and when. Append-only."""

    __tablename__ = "export_download"

    file: Mapped[str] = mapped_column(String(160))
    row_count: Mapped[int]
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


only_grows(cast(Table, ExportDownload.__table__), erasable=("made_by_id",))
only_grows(cast(Table, NamedExport.__table__), erasable=("made_by_id",))
