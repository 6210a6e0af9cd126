"""The socket door: an event in, an acknowledgement out, whatever came in.

Handlers are registered on the Socket.IO server itself, below Flask: building a request context and
verifying a cookie for each event would cost five times what the deed costs. Who somebody is was
settled at connecting. Rules know no door, so nothing is written twice.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dagvandebuurt.core.errors import LoginNeeded, RuleBroken
from dagvandebuurt.core.forms import Act
from dagvandebuurt.live.connections import Listener
from dagvandebuurt.live.errors import BadRequest, NotEntered, SlowDown, TryAgain, UnknownEvent
from dagvandebuurt.live.writes import LiveAct, Outcome, Verb, refusal

if TYPE_CHECKING:
    from dagvandebuurt.live.runtime import Live

logger = logging.getLogger(__name__)

Reader = Callable[["Live", Listener, Any], dict[str, Any] | None]


@dataclass(frozen=True)
class Event:
    """One event of the protocol: its name, the shape of its payload, and what answers it.

    `reader` answers reading events (enter, sync, beat); `verb` makes a write of the payload.
    """

    name: str
    act: type[Act]
    reader: Reader | None = None
    verb: Verb | None = None


EVENTS: dict[str, Event] = {}


def on(name: str, act: type[Act]) -> Callable[[Reader], Reader]:
    """Answer `name` with a function `(live, listener, act) → what the acknowledgement carries`."""

    def register(reader: Reader) -> Reader:
        EVENTS[name] = Event(name, act, reader=reader)
        return reader

    return register


def writes_with(verb: Verb) -> Verb:
    """Let sockets, and the plain forms beside them, do `verb`. Safe to repeat."""
    EVENTS[verb.name] = Event(verb.name, verb.act, verb=verb)
    return verb


def answer(live: "Live", listener: Listener | None, name: str, args: tuple[Any, ...]) -> Outcome:
    """The acknowledgement of one event. Never raises: a sender that waits is always answered."""
    language = listener.actor.language if listener else "nl"
    try:
        if listener is None:
            raise NotEntered
        wait = live.pace.wait(listener.sid)  # before anything else: also what nobody knows is counted
        if wait:
            raise SlowDown(wait)
        event = EVENTS.get(name)
        if event is None:
            raise UnknownEvent
        if len(args) != 1 or not isinstance(args[0], dict):
            raise BadRequest
        act = event.act.from_message(args[0])
        if event.verb is None:
            assert event.reader is not None
            with live.app.app_context():
                return {"ok": True, **(event.reader(live, listener, act) or {})}
        assert isinstance(act, LiveAct)
        if act.session not in listener.rooms:
            raise NotEntered
        if not listener.actor.is_known:
            raise LoginNeeded  # before anything is written: not even a refusal is kept for a stranger
        return live.do(event.verb, listener.actor, act)
    except RuleBroken as broken:
        return refusal(broken, language)
    except Exception as failure:
        logger.exception("%s could not be answered: %s", name[:40], type(failure).__name__)
        return refusal(TryAgain(), language)
