"""Loading of snapshots: the published programme, and the draft (published with the drafts applied)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import Domain
from dagvandebuurt.programme.editing.snapshot import (
    SHAPES,
    Difference,
    Plan,
    Planned,
    RecordKind,
    differences,
)
from dagvandebuurt.programme.models import (
    DraftEntry,
    Edition,
    Organisation,
    ProgrammeSession,
    Round,
    SessionSpeaker,
    Speaker,
    SpeakerPart,
    Theme,
    Venue,
)

MODELS: Mapping[RecordKind, type[Any]] = {
    RecordKind.EDITION: Edition,
    RecordKind.ORGANISATION: Organisation,
    RecordKind.THEME: Theme,
    RecordKind.VENUE: Venue,
    RecordKind.SPEAKER: Speaker,
    RecordKind.ROUND: Round,
    RecordKind.SESSION: ProgrammeSession,
}
# Reference in a snapshot → foreign key column.
REFERENCES = {"organisation": "organisation_id", "round": "round_id", "venue": "venue_id"}
LISTS = frozenset({"themes", "speakers", "hosts"})  # stored in tables of their own


def published(edition: Edition) -> Plan:
    """Load the published programme, in a fixed number of queries."""
    plan = Plan(edition.id)
    plan.things[RecordKind.EDITION][edition.id] = planned(RecordKind.EDITION, edition)
    for kind in (RecordKind.ORGANISATION, RecordKind.THEME, RecordKind.SPEAKER):
        for row in db.session.scalars(select(MODELS[kind]).order_by(MODELS[kind].code)):
            plan.things[kind][row.id] = planned(kind, row)
    for row in db.session.scalars(
        select(Venue).where(Venue.edition_id == edition.id).order_by(Venue.position, Venue.name)
    ):
        plan.things[RecordKind.VENUE][row.id] = planned(RecordKind.VENUE, row)
    for row in db.session.scalars(
        select(Round).where(Round.edition_id == edition.id).order_by(Round.starts_at, Round.code)
    ):
        plan.things[RecordKind.ROUND][row.id] = planned(RecordKind.ROUND, row)
    for row in db.session.scalars(
        select(ProgrammeSession)
        .where(ProgrammeSession.edition_id == edition.id)
        .options(selectinload(ProgrammeSession.themes), selectinload(ProgrammeSession.parts))
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title, ProgrammeSession.id)
    ):
        plan.things[RecordKind.SESSION][row.id] = planned(RecordKind.SESSION, row)
    return plan


def planned(kind: RecordKind, row: Any) -> Planned:
    """Convert a row to its form in a snapshot."""
    shape = SHAPES[kind]
    values = {
        name: getattr(row, REFERENCES.get(name, name)) for name in shape.model_fields if name not in LISTS
    }
    if kind is RecordKind.SESSION:
        values["domains"] = [Domain(each) for each in row.domains]
        values["themes"] = [theme.id for theme in row.themes]
        values["speakers"] = _who(row.parts, SpeakerPart.SPEAKER)
        values["hosts"] = _who(row.parts, SpeakerPart.HOST)
    return shape.model_construct(**values)


def _who(parts: Sequence[SessionSpeaker], part: SpeakerPart) -> list[UUID]:
    return [each.speaker_id for each in parts if each.part is part]


def draft_entries(edition: Edition) -> Sequence[DraftEntry]:
    """Return the drafts, oldest first."""
    return db.session.scalars(
        select(DraftEntry)
        .where(DraftEntry.edition_id == edition.id)
        .order_by(DraftEntry.changed_at, DraftEntry.id)
        .execution_options(populate_existing=True)
    ).all()


def draft_of(edition: Edition, kind: RecordKind, thing_id: UUID) -> DraftEntry | None:
    return db.session.scalar(
        select(DraftEntry)
        .where(DraftEntry.edition_id == edition.id, DraftEntry.kind == kind, DraftEntry.thing_id == thing_id)
        .execution_options(populate_existing=True)
    )


def drafted(edition: Edition, *, over: Plan | None = None) -> Plan:
    """Return the programme as it would be if it were published now."""
    before = over or published(edition)
    plan = Plan(edition.id, {kind: dict(things) for kind, things in before.things.items()})
    for entry in draft_entries(edition):
        kind = RecordKind(entry.kind)
        earlier = plan.things[kind].get(entry.thing_id)
        try:
            plan.things[kind][entry.thing_id] = laid_over(kind, earlier, entry.values)
        except ValidationError:
            continue  # of a thing that was deleted
    return plan


def laid_over(kind: RecordKind, earlier: Planned | None, values: Mapping[str, Any]) -> Planned:
    """Return `earlier` with these values replaced. Raises ValidationError when the result is invalid."""
    # Through JSON types: drafts are stored as JSON, published values are Python objects.
    return SHAPES[kind].model_validate({**(earlier.values() if earlier is not None else {}), **values})


def to_come(edition: Edition) -> list[Difference]:
    """Return what publishing would change now."""
    before = published(edition)
    return differences(before, drafted(edition, over=before))
