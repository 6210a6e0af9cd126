"""Simulated people who ask, support, show and withdraw while the server crashes, and record every
acknowledgement.

Afterwards their records are compared with the database.
"""

import contextlib
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import websocket

from tests.socket_client import Refused, Socket
from tests.visitors import Visitor

BROKEN = (OSError, TimeoutError, Refused, websocket.WebSocketException, ConnectionError, ValueError)
AGAIN = {"live.try_again", "live.not_entered", "live.slow_down", "qanda.too_many_waiting"}


@dataclass
class Deed:
    event: str
    message: dict[str, Any]
    first_sent: float = 0.0


@dataclass
class Bot(threading.Thread):
    """Person with an outbox: one action in flight, sent again with the same id until acknowledged."""

    visitor: Visitor
    urls: list[str]
    room: UUID
    seed: int
    silence: float = 12  # seconds without a message before it polls
    hop: float = 0.005  # how often, of a few times a second, it disconnects and reconnects somewhere
    pace: float = 0.4  # how often, of the same times, it begins something
    rest: float = 0.0  # seconds between those times, beside the few hundredths there always are
    at: str = ""  # the process it is connected to
    acknowledged: list[tuple[Deed, dict[str, Any]]] = field(default_factory=list)
    state: dict[str, dict[str, Any]] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    reconnects: int = 0
    resyncs: int = 0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.dice = random.Random(self.seed)
        self.outbox: list[Deed] = []
        self.mine: list[str] = []
        self.revision, self.epoch = 0, ""
        self.quiet, self.done = threading.Event(), threading.Event()

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.done.is_set():
            with contextlib.suppress(*BROKEN):
                self._connection()
            self.reconnects += 1
            time.sleep(0.05 + self.dice.random() * 0.3)

    def _connection(self) -> None:
        url = self.dice.choice(self.urls)
        socket = Socket(url, cookie=self.visitor.cookie, token=self.visitor.token, timeout=3)
        try:
            entered = socket.call("session:enter", {"session": str(self.room)}, timeout=4)
            if not entered["ok"]:
                raise ConnectionError(entered)
            self.state = {}
            self._apply(entered["items"])
            self.revision, self.epoch = entered["revision"], entered["epoch"]
            self.at, heard = url, time.monotonic()
            while not self.done.is_set():
                if self.dice.random() < self.hop and not self.quiet.is_set():
                    return
                if not self.outbox and not self.quiet.is_set() and self.dice.random() < self.pace:
                    self.outbox.append(self._something())
                if self.outbox:
                    self._send(socket, self.outbox[0])
                for name, message in socket.listen(self.rest + 0.02 + self.dice.random() * 0.05):
                    heard = time.monotonic()
                    self._hear(socket, name, message)
                if time.monotonic() - heard > self.silence:
                    heard = time.monotonic()
                    self._sync(socket)
        finally:
            self.at = ""
            socket.close()

    def _something(self) -> Deed:
        op, dice = uuid4().hex, self.dice.random()
        session = str(self.room)
        shown = [key for key, item in self.state.items() if item["status"] == "visible"]
        waiting = [key for key, item in self.state.items() if item["status"] == "waiting"]
        if self.visitor.is_moderator and waiting:
            return Deed(
                "question:show", {"session": session, "op": op, "question": self.dice.choice(waiting)}
            )
        if shown and dice < 0.7:
            wish = {
                "session": session,
                "op": op,
                "question": self.dice.choice(shown),
                "on": self.dice.random() < 0.8,
            }
            return Deed("question:support", wish)
        if self.mine and dice < 0.78:
            return Deed(
                "question:withdraw", {"session": session, "op": op, "question": self.dice.choice(self.mine)}
            )
        question = str(uuid4())
        return Deed(
            "question:ask", {"session": session, "op": op, "id": question, "text": f"Vraag {question[:8]}?"}
        )

    def _send(self, socket: Socket, deed: Deed) -> None:
        deed.first_sent = deed.first_sent or time.monotonic()
        answer = socket.call(deed.event, deed.message, timeout=4)
        if not answer["ok"] and answer["error"]["code"] in AGAIN:
            if answer["error"]["code"] == "qanda.too_many_waiting":
                self.outbox.pop(0)  # a person would do something else first
            time.sleep(0.1)
            return
        self.waits.append(time.monotonic() - deed.first_sent)
        self.outbox.pop(0)
        self.acknowledged.append((deed, answer))
        if deed.event == "question:ask" and answer["ok"]:
            self.mine.append(deed.message["id"])

    def _hear(self, socket: Socket, name: str, message: dict[str, Any]) -> None:
        behind = message.get("epoch") != self.epoch
        if name == "session:changes":
            if not behind and message["from"] <= self.revision:
                self._apply(message["items"])
                self.revision = max(self.revision, message["to"])
                return
        elif name == "session:tick":
            if not behind and message["to"] <= self.revision:
                return
        else:
            return
        self._sync(socket)

    def _sync(self, socket: Socket) -> None:
        self.resyncs += 1
        answer = socket.call("session:sync", {"session": str(self.room), "since": self.revision}, timeout=4)
        if answer["ok"]:
            self._apply(answer["items"])
            self.revision, self.epoch = max(self.revision, answer["to"]), answer["epoch"]

    def _apply(self, items: list[dict[str, Any]]) -> None:
        for item in items:
            known = self.state.get(item["id"])
            if known is not None and known["revision"] > item["revision"]:
                continue
            if item.get("gone"):
                self.state.pop(item["id"], None)
            else:
                self.state[item["id"]] = item
