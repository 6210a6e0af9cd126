"""The day as it is planned."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Base, Entity, words
from dagvandebuurt.people.models import Domain
from dagvandebuurt.programme.stage.models import StageSource

LOBBY = timedelta(minutes=10)  # the door opens this long before the start


class SessionStatus(StrEnum):
    """Stored. Whether a session is live now is asked of the clock, not of this."""

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


class Involvement(StrEnum):
    """The promise: what happens with what people bring in."""

    INFORM = "inform"
    CONSULT = "consult"
    ADVISE = "advise"
    CO_CREATE = "co_create"


class Phase(StrEnum):
    """Where a session is at a moment. Computed, never stored."""

    CANCELLED = "cancelled"
    BEFORE = "before"
    LOBBY = "lobby"
    LIVE = "live"
    ENDED = "ended"


def phase_of(status: SessionStatus, starts_at: datetime, ends_at: datetime, moment: datetime) -> Phase:
    """Where a session is at `moment`. It is live from its start up to, not at, its end."""
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
    """What it is about. `exchange`, here and below: what another system said of it in an exchange file and
    we have no use for, kept to be given back."""

    __tablename__ = "theme"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    label: Mapped[str] = mapped_column(String(80))
    summary: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    exchange: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")


class Place(Entity):
    """A municipality, or a neighbourhood in one. Never an address."""

    __tablename__ = "place"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))

    parent: Mapped["Place | None"] = relationship(remote_side="Place.id")


class Organisation(Entity):
    """A body that takes part. `response_days` binds only one that agreed to answer."""

    __tablename__ = "organisation"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    domain: Mapped[Domain] = mapped_column(words(Domain))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))
    about: Mapped[str] = mapped_column(Text, default="", server_default="")
    website: Mapped[str | None] = mapped_column(String(300))
    answers_follow_ups: Mapped[bool]
    response_days: Mapped[int]

    place: Mapped[Place | None] = relationship()


class Speaker(Entity):
    """Somebody on a stage or quoted in a lesson, as they want to be introduced."""

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
    """One Dag van de Buurt. Until it `is_open` only its makers see anything of it."""

    __tablename__ = "edition"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"),)

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    year: Mapped[int]
    tagline: Mapped[str] = mapped_column(String(160))
    intro: Mapped[str] = mapped_column(Text)
    promise: Mapped[str] = mapped_column(Text)
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
    capacity: Mapped[int | None]  # places on the day; None: whoever wants to come
    taken: Mapped[int] = mapped_column(default=0)
    is_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Only who registered supports and votes. Words, one a line, that hold a question for a moderator.
    registered_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    held_words: Mapped[str] = mapped_column(Text, default="", server_default="")

    rounds: Mapped[list["Round"]] = relationship(order_by="Round.starts_at", back_populates="edition")


class DeskChoice(Base):
    """Which edition an organiser works on at the desk. No row: the one that visitors see first."""

    __tablename__ = "desk_choice"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))


class Round(Entity):
    """A part of the day in which sessions run side by side."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(80))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    edition: Mapped[Edition] = relationship(back_populates="rounds")


class Venue(Entity):
    """Where a session is held: a hall online or, in a hybrid edition, a building people travel to.

    `address` is that of a building for the public, never somebody's own.
    """

    __tablename__ = "venue"
    __table_args__ = (UniqueConstraint("edition_id", "name"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[VenueKind] = mapped_column(words(VenueKind), default=VenueKind.ONLINE)
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
    """One item of the programme. Its id is also that of its live room, and the UID in calendars.

    `sequence` rises when time, place or status changes (RFC 5545, 3.8.7.4), so that calendars that
    already have it move along.
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
    kind: Mapped[SessionKind] = mapped_column(words(SessionKind))
    kind_label: Mapped[str | None] = mapped_column(String(80))  # where another word fits better
    involvement: Mapped[Involvement] = mapped_column(words(Involvement))
    status: Mapped[SessionStatus] = mapped_column(words(SessionStatus), default=SessionStatus.SCHEDULED)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    visitors: Mapped[int | None]  # how many were there, once nobody knows any more who
    languages: Mapped[list[str]] = mapped_column(default=lambda: ["nl"], server_default='["nl"]')
    registered_only: Mapped[bool] = mapped_column(default=False, server_default=false())  # supports, votes
    language_level: Mapped[str] = mapped_column(String(8))
    domains: Mapped[list[str]]
    access: Mapped[list[str]]
    interpreters: Mapped[list[str]] = mapped_column(default=list, server_default="[]")  # into these languages
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
        """When its room opens."""
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
    """Who does what in a session."""

    __tablename__ = "session_speaker"

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True
    )
    speaker_id: Mapped[UUID] = mapped_column(ForeignKey("speaker.id"), primary_key=True)
    part: Mapped[SpeakerPart] = mapped_column(words(SpeakerPart), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)

    speaker: Mapped[Speaker] = relationship()


class DraftEntry(Entity):
    """What will be different about one thing of the programme, at the next publishing. Nobody but its makers
    sees it until then.

    `values` holds the fields that change, all of them for a thing that is new: so what is changed at once
    meanwhile (a session that moves) is not undone. `revision` rises at every save: who saves on top of what
    they have not seen is told.
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
    """One published version of an edition's programme: its number, what was said about it in public, and
    what became different. Only grows."""

    __tablename__ = "programme_release"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    number: Mapped[int]
    note: Mapped[str] = mapped_column(Text)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    published_at: Mapped[datetime]
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class ImportState(StrEnum):
    """How far an imported file is. What waits is picked up by whoever works; what is done holds no file."""

    WAITING = "waiting"
    READING = "reading"
    READY = "ready"  # to be looked at, and confirmed or thrown away
    FAILED = "failed"
    CONFIRMED = "confirmed"
    SAVING = "saving"
    DONE = "done"


class ProgrammeImport(Entity):
    """A programme in a file that somebody is bringing in: for an hour, and only theirs to see.

    `done` of `total` sessions are read; `summary` is what the preview shows, `choices` what was decided.
    """

    __tablename__ = "programme_import"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    filename: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[ImportState] = mapped_column(words(ImportState), default=ImportState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    beat_at: Mapped[datetime]  # when somebody worked on it last
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
