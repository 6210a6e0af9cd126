"""Events of every live room: enter, sync, beat (presence), leave; and of the connection itself: echo."""

from typing import Any

from pydantic import Field

from dagvandebuurt.core import clock
from dagvandebuurt.core.forms import Act, Id
from dagvandebuurt.live import dispatch
from dagvandebuurt.live.connections import Listener
from dagvandebuurt.live.errors import NotEntered
from dagvandebuurt.live.resync import SyncRequest
from dagvandebuurt.live.runtime import Live


class InRoom(Act):
    """Payload with one room."""

    session: Id


class Since(InRoom):
    """Changes after revision `since` of `epoch`; 0 asks for everything.

    `mine` false leaves out one's own items: for a client that only checks the connection.
    """

    since: int = Field(ge=0, le=2**62)
    epoch: str | None = Field(default=None, max_length=64)
    mine: bool = True


class Echo(Act):
    """Number to be sent back, of a client that tries its connection. It belongs to no room."""

    number: int = Field(ge=0, le=2**31)


@dispatch.on("connection:echo", Echo)
def echo(_live: Live, _listener: Listener, act: Echo) -> dict[str, Any]:
    """Send a number back at once, with the server's time in milliseconds."""
    return {"number": act.number, "now": round(clock.now().timestamp() * 1000)}


@dispatch.on("session:enter", InRoom)
def enter(live: Live, listener: Listener, act: InRoom) -> dict[str, Any]:
    """Enter a room; the acknowledgement is a snapshot."""
    return live.enter(listener, act.session)


@dispatch.on("session:sync", Since)
def sync(live: Live, listener: Listener, act: Since) -> dict[str, Any]:
    """Return what changed since a revision, after a gap or a reconnect."""
    return live.catching_up.ask(SyncRequest(listener, act.session, act.since, act.epoch, act.mine))


@dispatch.on("session:beat", InRoom)
def beat(live: Live, listener: Listener, act: InRoom) -> None:
    """Report presence. Sent every 30 seconds."""
    if act.session not in listener.rooms:
        raise NotEntered
    live.presence.beat(act.session, listener.actor.id, listener.actor.reader)


@dispatch.on("session:leave", InRoom)
def leave(live: Live, listener: Listener, act: InRoom) -> None:
    """Leave the room and stop receiving its messages."""
    live.leave(listener, act.session)
