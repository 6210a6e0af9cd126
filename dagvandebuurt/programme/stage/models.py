"""Tables of the stage: alternatives and recordings of a session, besides its main address."""

from datetime import datetime
from enum import StrEnum
from typing import cast
from uuid import UUID

from sqlalchemy import ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.append_only import only_grows
from dagvandebuurt.core.models import Entity, enum_column, personal


class Purpose(StrEnum):
    SIGN_LANGUAGE = "sign_language"
    AUDIO_ONLY = "audio_only"
    RECORDING = "recording"


class CaptionsFrom(StrEnum):
    """Source of the captions of a recording."""

    NOWHERE = "nowhere"
    TYPED = "typed"  # live captions by a captioner
    FILE = "file"


class StageSource(Entity):
    """Alternative during the session, or a recording of it afterwards.

    `captions` is WebVTT, for captions from a file. `captions_offset` is how many seconds later than written
    they belong in the recording: negative when it begins after the session did.
    """

    __tablename__ = "stage_source"

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose))
    address: Mapped[str] = mapped_column(String(300))
    label: Mapped[str] = mapped_column(String(120), default="")
    position: Mapped[int] = mapped_column(default=0)
    captions_from: Mapped[CaptionsFrom] = mapped_column(
        enum_column(CaptionsFrom), default=CaptionsFrom.NOWHERE
    )
    captions_offset: Mapped[float] = mapped_column(default=0.0)
    captions: Mapped[str | None] = mapped_column(Text, info=personal("captions"))


class StageHostChange(Entity):
    """A host was allowed to show video in session pages, or no longer. Append-only: the last change of a host
    counts, before that the settings do.
    """

    __tablename__ = "stage_host_change"

    number: Mapped[int] = mapped_column(unique=True)
    host: Mapped[str] = mapped_column(String(253))  # as in punycode
    is_allowed: Mapped[bool]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


only_grows(cast(Table, StageHostChange.__table__), erasable=("changed_by_id",))
