"""The events every live room has: enter, catch up, say that you are still here, leave."""

from typing import Any

import orjson
from pydantic import Field

from dagvandebuurt.core.forms import Act, Id
from dagvandebuurt.live import door, items
from dagvandebuurt.live.errors import NotEntered
from dagvandebuurt.live.listeners import Listener
from dagvandebuurt.live.runtime import Live


class InRoom(Act):
    """About one room."""

    session: Id


class Since(InRoom):
    """What changed after revision `since`; 0 asks for everything."""

    since: int = Field(ge=0, le=2**62)


@door.on("session:enter", InRoom)
def enter(live: Live, listener: Listener, act: InRoom) -> dict[str, Any]:
    """Come in and get the room as it is: the answer is the snapshot."""
    return live.enter(listener, act.session)


@door.on("session:sync", Since)
def sync(live: Live, listener: Listener, act: Since) -> dict[str, Any]:
    """What changed since; for who noticed a gap, or comes back."""
    entry = listener.rooms.get(act.session)
    if entry is None:
        raise NotEntered
    state = items.state_of(act.session)
    if act.since == 0:
        state, found = live.snapshots.of(act.session, entry.audience)
        to = state.revision
    else:
        changed = items.changes_since(act.session, act.since).of(entry.audience)
        to, found = (
            items.told_to(entry.audience, changed, since=act.since, state=state),
            orjson.dumps(changed),
        )
    return {
        "session": str(act.session),
        "epoch": state.epoch,
        "from": act.since,
        "to": to,
        "items": orjson.Fragment(found),
        "mine": items.mine(act.session, listener.actor),
        "present": live.presence.present(act.session),
    }


@door.on("session:beat", InRoom)
def beat(live: Live, listener: Listener, act: InRoom) -> None:
    """Still here. Every 30 seconds."""
    if act.session not in listener.rooms:
        raise NotEntered
    live.presence.beat(act.session, listener.actor.id)


@door.on("session:leave", InRoom)
def leave(live: Live, listener: Listener, act: InRoom) -> None:
    """Stop hearing this room."""
    live.leave(listener, act.session)
