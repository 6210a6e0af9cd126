"""Socket event dispatch: validate an event, run it, acknowledge it, whatever was sent.

Handlers are registered on the Socket.IO server itself, below Flask: building a request context and verifying
a cookie for each event would cost five times what the action costs. Authentication happened when the socket
connected. Rules know no transport, so nothing is written twice.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dagvandebuurt.core.errors import LoginNeeded, RuleBroken
from dagvandebuurt.core.forms import Act
from dagvandebuurt.core.metrics import ACKNOWLEDGED, LIVE_FAILURES
from dagvandebuurt.live.connections import Listener
from dagvandebuurt.live.errors import BadRequest, NotEntered, SlowDown, TryAgain, UnknownEvent
from dagvandebuurt.live.writes import LiveAct, Outcome, Verb, refusal

if TYPE_CHECKING:
    from dagvandebuurt.live.runtime import Live

logger = logging.getLogger(__name__)

Reader = Callable[["Live", Listener, Any], dict[str, Any] | None]


@dataclass(frozen=True)
class Event:
    """Event type of the protocol: its name, payload schema and handler.

    `reader` answers reading events (enter, sync, beat); `verb` makes a write of the payload.
    """

    name: str
    act: type[Act]
    reader: Reader | None = None
    verb: Verb | None = None


EVENTS: dict[str, Event] = {}


def on(name: str, act: type[Act]) -> Callable[[Reader], Reader]:
    """Register a reading event: `(live, listener, act) → acknowledgement payload`."""

    def register(reader: Reader) -> Reader:
        EVENTS[name] = Event(name, act, reader=reader)
        return reader

    return register


def writes_with(verb: Verb) -> Verb:
    """Register `verb` for sockets, and for the plain forms beside them. Idempotent."""
    EVENTS[verb.name] = Event(verb.name, verb.act, verb=verb)
    return verb


def answer(live: "Live", listener: Listener | None, name: str, args: tuple[Any, ...]) -> Outcome:
    """Return the acknowledgement of one event. Never raises: the sender waits for an answer."""
    began = time.perf_counter()
    try:
        return _answer(live, listener, name, args)
    finally:
        ACKNOWLEDGED.observe(name if name in EVENTS else "unknown", time.perf_counter() - began)


def _answer(live: "Live", listener: Listener | None, name: str, args: tuple[Any, ...]) -> Outcome:
    language = listener.actor.language if listener else "nl"
    try:
        if listener is None:
            raise NotEntered
        wait = live.pace.wait(listener.sid)  # first, so that unknown events are limited too
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
            raise LoginNeeded  # before any write: nothing is stored for an anonymous sender
        return live.do(event.verb, listener.actor, act)
    except RuleBroken as broken:
        return refusal(broken, language)
    except Exception as failure:
        LIVE_FAILURES.labels(name if name in EVENTS else "unknown").inc()
        logger.exception("%s could not be answered: %s", name[:40], type(failure).__name__)
        return refusal(TryAgain(), language)
