"""Table of uploaded programme files."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Entity, enum_column


class ImportStatus(StrEnum):
    """Status of an import. Workers pick up waiting ones; a finished one holds no file."""

    WAITING = "waiting"
    READING = "reading"
    READY = "ready"  # preview ready, waiting for confirmation or dismissal
    FAILED = "failed"
    CONFIRMED = "confirmed"
    SAVING = "saving"
    DONE = "done"


class ProgrammeImport(Entity):
    """Programme file being imported: kept for an hour, visible to its uploader only.

    `done` of `total` sessions are read; `summary` is what the preview shows, `choices` what was decided.
    """

    __tablename__ = "programme_import"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    filename: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[ImportStatus] = mapped_column(enum_column(ImportStatus), default=ImportStatus.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    beat_at: Mapped[datetime]  # last heartbeat of the worker
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
