"""Live core of one process, put together: `app.extensions["live"]`."""

import json
import logging
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import orjson
import socketio as engine
from flask import Flask, current_app, has_app_context
from flask_socketio import SocketIO

from dagvandebuurt.core import metrics
from dagvandebuurt.core.db import connections_in_use, db, release_connection
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.pseudonyms import pseudonym
from dagvandebuurt.live import admission, dispatch, items, wire
from dagvandebuurt.live.audiences import NAMESPACE, name_of, own
from dagvandebuurt.live.batching import Batcher
from dagvandebuurt.live.connections import Listener, Listeners, RoomSubscription
from dagvandebuurt.live.hooks import told_by_another_process
from dagvandebuurt.live.presence import Presence
from dagvandebuurt.live.provider import LiveRoomProvider
from dagvandebuurt.live.pump import Pump
from dagvandebuurt.live.rate_limit import TokenBuckets
from dagvandebuurt.live.reactions import Reactions
from dagvandebuurt.live.restore_detection import Mark, check_at_start
from dagvandebuurt.live.resync import Resync
from dagvandebuurt.live.revocation import RevocationWatch
from dagvandebuurt.live.snapshot_cache import Snapshots
from dagvandebuurt.live.wakeups import Wakeups, channel_of
from dagvandebuurt.live.writer import Writer
from dagvandebuurt.live.writes import LiveAct, Outcome, Verb, Write

logger = logging.getLogger(__name__)


class Json:
    """JSON codec for Socket.IO with orjson; a cached snapshot is sent as the bytes it is."""

    @staticmethod
    def dumps(value: Any, **_: Any) -> str:
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_: Any) -> Any:
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            # A lone surrogate is not valid UTF-8, but its sender waits for an answer all the same.
            try:
                return json.loads(text)
            except RecursionError:
                raise ValueError("nested too deeply") from None


class Live:
    """Connections, writer, pump and presence of this process.

    `start` and `stop` belong to serving; without them writes run at once and nothing is broadcast, as in a
    command.
    """

    def __init__(self, app: Flask, socketio: SocketIO) -> None:
        self.app = app
        self.socketio = socketio
        self.wire = wire.STOCK
        self.listeners = Listeners()
        self.snapshots = Snapshots()
        self.writer = Writer(app)
        self.presence = Presence(app)
        self.reactions = Reactions(lambda topic: self.hints.mention(topic))
        self._arrivals = Batcher(self._enter_batch)
        self.pace = TokenBuckets(app.config["LIVE_BURST"], app.config["LIVE_EVENTS_PER_SECOND"])
        self.pump = Pump(
            app,
            self.listeners,
            self._send,
            self.presence,
            self.reactions,
            Mark(Path(app.config["DATA_FOLDER"])),
            gather_seconds=app.config["LIVE_GATHER_MS"] / 1000,
            measure=self.measure,
        )
        self.catching_up = Resync(self)
        self.hints = Wakeups(channel_of(app), self.pump.wake, self._told)
        self.rights = RevocationWatch(self)

    def start(self) -> None:
        check_at_start(self.app, self.pump.mark)
        for part in (self.writer, self.presence, self.pump, self.hints, self.rights):
            part.start()

    def stop(self) -> None:
        for part in (self.rights, self.hints, self.pump, self.writer, self.presence):
            part.stop()

    def measure(self) -> None:
        """Set the metrics of this process that say how it is now. Needs an app context."""
        metrics.SOCKETS.set(len(self.listeners))
        metrics.ROOMS.set(len(self.listeners.rooms()))
        metrics.SNAPSHOTS.set(self.snapshots.made)
        metrics.HINTS.set(self.hints.heard)
        metrics.JOBS_RUNNING.set(int(self.app.extensions["jobs"].is_running))
        metrics.CONNECTIONS.set(connections_in_use())
        metrics.PROCESSES.set(1)
        metrics.MEMORY.set(metrics.resident_bytes())

    def do(self, verb: Verb, actor: Any, act: LiveAct) -> Outcome:
        """Execute one live write and return its acknowledgement: committed, refused, or to be retried.

        Rows that the caller read before are read again afterwards (`core.db.release_connection`).
        """
        if has_app_context():
            release_connection()
        outcome = self.writer.do(Write(verb, actor, act))
        if outcome["ok"]:
            self.pump.mark.note(act.session, outcome["revision"])
        self.tell()
        return outcome

    def tell(self) -> None:
        """Announce a commit: wake the pump here and in the other processes."""
        self.pump.wake()
        self.hints.give()

    def _told(self, topic: str) -> None:
        if self.reactions.hear(topic):
            return self.pump.wake()
        with self.app.app_context():
            told_by_another_process(topic)

    def enter(self, listener: Listener, room_id: UUID) -> dict[str, Any]:
        """Let a socket enter, batched with others. Raises what admission refuses with."""
        return self._arrivals.ask((listener, room_id))

    def _enter_batch(self, coming: list[tuple[Listener, UUID]]) -> list[dict[str, Any] | RuleBroken]:
        """Join first and read afterwards, so that no change falls between."""
        answers: dict[int, dict[str, Any] | RuleBroken] = {}
        for room_id in {room_id for _, room_id in coming}:
            here = {place: listener for place, (listener, room) in enumerate(coming) if room == room_id}
            decisions = admission.admit_all([listener.actor for listener in here.values()], room_id)
            entered: list[tuple[Listener, dict[str, Any]]] = []
            for (place, listener), way_in in zip(here.items(), decisions, strict=True):
                if isinstance(way_in, RuleBroken):
                    answers[place] = way_in
                    continue
                self._join(
                    listener,
                    room_id,
                    RoomSubscription(way_in.audience, author_key_of(room_id, listener.actor)),
                )
                self.presence.beat(room_id, listener.actor.id, listener.actor.reader)
                answer = {"session": str(room_id), "audience": way_in.audience, **way_in.info}
                answers[place] = answer
                entered.append((listener, answer))
            db.session.rollback()  # what is read now may not be older than the joining
            self._add_room_state(room_id, entered)
        return [answers[place] for place in range(len(coming))]

    def _add_room_state(self, room_id: UUID, entered: list[tuple[Listener, dict[str, Any]]]) -> None:
        """Add to each acknowledgement the items of its audience, and the person's own."""
        if not entered:
            return
        before = items.state_of(room_id).revision
        audiences = {answer["audience"] for _, answer in entered}
        found = {audience: self.snapshots.of(room_id, audience) for audience in audiences}
        own = items.mine_of(room_id, [listener.actor for listener, _ in entered])
        present = self.presence.present(room_id)
        for (listener, answer), mine in zip(entered, own, strict=True):
            listener.mine_at[room_id] = before
            state, everything = found[answer["audience"]]
            answer |= {
                "epoch": state.epoch,
                "revision": state.revision,
                "items": orjson.Fragment(everything),
                "mine": mine,
                "present": present,
            }

    def leave(self, listener: Listener, room_id: UUID) -> None:
        entry = listener.rooms.get(room_id)
        if entry is None:
            return
        for name in _names(room_id, entry):
            self.server.leave_room(listener.sid, name, namespace=NAMESPACE)
        self.listeners.leave(listener, room_id)

    @property
    def server(self) -> engine.Server:
        return cast(engine.Server, self.socketio.server)  # type: ignore[attr-defined]

    def _join(self, listener: Listener, room_id: UUID, entry: RoomSubscription) -> None:
        self.leave(listener, room_id)
        for name in _names(room_id, entry):
            self.server.enter_room(listener.sid, name, namespace=NAMESPACE)
        is_first = not self.listeners.inside(room_id)
        self.listeners.enter(listener, room_id, entry)
        if is_first:
            self.pump.wake()  # no state of this room was sent by this process yet

    def _send(self, event: str, payload: Any, to: str) -> None:
        self.server.emit(event, payload, room=to, namespace=NAMESPACE)


