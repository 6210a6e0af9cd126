"""Live items: versioned state with the revision at which each item last changed.

A section registers a source for each kind of live item. A client at revision r receives what changed since
r; a new client asks since 0. No item depends on an earlier message: it replaces an older version of the same
id, so a lost, duplicate or late message cannot harm.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Executable, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.live.models import LiveRoom

Item = dict[str, Any]  # always with `kind`, `id` and `revision`; `gone: true` is a tombstone
OwnItems = Mapping[UUID, Sequence[Item]]


class OwnChanges(NamedTuple):
    """Whose own items changed, and how to make those of some of them: few askers are connected to this process."""

    people: frozenset[UUID]
    items_of: Callable[[Collection[UUID]], OwnItems]


@dataclass
class Changes:
    """Changes of one room per audience; `own` per person, made only for those who are asked for."""

    hall: list[Item] = field(default_factory=list)
    desk: list[Item] = field(default_factory=list)
    own: list[OwnChanges] = field(default_factory=list)

    def of(self, audience: Audience) -> list[Item]:
        return self.desk if audience is Audience.DESK else self.hall

    def add(self, other: "Changes") -> None:
        self.hall += other.hall
        self.desk += other.desk
        self.own += other.own

    @property
    def people(self) -> frozenset[UUID]:
        """Everybody whose own items changed."""
        return frozenset().union(*(each.people for each in self.own))

    def own_of(self, people: Collection[UUID]) -> dict[UUID, list[Item]]:
        """Return the own items of these people; those without any are left out."""
        found: dict[UUID, list[Item]] = {}
        for each in self.own:
            if wanted := each.people.intersection(people):
                for person_id, its in each.items_of(wanted).items():
                    found.setdefault(person_id, []).extend(its)
        return found


class ItemSource(Protocol):
    """Source of one kind of live item, implemented by a section."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        """Return every item with a revision above `since`. For `since` 0 no tombstones are needed."""
        ...

    def mine_of(self, room_id: UUID, actors: Sequence[Any]) -> Sequence[dict[str, Any]]:
        """Return per person what only they may see here: their own items, what they supported.

        In the same order, with as many queries for a thousand as for one. None of them is anonymous.
        """
        ...


# The column with the room and the one with the revision, of a table that items are made of.
Versions = tuple[InstrumentedAttribute[Any], InstrumentedAttribute[Any]]


class Registration(NamedTuple):
    """How a source was registered."""

    extra: str
    versions: Sequence[Versions]


_sources: dict[ItemSource, Registration] = {}


def register(source: ItemSource, *, extra: str = "", versions: Sequence[Versions] = ()) -> None:
    """Add a source of live items. Idempotent.

    `extra` names the optional part of a room that it belongs to: it is asked only for rooms where that part was
    ever turned on, so that it costs the others nothing. `versions` names every revision that its items may have:
    a source is asked for changes only when one of them is newer. Without any it is always asked.
    """
    _sources.setdefault(source, Registration(extra, tuple(versions)))
    _newer.cache_clear()


def turn_on(room_id: UUID, extra: str) -> None:
    """Let a room use an optional part from now on. Idempotent. The caller holds the lock on the room."""
    room = db.session.execute(select(LiveRoom.extras).where(LiveRoom.id == room_id)).first()
    if room is not None and extra not in room.extras.split():
        db.session.execute(
            update(LiveRoom)
            .where(LiveRoom.id == room_id)
            .values(extras=f"{room.extras} {extra}".strip())
            .execution_options(synchronize_session=False)
        )


@dataclass(frozen=True)
class State:
    """Revision counter of a room at one moment."""

    epoch: str
    revision: int
    extras: str = ""

    def uses(self, extra: str) -> bool:
        """Return whether an optional part was ever turned on in this room."""
        return extra in self.extras.split()


def state_of(room_id: UUID) -> State:
    """Return the revision counter of a room. Raises NotFound for an unknown room."""
    row = db.session.execute(
        select(LiveRoom.epoch, LiveRoom.revision, LiveRoom.extras).where(LiveRoom.id == room_id)
    ).first()
    if row is None:
        raise NotFound
    return State(str(row.epoch), row.revision, row.extras)


def states_of(room_ids: list[UUID]) -> dict[UUID, State]:
    """Return the counters of many rooms in one query."""
    rows = db.session.execute(
        select(LiveRoom.id, LiveRoom.epoch, LiveRoom.revision, LiveRoom.extras).where(
            LiveRoom.id.in_(room_ids)
        )
    )
    return {row.id: State(str(row.epoch), row.revision, row.extras) for row in rows}


def changes_since(room_id: UUID, since: int, state: State | None = None) -> Changes:
    """Return what changed in the room after revision `since`, from every source.

    Read the room's `state` *before* this: what commits in between is then sent twice, never lost. With it, the
    sources of optional parts that this room does not use are not asked.
    """
    found = Changes()
    used = [
        source
        for source, (extra, _versions) in _sources.items()
        if not extra or state is None or state.uses(extra)
    ]
    quiet = _quiet(used, room_id, since) if since > FIRST_REVISION else set()
    for source in used:
        if source not in quiet:
            found.add(source.changes(room_id, since))
    return found


def _quiet(sources: Sequence[ItemSource], room_id: UUID, since: int) -> set[ItemSource]:
    """Return those of these sources that have nothing newer: one query for all, where each would take its own.

    What commits after this query has a revision above the room's `state`, so the next turn sends it.
    """
    asked = tuple(source for source in sources if _sources[source].versions)
    if not asked:
        return set()
    row = db.session.execute(_newer(asked), {"room": room_id, "since": since}).one()
    return {source for source, is_newer in zip(asked, row, strict=True) if not is_newer}


@lru_cache(maxsize=64)  # by which optional parts a room uses
def _newer(sources: tuple[ItemSource, ...]) -> Executable:
    """Return the query that tells for each source whether it has something newer than a revision."""
    return select(
        *(
            _has_newer(_sources[source].versions).label(f"newer_{number}")
            for number, source in enumerate(sources)
        )
    )


def _has_newer(versions: Sequence[Versions]) -> ColumnElement[bool]:
    room: BindParameter[UUID] = bindparam("room")
    since: BindParameter[int] = bindparam("since")
    return or_(*(exists().where(and_(of_room == room, revision > since)) for of_room, revision in versions))


FIRST_REVISION = 1  # of a room without any writes yet


def told_to(audience: Audience, found: Iterable[Item], *, since: int, state: State) -> int:
    """Return the revision an audience has reached when it receives `found`, which changed after `since`.

    Moderators see everything, so they are at the room's own revision. The hall gets the newest revision
    among the items that it may see, and otherwise the one it had: with the room's own counter anybody could
    count the pending items by asking twice. Items committed after `state` was read do not count, because
    others of the same commit may be missing here.
    """
    if audience is Audience.DESK:
        return state.revision
    newest: Iterable[int] = (item["revision"] for item in found if item["revision"] <= state.revision)
    return max(since, FIRST_REVISION, *newest)


def since_for(audience: Audience, room_id: UUID, since: int, state: State) -> list[Item] | None:
    """Return what changed for an audience after `since`; None if that revision was never sent to anybody.

    Then it is of a database that has been restored from a backup since, and the client needs everything. For
    the hall this may not depend on the room's own counter (see `told_to`): it only receives revisions of
    items that it can see, or could, so one of them stands at `since` or behind it.
    """
    if audience is Audience.DESK:
        return None if since > state.revision else changes_since(room_id, since, state).desk
    if since <= FIRST_REVISION:
        return changes_since(room_id, since, state).hall
    known = changes_since(room_id, since - 1, state).hall
    return [item for item in known if item["revision"] > since] if known else None


def mine(room_id: UUID, actor: Any) -> dict[str, Any]:
    """Return what only `actor` may see in this room; empty for an anonymous visitor."""
    return mine_of(room_id, [actor])[0]


def mine_of(room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the same for many people, in order."""
    known = [actor for actor in actors if actor.id is not None]
    told: list[dict[str, Any]] = [{} for _ in known]
    if known:
        for source in _sources:
            for found, more in zip(told, source.mine_of(room_id, known), strict=True):
                found.update(more)
    in_order = iter(told)
    return [{} if actor.id is None else next(in_order) for actor in actors]
