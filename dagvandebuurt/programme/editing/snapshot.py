"""Snapshot of a programme: one plain data model for published, drafted, imported and exported programmes.

A thing has a kind and an id; its values are JSON. Forms, files and diffs all work on this model, and only
`apply` turns it into rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from dagvandebuurt.people.models import Domain
from dagvandebuurt.programme.models import Involvement, SessionKind, SessionStatus, VenueKind


class RecordKind(StrEnum):
    """Kinds of things in dependency order: what is referred to comes first."""

    EDITION = "edition"
    ORGANISATION = "organisation"
    THEME = "theme"
    VENUE = "venue"
    SPEAKER = "speaker"
    ROUND = "round"
    SESSION = "session"


Exchange = dict[str, Any]


class Planned(BaseModel):
    """Thing of a programme. Unknown fields are refused; timestamps have a zone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @property
    def name_of_it(self) -> str:
        """Return its display name."""
        return str(next(getattr(self, name) for name in ("title", "name", "label") if hasattr(self, name)))

    def values(self) -> dict[str, Any]:
        """Return its values as JSON types."""
        return self.model_dump(mode="json")


class EditionPlan(Planned):
    title: str = Field(min_length=1, max_length=120)
    tagline: str = Field("", max_length=160)
    intro: str = ""
    promise: str = ""
    tagline_en: str = Field("", max_length=160)
    intro_en: str = ""
    promise_en: str = ""
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    registration_opens_at: AwareDatetime
    registration_closes_at: AwareDatetime
    expected_participants: int = Field(0, ge=0, le=1_000_000)
    contact_email: str = Field("", max_length=200)
    contact_phone: str = Field("", max_length=40)
    contact_hours: str = Field("", max_length=80)
    exchange: Exchange = {}


class OrganisationPlan(Planned):
    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    kind: str = Field("", max_length=40)
    domain: Domain = Domain.WELFARE
    about: str = ""
    website: str | None = Field(None, max_length=300)
    answers_follow_ups: bool = False
    response_days: int = Field(28, ge=1, le=365)


class ThemePlan(Planned):
    code: str = Field(min_length=1, max_length=40)
    label: str = Field(min_length=1, max_length=80)
    summary: str = ""
    position: int = 0
    exchange: Exchange = {}


class VenuePlan(Planned):
    name: str = Field(min_length=1, max_length=120)
    kind: VenueKind = VenueKind.ONLINE
    address: str | None = Field(None, max_length=200)
    description: str = ""
    capacity: int | None = Field(None, ge=1, le=100_000)
    position: int = 0
    exchange: Exchange = {}


class SpeakerPlan(Planned):
    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=100)
    function: str = Field("", max_length=120)
    bio: str = ""
    organisation: UUID | None = None
    exchange: Exchange = {}


class RoundPlan(Planned):
    code: str = Field(min_length=1, max_length=40)
    label: str = Field(min_length=1, max_length=80)
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class SessionPlan(Planned):
    slug: str = Field(min_length=1, max_length=80)
    title: str = Field(min_length=1, max_length=160)
    subtitle: str = Field("", max_length=200)
    summary: str = ""
    abstract: str = ""
    kind: SessionKind = SessionKind.WORKSHOP
    kind_label: str | None = Field(None, max_length=80)
    involvement: Involvement = Involvement.CONSULT
    status: SessionStatus = SessionStatus.SCHEDULED
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    capacity: int | None = Field(None, ge=1, le=100_000)
    languages: list[Annotated[str, Field(max_length=20)]] = ["nl"]
    language_level: str = Field("B1", max_length=8)
    domains: list[Domain] = []
    access: list[Annotated[str, Field(max_length=40)]] = []
    interpreters: list[Annotated[str, Field(max_length=20)]] = []
    ask_ahead: str | None = None
    stage_url: str | None = Field(None, max_length=300)
    round: UUID
    venue: UUID | None = None
    themes: list[UUID] = []
    speakers: list[UUID] = []
    hosts: list[UUID] = []
    exchange: Exchange = {}


SHAPES: Mapping[RecordKind, type[Planned]] = {
    RecordKind.EDITION: EditionPlan,
    RecordKind.ORGANISATION: OrganisationPlan,
    RecordKind.THEME: ThemePlan,
    RecordKind.VENUE: VenuePlan,
    RecordKind.SPEAKER: SpeakerPlan,
    RecordKind.ROUND: RoundPlan,
    RecordKind.SESSION: SessionPlan,
}
# Changing one of these updates the session in every calendar (RFC 5545, 3.8.7.4).
MOVES = frozenset({"starts_at", "ends_at", "venue", "status"})
Key = tuple[RecordKind, UUID]


@dataclass(frozen=True)
class Plan:
    """Whole programme: every thing by kind and id."""

    edition_id: UUID
    things: dict[RecordKind, dict[UUID, Any]] = field(
        default_factory=lambda: {kind: {} for kind in RecordKind}
    )

    @property
    def edition(self) -> EditionPlan:
        found: EditionPlan = self.things[RecordKind.EDITION][self.edition_id]
        return found

    @property
    def sessions(self) -> dict[UUID, SessionPlan]:
        return self.things[RecordKind.SESSION]

    def named(self, kind: RecordKind, thing_id: UUID | None) -> str:
        """Return the name of a thing of this plan; empty when there is none."""
        thing = self.things[kind].get(thing_id) if thing_id is not None else None
        return thing.name_of_it if thing is not None else ""

    def items(self) -> Iterator[tuple[Key, Any]]:
        for kind in RecordKind:
            for thing_id, thing in self.things[kind].items():
                yield (kind, thing_id), thing


@dataclass(frozen=True)
class FieldChange:
    """Change of a field. `before` and `after` are JSON; `before` is None for a new thing."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """Changes of one thing."""

    kind: RecordKind
    thing_id: UUID
    title: str
    is_new: bool
    fields: tuple[FieldChange, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(each.name for each in self.fields)

    @property
    def moves(self) -> bool:
        """Tell whether calendars must be updated."""
        return self.kind is RecordKind.SESSION and bool(self.names & MOVES)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "id": str(self.thing_id),
            "title": self.title,
            "is_new": self.is_new,
            "fields": [{"name": f.name, "before": f.before, "after": f.after} for f in self.fields],
        }


def differences(before: Plan, after: Plan) -> list[Difference]:
    """Return what `after` changes, in the order of RecordKind.

    Things only in `before` are no difference: a plan does not delete what it leaves out.
    """
    found = []
    for (kind, thing_id), thing in after.items():
        earlier = before.things[kind].get(thing_id)
        if earlier == thing:
            continue
        old, new = earlier.values() if earlier is not None else {}, thing.values()
        fields = tuple(
            FieldChange(name, old.get(name), value) for name, value in new.items() if old.get(name) != value
        )
        if fields or earlier is None:
            found.append(Difference(kind, thing_id, thing.name_of_it, earlier is None, fields))
    return found


def moment(text: str) -> datetime:
    """Parse a timestamp of JSON. Raises ValueError."""
    return datetime.fromisoformat(text)
