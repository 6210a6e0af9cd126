"""Tables of the checklists and of the technical checks."""

from datetime import datetime
from enum import StrEnum
from typing import cast
from uuid import UUID

from sqlalchemy import ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.append_only import only_grows
from dagvandebuurt.core.models import Entity, enum_column, personal
from dagvandebuurt.people.models import Person, Role

SENTENCE_MAX_CHARS = 200
NOTE_MAX_CHARS = 300


class ChecklistItem(Entity):
    """Item that an organiser added to the checklist of a role, for one edition. `due_days` counts from the day:
    when that moves, the item moves along."""

    __tablename__ = "checklist_item"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    due_days: Mapped[int]
    sentence: Mapped[str] = mapped_column(String(SENTENCE_MAX_CHARS))
    added_at: Mapped[datetime]
    added_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    removed_at: Mapped[datetime | None]


class ChecklistTick(Entity):
    """An item of a checklist was ticked, or its tick was taken away. Append-only.

    `code` names a standard item, or is the id of an added one. Where everybody ticks for themselves, `by_id` says
    whose tick it is; erasing that person leaves a tick of nobody, which no longer counts there.
    """

    __tablename__ = "checklist_tick"
    __table_args__ = (UniqueConstraint("edition_id", "code", "number"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    is_done: Mapped[bool]
    at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    by: Mapped[Person | None] = relationship()


class TechCheckOutcome(StrEnum):
    WORKS = "works"
    NEEDS_HELP = "needs_help"


class TechCheck(Entity):
    """What a speaker or host said after trying picture, sound and connection. The newest counts; earlier ones stay
    until they are old."""

    __tablename__ = "tech_check"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    speaker_id: Mapped[UUID] = mapped_column(ForeignKey("speaker.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[TechCheckOutcome] = mapped_column(enum_column(TechCheckOutcome))
    note: Mapped[str] = mapped_column(String(NOTE_MAX_CHARS), info=personal("tech_check"))
    at: Mapped[datetime]


only_grows(cast(Table, ChecklistTick.__table__), erasable=("by_id",))
