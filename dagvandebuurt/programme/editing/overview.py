"""Overview of the desk: the published programme, the draft, and its conflicts."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.text import slug_of
from dagvandebuurt.programme.editing.conflicts import Clash, about, clashes
from dagvandebuurt.programme.editing.load import draft_entries, drafted, published
from dagvandebuurt.programme.editing.snapshot import Difference, Key, Plan, Planned, RecordKind, differences
from dagvandebuurt.programme.models import DraftEntry, Edition, ProgrammeRelease, ProgrammeSession

ROOM_FOR_A_NUMBER = 4
# Slug prefix for a name without any letter.
UNNAMED = {
    RecordKind.ORGANISATION: "organisatie",
    RecordKind.THEME: "thema",
    RecordKind.SPEAKER: "spreker",
    RecordKind.ROUND: "ronde",
    RecordKind.SESSION: "sessie",
}


@dataclass(frozen=True)
class Desk:
    """State of an edition on the desk, loaded in a fixed number of queries."""

    edition: Edition
    before: Plan
    after: Plan

    @cached_property
    def changed(self) -> dict[Key, Difference]:
        return {(each.kind, each.thing_id): each for each in differences(self.before, self.after)}

    @cached_property
    def clashes(self) -> list[Clash]:
        return clashes(self.after)

    def clashes_of(self, thing_id: UUID) -> list[Clash]:
        return about(thing_id, self.clashes)

    @cached_property
    def moving(self) -> list[Difference]:
        """Return sessions whose time, place or cancellation changes for people who chose them."""
        return [each for each in self.changed.values() if each.moves and not each.is_new]

    def thing(self, kind: RecordKind, thing_id: UUID) -> Planned | None:
        """Return a thing as drafted, else as published."""
        found: Planned | None = self.after.things[kind].get(thing_id)
        return found

    def is_published(self, kind: RecordKind, thing_id: UUID) -> bool:
        return thing_id in self.before.things[kind]

    def with_this(self, kind: RecordKind, thing_id: UUID, thing: Planned) -> Plan:
        """Return the programme with this thing as somebody types it."""
        things = {each: dict(found) for each, found in self.after.things.items()}
        things[kind][thing_id] = thing
        return Plan(self.edition.id, things)


def desk_of(edition: Edition) -> Desk:
    before = published(edition)
    return Desk(edition, before, drafted(edition, over=before))


def revisions_of(edition: Edition) -> dict[Key, DraftEntry]:
    """Return the stored drafts, by what they are about."""
    return {(RecordKind(entry.kind), entry.thing_id): entry for entry in draft_entries(edition)}


def releases_of(edition: Edition) -> list[ProgrammeRelease]:
    """Return the releases, newest first."""
    return list(
        db.session.scalars(
            select(ProgrammeRelease)
            .where(ProgrammeRelease.edition_id == edition.id)
            .order_by(ProgrammeRelease.number.desc())
        )
    )


def free_code(kind: RecordKind, thing_id: UUID, text: str, plan: Plan, *, most: int) -> str:
    """Make a unique slug or code for a new thing, from its name."""
    name = "slug" if kind is RecordKind.SESSION else "code"
    taken = {getattr(thing, name) for key, thing in plan.things[kind].items() if key != thing_id}
    if kind is RecordKind.SESSION:  # a slug is unique over all editions
        others = select(ProgrammeSession.slug).where(ProgrammeSession.id != thing_id)
        taken |= set(db.session.scalars(others))
    return first_free(slug_of(text)[: most - ROOM_FOR_A_NUMBER].strip("-") or UNNAMED[kind], taken)


def first_free(wanted: str, taken: Collection[str]) -> str:
    """Return `wanted`, with a number when it is taken."""
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found
