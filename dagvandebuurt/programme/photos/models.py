"""Tables of photos of speakers and of the consent for them."""

from datetime import datetime
from enum import StrEnum
from typing import cast
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.append_only import only_grows
from dagvandebuurt.core.models import Entity, enum_column, personal

ALT_MAX_CHARS = 160


class SpeakerPhoto(Entity):
    """Photo of a speaker. There is none without consent: taking that back deletes the row.

    The picture is in the database and not in the file store, so that it goes in one transaction, on every machine.
    A changed photo or description gets another id, and so another address: no cache knows it.
    """

    __tablename__ = "speaker_photo"

    speaker_id: Mapped[UUID] = mapped_column(ForeignKey("speaker.id", ondelete="CASCADE"), unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, info=personal("photo"))
    alt: Mapped[str] = mapped_column(String(ALT_MAX_CHARS), default="", info=personal("photo"))
    placed_at: Mapped[datetime] = mapped_column(index=True)


class ConsentBy(StrEnum):
    """Who said it."""

    LINK = "link"  # anyone with the link that the speaker was sent
    ACCOUNT = "account"  # the speaker, logged in
    DESK = "desk"  # an organiser, who says that the speaker agreed
    HOUSE = "house"  # nobody: the photo was old, or the speaker's account was erased


class PhotoConsent(Entity):
    """Consent for a photo was given or taken back. Append-only. `text_version` says to which text."""

    __tablename__ = "photo_consent"

    speaker_id: Mapped[UUID | None] = mapped_column(ForeignKey("speaker.id", ondelete="SET NULL"), index=True)
    is_given: Mapped[bool]
    by: Mapped[ConsentBy] = mapped_column(enum_column(ConsentBy))
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    text_version: Mapped[int]
    at: Mapped[datetime]


only_grows(cast(Table, PhotoConsent.__table__), erasable=("speaker_id", "by_id"))
