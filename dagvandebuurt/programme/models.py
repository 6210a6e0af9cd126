"""Tables of the programme: editions, rounds, sessions, speakers, drafts and releases."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from dagvandebuurt.core.models import Base, Entity, enum_column
from dagvandebuurt.parts.places.names import KEY_MAX_CHARS, name_key
from dagvandebuurt.people.models import Domain
from dagvandebuurt.programme.editing.models import PUBLIC, EditionStatus
from dagvandebuurt.programme.stage.models import StageSource

LOBBY = timedelta(minutes=10)  # the room opens this long before the start


class SessionStatus(StrEnum):
    """Stored status. Whether a session is live now depends on the clock: `phase_of`."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class SessionKind(StrEnum):
    PERFORMANCE = "performance"
    CONVERSATION = "conversation"
    LAUNCH = "launch"
    WORKSHOP = "workshop"
    TABLE = "table"
    MASTERCLASS = "masterclass"
    TALKSHOW = "talkshow"
    MARKET = "market"
    # What these mean, an organiser says (`branding.words`): a few codes for entries of their own.
    OWN_1 = "own_1"
    OWN_2 = "own_2"
    OWN_3 = "own_3"
    OWN_4 = "own_4"
    OWN_5 = "own_5"
    OWN_6 = "own_6"


class Involvement(StrEnum):
    """Level of involvement promised: what happens with attendees' input."""

    INFORM = "inform"
    CONSULT = "consult"
    ADVISE = "advise"
    CO_CREATE = "co_create"


class Phase(StrEnum):
    """Phase of a session at a moment. Computed, never stored."""

    CANCELLED = "cancelled"
    BEFORE = "before"
    LOBBY = "lobby"
    LIVE = "live"
    ENDED = "ended"


def phase_of(status: SessionStatus, starts_at: datetime, ends_at: datetime, moment: datetime) -> Phase:
    """Calculate the phase at `moment`. A session is live from its start up to, not including, its end."""
    if status is SessionStatus.CANCELLED:
        return Phase.CANCELLED
    if moment >= ends_at:
        return Phase.ENDED
    if moment >= starts_at:
        return Phase.LIVE
    return Phase.LOBBY if moment >= starts_at - LOBBY else Phase.BEFORE


class SpeakerPart(StrEnum):
    SPEAKER = "speaker"
    HOST = "host"


class VenueKind(StrEnum):
    ONLINE = "online"
    LOCATION = "location"


class Theme(Entity):
    """Theme of a session. `exchange`, here and below: unknown fields of an imported file, exported again
    unchanged (pass-through).
    """

    __tablename__ = "theme"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    label: Mapped[str] = mapped_column(String(80))
    summary: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    exchange: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")


class Place(Entity):
    """Municipality, or a neighbourhood in one. Never an address."""

    __tablename__ = "place"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))

    # Collated by code point, so that an index serves a search for how a name begins on every database.
    name_key: Mapped[str] = mapped_column(
        String(KEY_MAX_CHARS).with_variant(String(KEY_MAX_CHARS, collation="C"), "postgresql"),
        default="", server_default="", index=True,
    )  # fmt: skip

    parent: Mapped["Place | None"] = relationship(remote_side="Place.id")

    @validates("name")
    def _key_too(self, _key: str, name: str) -> str:
        self.name_key = name_key(name)
        return name

    @property
    def full_name(self) -> str:
        return f"{self.name}, {self.parent.name}" if self.parent else self.name


class Organisation(Entity):
    """Organisation that takes part. `response_days` binds only one that agreed to answer."""

    __tablename__ = "organisation"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    domain: Mapped[Domain] = mapped_column(enum_column(Domain))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))
    about: Mapped[str] = mapped_column(Text, default="", server_default="")
    website: Mapped[str | None] = mapped_column(String(300))
    answers_follow_ups: Mapped[bool]
    response_days: Mapped[int]

    place: Mapped[Place | None] = relationship()


class Speaker(Entity):
    """Speaker at a session or quoted in a lesson, as they want to be introduced."""

    __tablename__ = "speaker"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    function: Mapped[str] = mapped_column(String(120))
    bio: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    exchange: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")

    organisation: Mapped[Organisation | None] = relationship()


class Edition(Entity):
    """Edition of the event. `programme/states.py` says what can happen to it."""

    __tablename__ = "edition"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"),)

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    year: Mapped[int]
    tagline: Mapped[str] = mapped_column(String(160))
    intro: Mapped[str] = mapped_column(Text)
    promise: Mapped[str] = mapped_column(Text)
    tagline_en: Mapped[str] = mapped_column(String(160), default="", server_default="")
    intro_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    promise_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    registration_opens_at: Mapped[datetime]
    registration_closes_at: Mapped[datetime]
    expected_participants: Mapped[int]
    contact_email: Mapped[str] = mapped_column(String(200))
    contact_phone: Mapped[str] = mapped_column(String(40))
    contact_hours: Mapped[str] = mapped_column(String(80))
    programme_version: Mapped[int] = mapped_column(default=1)
    exchange: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    capacity: Mapped[int | None]  # places on the day; None: no limit
    taken: Mapped[int] = mapped_column(default=0)
    status: Mapped[EditionStatus] = mapped_column(enum_column(EditionStatus), default=EditionStatus.DRAFT)
    status_revision: Mapped[int] = mapped_column(default=0)  # rises with every EditionChange
    opens_at: Mapped[datetime | None]  # planned opening
    closed_note: Mapped[str] = mapped_column(String(300), default="")  # what visitors read while it is closed
    preview_nonce: Mapped[str | None] = mapped_column(String(32))  # None: there is no preview link
    # When the last broadcast is over that was not withdrawn; so that most pages need no query for it.
    broadcasts_until: Mapped[datetime | None]
    # Until when an alarm about somebody in danger may concern a reader; the same.
    dangers_until: Mapped[datetime | None]
    # Only registered people support and vote; words, one a line, that hold a question for moderation.
    registered_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    held_words: Mapped[str] = mapped_column(Text, default="", server_default="")

    rounds: Mapped[list["Round"]] = relationship(order_by="Round.starts_at", back_populates="edition")

    @hybrid_property
    def is_open(self) -> bool:
        return self.status in PUBLIC  # visitors see it

    @is_open.inplace.expression
    @classmethod
    def _is_open(cls) -> ColumnElement[bool]:
        return cls.status.in_(PUBLIC)


