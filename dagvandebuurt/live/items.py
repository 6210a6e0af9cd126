"""What readers get: the state of things, each with the revision at which it last changed.

A room above registers a source for each kind of live thing it has. A reader who knows revision r is
told what changed since r; who knows nothing asks since 0. Nothing is a sequence that must arrive:
an item replaces an older one of the same id, so a lost, doubled or late message cannot harm.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.live.models import LiveRoom

Item = dict[str, Any]  # always with `kind`, `id` and `revision`; `gone: true` for what may not be seen now


@dataclass
class Changes:
    """What changed in one room, sorted by who may know it; `own` by the person whose it is."""

    hall: list[Item] = field(default_factory=list)
    desk: list[Item] = field(default_factory=list)
    own: dict[UUID, list[Item]] = field(default_factory=dict)

    def of(self, audience: Audience) -> list[Item]:
        return self.desk if audience is Audience.DESK else self.hall

    def add(self, other: "Changes") -> None:
        self.hall += other.hall
        self.desk += other.desk
        for person_id, items in other.own.items():
            self.own.setdefault(person_id, []).extend(items)


class ItemSource(Protocol):
    """One kind of live thing of a room above."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        """Everything with a revision above `since`. For `since` 0 no tombstones are needed."""
        ...

    def mine_of(self, room_id: UUID, actors: Sequence[Any]) -> Sequence[dict[str, Any]]:
        """What only each of these people may know here: their own things, what they supported. In the
        same order, with as many queries for a thousand as for one. None of them is a stranger."""
        ...


_sources: list[ItemSource] = []


def register(source: ItemSource) -> None:
    """Add a kind of live thing. Safe to repeat."""
    if source not in _sources:
        _sources.append(source)


@dataclass(frozen=True)
class State:
    """The counter of one room at one moment."""

    epoch: str
    revision: int


def state_of(room_id: UUID) -> State:
    """Raises NotFound for a room that never was."""
    row = db.session.execute(select(LiveRoom.epoch, LiveRoom.revision).where(LiveRoom.id == room_id)).first()
    if row is None:
        raise NotFound
    return State(str(row.epoch), row.revision)


def states_of(room_ids: list[UUID]) -> dict[UUID, State]:
    """The counters of many rooms in one query."""
    rows = db.session.execute(
        select(LiveRoom.id, LiveRoom.epoch, LiveRoom.revision).where(LiveRoom.id.in_(room_ids))
    )
    return {row.id: State(str(row.epoch), row.revision) for row in rows}


def changes_since(room_id: UUID, since: int) -> Changes:
    """What changed in the room after revision `since`, from every source.

    Read the room's state *before* this: what commits in between is then told twice, never lost.
    """
    found = Changes()
    for source in _sources:
        found.add(source.changes(room_id, since))
    return found


FIRST_REVISION = 1  # of a room in which nothing was done yet


def told_to(audience: Audience, found: Iterable[Item], *, since: int, state: State) -> int:
    """Up to which revision an audience is told when it gets `found`, which changed after `since`.

    The desk knows everything, so that is where the room is. The hall hears the newest revision among what
    it may know itself, and otherwise what it knew: the room's own counter would let anybody count, by
    asking twice, what waits unseen. Items that were committed after `state` was read do not count: what
    came with them may be missing here.
    """
    if audience is Audience.DESK:
        return state.revision
    newest: Iterable[int] = (item["revision"] for item in found if item["revision"] <= state.revision)
    return max(since, FIRST_REVISION, *newest)


def since_for(audience: Audience, room_id: UUID, since: int, state: State) -> list[Item] | None:
    """What changed for an audience after `since`. None where nobody was ever told of that revision, so that
    it is one of a database that was put back since: they need everything.

    For the hall that may not depend on the room's own counter (see `told_to`): it is told of revisions of
    items that it knows, or knew, so one of them stands at `since` or behind it.
    """
    if audience is Audience.DESK:
        return None if since > state.revision else changes_since(room_id, since).desk
    if since <= FIRST_REVISION:
        return changes_since(room_id, since).hall
    known = changes_since(room_id, since - 1).hall
    return [item for item in known if item["revision"] > since] if known else None


def mine(room_id: UUID, actor: Any) -> dict[str, Any]:
    """What only `actor` may know in this room; empty for a stranger."""
    return mine_of(room_id, [actor])[0]


def mine_of(room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
    """The same for many, in their order."""
    known = [actor for actor in actors if actor.id is not None]
    told: list[dict[str, Any]] = [{} for _ in known]
    if known:
        for source in _sources:
            for found, more in zip(told, source.mine_of(room_id, known), strict=True):
                found.update(more)
    in_order = iter(told)
    return [{} if actor.id is None else next(in_order) for actor in actors]
