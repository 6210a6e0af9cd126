"""The events every live room has: enter, catch up, say that you are still here, leave."""

from typing import Any

from pydantic import Field

from dagvandebuurt.core.forms import Act, Id
from dagvandebuurt.live import dispatch
from dagvandebuurt.live.connections import Listener
from dagvandebuurt.live.errors import NotEntered
from dagvandebuurt.live.resync import Asked
from dagvandebuurt.live.runtime import Live


class InRoom(Act):
    """About one room."""

    session: Id


class Since(InRoom):
    """What changed after revision `since` of `epoch`; 0 asks for everything. With `mine` false, not for
    one's own things: for who only asks whether anybody is still there."""

    since: int = Field(ge=0, le=2**62)
    epoch: str | None = Field(default=None, max_length=64)
    mine: bool = True


@dispatch.on("session:enter", InRoom)
def enter(live: Live, listener: Listener, act: InRoom) -> dict[str, Any]:
    """Come in and get the room as it is: the answer is the snapshot."""
    return live.enter(listener, act.session)


@dispatch.on("session:sync", Since)
def sync(live: Live, listener: Listener, act: Since) -> dict[str, Any]:
    """What changed since; for who noticed a gap, or comes back."""
    return live.catching_up.ask(Asked(listener, act.session, act.since, act.epoch, act.mine))


@dispatch.on("session:beat", InRoom)
def beat(live: Live, listener: Listener, act: InRoom) -> None:
    """Still here. Every 30 seconds."""
    if act.session not in listener.rooms:
        raise NotEntered
    live.presence.beat(act.session, listener.actor.id)


@dispatch.on("session:leave", InRoom)
def leave(live: Live, listener: Listener, act: InRoom) -> None:
    """Stop hearing this room."""
    live.leave(listener, act.session)
