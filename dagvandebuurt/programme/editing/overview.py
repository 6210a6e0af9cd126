"""What an organiser has on the table: the programme as published, as drafted, and what does not fit."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.text import slug_of
from dagvandebuurt.programme.editing.conflicts import Clash, about, clashes
from dagvandebuurt.programme.editing.load import draft_entries, drafted, published
from dagvandebuurt.programme.editing.snapshot import Difference, Key, Kind, Plan, Planned, differences
from dagvandebuurt.programme.models import DraftEntry, Edition, ProgrammeRelease, ProgrammeSession

ROOM_FOR_A_NUMBER = 4
# In an address, for what has a name without a letter in it.
UNNAMED = {
    Kind.ORGANISATION: "organisatie",
    Kind.THEME: "thema",
    Kind.SPEAKER: "spreker",
    Kind.ROUND: "ronde",
    Kind.SESSION: "sessie",
}


@dataclass(frozen=True)
class Desk:
    """One look at the whole, in a fixed number of queries however much there is."""

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
        """Sessions whose day, hour, place or going on changes for people who chose them."""
        return [each for each in self.changed.values() if each.moves and not each.is_new]

    def thing(self, kind: Kind, thing_id: UUID) -> Planned | None:
        """As it will be: drafted, or else published."""
        found: Planned | None = self.after.things[kind].get(thing_id)
        return found

    def is_published(self, kind: Kind, thing_id: UUID) -> bool:
        return thing_id in self.before.things[kind]

    def with_this(self, kind: Kind, thing_id: UUID, thing: Planned) -> Plan:
        """The programme as it would be with this thing as somebody types it."""
        things = {each: dict(found) for each, found in self.after.things.items()}
        things[kind][thing_id] = thing
        return Plan(self.edition.id, things)


def desk_of(edition: Edition) -> Desk:
    before = published(edition)
    return Desk(edition, before, drafted(edition, over=before))


def revisions_of(edition: Edition) -> dict[Key, DraftEntry]:
    """The drafts as they are kept, by what they are about."""
    return {(Kind(entry.kind), entry.thing_id): entry for entry in draft_entries(edition)}


def releases_of(edition: Edition) -> list[ProgrammeRelease]:
    """The published versions, newest first."""
    return list(
        db.session.scalars(
            select(ProgrammeRelease)
            .where(ProgrammeRelease.edition_id == edition.id)
            .order_by(ProgrammeRelease.number.desc())
        )
    )


def free_code(kind: Kind, thing_id: UUID, text: str, plan: Plan, *, most: int) -> str:
    """What a new thing is called in addresses and files: from its name, and nobody else's."""
    name = "slug" if kind is Kind.SESSION else "code"
    taken = {getattr(thing, name) for key, thing in plan.things[kind].items() if key != thing_id}
    if kind is Kind.SESSION:  # an address is one over all editions
        others = select(ProgrammeSession.slug).where(ProgrammeSession.id != thing_id)
        taken |= set(db.session.scalars(others))
    return first_free(slug_of(text)[: most - ROOM_FOR_A_NUMBER].strip("-") or UNNAMED[kind], taken)


def first_free(wanted: str, taken: Collection[str]) -> str:
    """`wanted`, with a number where somebody has it already."""
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found