class DeskChoice(Base):
    """Edition an organiser works on at the desk. No row: the public one."""

    __tablename__ = "desk_choice"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))


class Round(Entity):
    """Round: a part of the day in which sessions run in parallel."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(80))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    edition: Mapped[Edition] = relationship(back_populates="rounds")


class Venue(Entity):
    """Venue of a session: a hall online or, in a hybrid edition, a building people travel to.

    `address` is that of a public building, never of a person.
    """

    __tablename__ = "venue"
    __table_args__ = (UniqueConstraint("edition_id", "name"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[VenueKind] = mapped_column(enum_column(VenueKind), default=VenueKind.ONLINE)
    address: Mapped[str | None] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    capacity: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    exchange: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")


session_theme = Table(
    "session_theme",
    Base.metadata,
    Column("session_id", ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", ForeignKey("theme.id"), primary_key=True),
)


class ProgrammeSession(Entity):
    """Session of the programme. Its id is also that of its live room, and the UID in calendars.

    `sequence` rises when time, place or status changes (RFC 5545, 3.8.7.4), so that calendars that already
    have it update it.
    """

    __tablename__ = "programme_session"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), index=True)
    venue_id: Mapped[UUID | None] = mapped_column(ForeignKey("venue.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    subtitle: Mapped[str] = mapped_column(String(200), default="", server_default="")
    summary: Mapped[str] = mapped_column(Text)
    abstract: Mapped[str] = mapped_column(Text)
    kind: Mapped[SessionKind] = mapped_column(enum_column(SessionKind))
    kind_label: Mapped[str | None] = mapped_column(String(80))  # overrides the label of the kind
    involvement: Mapped[Involvement] = mapped_column(enum_column(Involvement))
    status: Mapped[SessionStatus] = mapped_column(enum_column(SessionStatus), default=SessionStatus.SCHEDULED)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    visitors: Mapped[int | None]  # number of attendees, kept once the attendance rows are deleted
    languages: Mapped[list[str]] = mapped_column(default=lambda: ["nl"], server_default='["nl"]')
    registered_only: Mapped[bool] = mapped_column(default=False, server_default=false())  # supports, votes
    language_level: Mapped[str] = mapped_column(String(8))
    domains: Mapped[list[str]]
    access: Mapped[list[str]]
    interpreters: Mapped[list[str]] = mapped_column(
        default=list, server_default="[]"
    )  # languages translated into
    ask_ahead: Mapped[str | None] = mapped_column(Text)
    stage_url: Mapped[str | None] = mapped_column(String(300))
    exchange: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]

    edition: Mapped[Edition] = relationship()
    round: Mapped[Round] = relationship()
    venue: Mapped[Venue | None] = relationship()
    sources: Mapped[list[StageSource]] = relationship(
        order_by="StageSource.position", cascade="all, delete-orphan", passive_deletes=True
    )
    themes: Mapped[list[Theme]] = relationship(secondary=session_theme, order_by=Theme.position)
    parts: Mapped[list["SessionSpeaker"]] = relationship(
        order_by="SessionSpeaker.position", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def opens_at(self) -> datetime:
        """Return when its room opens."""
        return self.starts_at - LOBBY

    def phase_at(self, moment: datetime) -> Phase:
        return phase_of(self.status, self.starts_at, self.ends_at, moment)

    @property
    def speakers(self) -> list[Speaker]:
        return [part.speaker for part in self.parts if part.part is SpeakerPart.SPEAKER]

    @property
    def hosts(self) -> list[Speaker]:
        return [part.speaker for part in self.parts if part.part is SpeakerPart.HOST]

    @property
    def host(self) -> Speaker | None:
        return next(iter(self.hosts), None)


class SessionSpeaker(Base):
    """Role of a speaker in a session."""

    __tablename__ = "session_speaker"

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True
    )
    speaker_id: Mapped[UUID] = mapped_column(ForeignKey("speaker.id"), primary_key=True)
    part: Mapped[SpeakerPart] = mapped_column(enum_column(SpeakerPart), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)

    speaker: Mapped[Speaker] = relationship()


class DraftEntry(Entity):
    """Unpublished changes to one thing of the programme, visible to editors only until the next release.

    `values` holds the fields that change, all of them for a new thing: what is changed at once meanwhile (a
    session that moves) is therefore not undone. `revision` rises at every save, to detect edit conflicts.
    """

    __tablename__ = "programme_draft"
    __table_args__ = (UniqueConstraint("edition_id", "kind", "thing_id"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[UUID]
    is_new: Mapped[bool]
    values: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class ProgrammeRelease(Entity):
    """Published version of an edition's programme: its number, its public notes and its changes. Append-only."""

    __tablename__ = "programme_release"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    number: Mapped[int]
    note: Mapped[str] = mapped_column(Text)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    published_at: Mapped[datetime]
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
