"""Simulated crowd: ten thousand raw WebSocket clients in one process that speak just enough Socket.IO.

A broadcast is the same bytes for all clients, so it is parsed once and recognised after that; a received
message costs the generator a few microseconds, and the server is what is measured.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

import orjson
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

NAMESPACE = b"/live,"
EVENT, ANSWER, WELCOME, REFUSED = (kind + NAMESPACE for kind in (b"42", b"43", b"40", b"44"))
TEXT = WSMsgType.TEXT

Answered = Callable[[dict[str, Any]], None]


class Heard:
    """Messages received by the crowd since `reset`."""

    def __init__(self) -> None:
        self.errors: Counter[str] = Counter()
        self._last: tuple[bytes, int] = (b"", 0)
        self.reset()

    def reset(self) -> None:
        self.frames = self.bytes = self.changes = 0
        self.kinds: Counter[str] = Counter()
        self.ack_ms: list[float] = []
        self.seen_ms: list[float] = []
        self.sent = self.refused = 0
        self.lost_connections = 0
        self.target: tuple[str, int] = ("", -1)  # room, and the highest revision received
        self.reached = 0
        self.wanted = 0
        self.last_moment = 0.0
        self.all_reached = asyncio.Event()

    def revision_of(self, raw: bytes) -> tuple[str, int] | None:
        """Return (room, revision) of a message of changes; None of any other."""
        if raw == self._last_raw:
            return self._last_told
        name, message = orjson.loads(raw[len(EVENT) :])
        self.kinds[name] += 1
        told = (message["session"], message["to"]) if name == "session:changes" else None
        self._last_raw, self._last_told = raw, told
        return told

    _last_raw: bytes = b""
    _last_told: tuple[str, int] | None = None


class Visitor(WSListener):
    """Client of one person. `room` is the one to enter; `cookie` and `token` authenticate it."""

    __slots__ = (
        "_awaited", "_count", "_recent", "_waiting", "cookie", "heard", "is_leaving", "number", "ready", "room",
        "token", "transport",
    )  # fmt: skip

    def __init__(self, number: int, room: str, cookie: str, token: str, heard: Heard) -> None:
        self.number, self.room, self.cookie, self.token, self.heard = number, room, cookie, token, heard
        self.transport: WSTransport | None = None
        self.is_leaving = False
        self._count = 0
        self._awaited: dict[int, Answered] = {}
        self._recent: deque[tuple[int, float]] = deque(maxlen=8)  # revisions sent, and when
        self._waiting: list[tuple[int, float]] = []  # acknowledged at a revision, sent then; not received yet
        self.ready: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    async def arrive(self, url: str, origin: str, timeout: float) -> None:
        """Connect, enter the room, receive its snapshot. Raises on a timeout."""
        headers = {"Origin": origin, **({"Cookie": self.cookie} if self.cookie else {})}
        async with asyncio.timeout(timeout):
            await ws_connect(
                lambda: self, url, extra_headers=headers, websocket_handshake_timeout=timeout,
                read_buffer_init_size=1024, max_frame_size=1 << 24,
            )  # fmt: skip
            await self.ready

    def call(self, event: str, message: dict[str, Any], answered: Answered) -> None:
        self._count += 1
        self._awaited[self._count] = answered
        self._send(b"42%s%d%s" % (NAMESPACE, self._count, orjson.dumps([event, message])))

    def support(self, question: str, op: str, *, on: bool = True) -> None:
        """Support a question; record when that is acknowledged and when all clients have it."""
        began = time.monotonic()
        heard = self.heard
        heard.sent += 1

        def answered(answer: dict[str, Any]) -> None:
            now = time.monotonic()
            if not answer.get("ok"):
                heard.refused += 1
                heard.errors[str(answer.get("error", {}).get("code"))] += 1
                return
            heard.ack_ms.append((now - began) * 1000)
            revision = answer["revision"]
            for told, moment in self._recent:
                if told >= revision:
                    heard.seen_ms.append((moment - began) * 1000)
                    return
            self._waiting.append((revision, began))

        self.call(
            "question:support", {"session": self.room, "op": op, "question": question, "on": on}, answered
        )

    def leave(self) -> None:
        self.is_leaving = True
        if self.transport is not None:
            self.transport.disconnect(False)

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        if not self.is_leaving:
            self.heard.lost_connections += 1
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("closed"))

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type != TEXT:
            return
        raw = frame.get_payload_as_bytes()
        heard = self.heard
        if raw.startswith(EVENT):
            heard.frames += 1
            heard.bytes += len(raw)
            told = heard.revision_of(raw)
            if told is not None:
                self._saw(told)
        elif raw == b"2":
            self._send(b"3")
        elif raw.startswith(ANSWER):
            start = raw.index(b"[")
            self._awaited.pop(int(raw[len(ANSWER) : start]))(orjson.loads(raw[start:])[0])
        elif raw[:1] == b"0":
            self._send(b"40" + NAMESPACE + orjson.dumps({"token": self.token}))
        elif raw.startswith(WELCOME):
            self.call("session:enter", {"session": self.room}, self._entered)
        elif raw.startswith(REFUSED) and not self.ready.done():
            self.ready.set_exception(ConnectionError(raw[:120].decode()))

    def _entered(self, answer: dict[str, Any]) -> None:
        if self.ready.done():
            return
        if answer.get("ok"):
            self.ready.set_result(answer)
        else:
            self.ready.set_exception(ConnectionError(str(answer)))

    def _saw(self, told: tuple[str, int]) -> None:
        now = time.monotonic()
        heard = self.heard
        heard.changes += 1
        revision = told[1]
        self._recent.append((revision, now))
        if self._waiting:
            for acknowledged, began in self._waiting:
                if acknowledged <= revision:
                    heard.seen_ms.append((now - began) * 1000)
            self._waiting = [each for each in self._waiting if each[0] > revision]
        if told[0] == heard.target[0] and revision >= heard.target[1] >= 0:
            heard.reached += 1
            heard.last_moment = now
            if heard.reached >= heard.wanted:
                heard.all_reached.set()

    def _send(self, data: bytes) -> None:
        if self.transport is not None:
            self.transport.send(TEXT, data)