def author_key_of(room_id: UUID, actor: Any) -> str | None:
    """Return the pseudonym under which this person asks in this room; None for an anonymous visitor."""
    return None if actor.id is None else pseudonym(room_id, "author", actor.id)


def live() -> Live:
    """Return the live core of the current app."""
    return cast(Live, current_app.extensions["live"])


def init_app(app: Flask, socketio: SocketIO, rooms: LiveRoomProvider) -> Live:
    """Build the core and register its handlers on the Socket.IO server. After the sections were imported."""
    app.extensions["live_rooms"] = rooms
    core = app.extensions["live"] = Live(app, socketio)
    server = core.server
    handlers = {name: _handler(core, name) for name in dispatch.EVENTS}
    others = _others(core)
    most = app.config["SOCKETS_PER_NETWORK"]
    core.wire = wire.install(
        server, app.config["LIVE_WIRE"], NAMESPACE, handlers, others, most_per_network=most
    )
    server.on(
        "connect", lambda sid, environ=None, *auth: _connect(core, sid, environ, auth), namespace=NAMESPACE
    )
    server.on("disconnect", lambda sid, *_: _disconnect(core, sid), namespace=NAMESPACE)
    for name, handler in handlers.items():
        server.on(name, handler, namespace=NAMESPACE)
    server.on("*", lambda *args: _any(core, others, args), namespace=NAMESPACE)
    return core


def _others(core: Live) -> Any:
    """Return the handler of every event without a handler, whatever it is called: `connect` and `*` too."""
    return lambda name, sid, *args: dispatch.answer(core, core.listeners.find(sid), name, args)


def _any(core: Live, others: Any, args: tuple[Any, ...]) -> Any:
    """Handle an unknown event; the library passes its name first.

    An event that is itself named `*` finds this handler directly: then the sid comes first, which no client
    can make up.
    """
    if isinstance(args[0], str) and core.listeners.find(args[0]) is not None:
        return others("*", *args)
    return others(*args)


def _handler(core: Live, name: str) -> Any:
    return lambda sid, *args: dispatch.answer(core, core.listeners.find(sid), name, args)


def _connect(core: Live, sid: str, environ: Any, auth: tuple[Any, ...]) -> Any:
    if _is_forged(core, sid):
        return dispatch.answer(core, core.listeners.find(sid), "connect", ())
    token = auth[0].get("token") if auth and isinstance(auth[0], dict) else None
    with core.app.app_context():
        request = core.app.request_class(environ)
        try:
            actor = admission.who_is(request, token if isinstance(token, str) else "")
        except RuleBroken as broken:
            raise engine.exceptions.ConnectionRefusedError(
                str(broken.message), {"code": broken.code}
            ) from None
    core.listeners.arrive(sid, actor)
    return None


def _disconnect(core: Live, sid: str) -> Any:
    if _is_forged(core, sid):
        return dispatch.answer(core, core.listeners.find(sid), "disconnect", ())
    core.listeners.depart(sid)
    core.pace.clear(sid)
    return None


def _is_forged(core: Live, sid: str) -> bool:
    """Return whether a client sent an event *named* connect or disconnect.

    In a real one the library does not count the socket as connected (yet, or any more).
    """
    return bool(core.server.manager.is_connected(sid, NAMESPACE))


def _names(room_id: UUID, entry: RoomSubscription) -> list[str]:
    names = [name_of(room_id, entry.audience)]
    if entry.author_key is not None:
        names.append(own(room_id, entry.author_key))
    return names
