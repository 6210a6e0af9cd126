"""Live items: versioned state with the revision at which each item last changed.

A section registers a source for each kind of live item. A client at revision r receives what changed since
r; a new client asks since 0. No item depends on an earlier message: it replaces an older version of the same
id, so a lost, duplicate or late message cannot harm.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.live.models import LiveRoom

Item = dict[str, Any]  # always with `kind`, `id` and `revision`; `gone: true` is a tombstone


@dataclass
class Changes:
    """Changes of one room per audience; `own` per person."""

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
    """Source of one kind of live item, implemented by a section."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        """Return every item with a revision above `since`. For `since` 0 no tombstones are needed."""
        ...

    def mine_of(self, room_id: UUID, actors: Sequence[Any]) -> Sequence[dict[str, Any]]:
        """Return per person what only they may see here: their own items, what they supported.

        In the same order, with as many queries for a thousand as for one. None of them is anonymous.
        """
        ...


_sources: dict[ItemSource, str] = {}


def register(source: ItemSource, *, extra: str = "") -> None:
    """Add a source of live items. Idempotent.

    `extra` names the optional part of a room that it belongs to: it is asked only for rooms where that part was
    ever turned on, so that it costs the others nothing.
    """
    _sources.setdefault(source, extra)


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
    for source, extra in _sources.items():
        if not extra or state is None or state.uses(extra):
            found.add(source.changes(room_id, since))
    return found


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
