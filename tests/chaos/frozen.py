"""Stopped server (SIGSTOP: a paused machine) with a full hall, and the clients' reaction.

The clients are emulated: each has the timers, polls and timeouts of `static/js/live.js`.
"""

import asyncio
import contextlib
import os
import random
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop

from bench.crowd import Heard, Visitor
from bench.meters import raise_open_files
from tests.chaos.rounds import workers_of
from tests.served import serve
from tests.visitors import Visitor as Known
from tests.visitors import house_of, live_session, visitors

ACK_SECONDS, SILENCE_SECONDS, SILENCE_MOST_SECONDS = 4.0, 12.0, 180.0
FILES_BESIDES = 200


class Client(Visitor):
    """One page: `live.js` in a few lines. `since` is the last revision it received."""

    def __init__(self, storm: "Hall", *more: Any) -> None:
        super().__init__(*more)
        self.storm = storm
        self.revision, self.epoch = 0, ""
        self.unanswered = 0
        self.asked: float | None = None  # when, while unanswered
        self.heard_at = 0.0
        self._silence: asyncio.TimerHandle | None = None

    def begin(self, entered: dict[str, Any]) -> None:
        self.revision, self.epoch = entered["revision"], entered["epoch"]
        self._alive()

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        raw = frame.get_payload_as_bytes()
        super().on_ws_frame(transport, frame)
        if raw[:2] in (b"42", b"43"):
            self._alive()

    def on_ws_disconnected(self, transport: Any) -> None:
        super().on_ws_disconnected(transport)
        if self._silence is not None:
            self._silence.cancel()
        self.storm.lost(self)

    def _alive(self) -> None:
        self.heard_at = time.monotonic()
        if self._silence is not None:
            self._silence.cancel()
        least = min(SILENCE_SECONDS * 2**self.unanswered, SILENCE_MOST_SECONDS)
        wait = least * (1 + random.random())
        self._silence = asyncio.get_running_loop().call_later(wait, self._ask)

    def _ask(self) -> None:
        if self.is_leaving:
            return
        self.storm.asked += 1
        self.asked = began = time.monotonic()
        message = {"session": self.room, "since": self.revision, "epoch": self.epoch, "mine": False}

        def answered(answer: dict[str, Any]) -> None:
            self.asked, self.unanswered = None, 0
            self.storm.answers.append(time.monotonic() - began)

        self.call("session:sync", message, answered)
        asyncio.get_running_loop().call_later(ACK_SECONDS, self._give_up, began)
        self._alive()

    def _give_up(self, began: float) -> None:
        if self.asked == began:
            self.asked = None
            self.unanswered += 1


@dataclass
class Frozen:
    """Result. `even_after`: seconds until all clients had heard the server again; None: never."""

    people: int
    frozen: float
    even_after: float | None
    asked: int
    answers: list[float]
    lost: int
    beats_of: int = 0

    def __str__(self) -> str:
        even = "never even" if self.even_after is None else f"even again after {self.even_after:.1f} s"
        slowest = max(self.answers, default=0.0)
        return (
            f"{self.people} people, frozen {self.frozen:.0f} s: {even}; {self.asked} asked, "
            f"{len(self.answers)} answered, slowest {slowest:.1f} s; {self.lost} connections lost"
        )


class Hall:
    """All clients in one room of one server."""

    def __init__(self, url: str, room: str, crowd: list[Known]) -> None:
        self.url = url.replace("http://", "ws://") + "/socket.io/?EIO=4&transport=websocket"
        self.origin, self.room, self.crowd = url, room, crowd
        self.clients: list[Client] = []
        self.asked, self.answers, self.losses = 0, list[float](), 0
        self.is_over = False
        self._gate = asyncio.Semaphore(150)
        self._coming: set[asyncio.Task[None]] = set()

    def lost(self, client: Client) -> None:
        if self.is_over or client not in self.clients:
            return
        self.losses += 1
        self.clients.remove(client)
        task = asyncio.ensure_future(self._come(client.number, 0.5 + 2 * random.random()))
        self._coming.add(task)
        task.add_done_callback(self._coming.discard)

    async def _come(self, number: int, delay: float = 0.0) -> None:
        known = self.crowd[number % len(self.crowd)]
        while not self.is_over:
            await asyncio.sleep(delay)
            client = Client(self, number, self.room, known.cookie, known.token, Heard())
            async with self._gate:
                try:
                    await client.arrive(self.url, self.origin, 30)
                except Exception:
                    client.leave()
                    delay = 1 + 2 * random.random()
                    continue
            client.begin(client.ready.result())
            self.clients.append(client)
            return

    async def fill(self, people: int) -> None:
        await asyncio.gather(*(self._come(number) for number in range(people)))

    async def freeze(self, workers: list[int], seconds: float, patience: float) -> Frozen:
        people = len(self.clients)
        await asyncio.sleep(6)  # a tick for every client
        for pid in workers:
            os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(seconds)
        for pid in workers:
            os.kill(pid, signal.SIGCONT)
        thawed = time.monotonic()
        even_after = None
        while even_after is None and time.monotonic() - thawed < patience:
            await asyncio.sleep(0.1)
            if len(self.clients) == people and all(
                client.heard_at > thawed and client.asked is None for client in self.clients
            ):
                even_after = time.monotonic() - thawed
        outcome = Frozen(people, seconds, even_after, self.asked, self.answers, self.losses)
        self.is_over = True
        for client in self.clients:
            client.leave()
        return outcome


def frozen_storm(
    folder: Path, *, people: int, seconds: float = 20, patience: float = 60, **environ: str
) -> Frozen:
    """Run it; with fewer clients when this machine allows fewer open files."""
    people = min(people, raise_open_files() - FILES_BESIDES)
    environ = {"SOCKETS_PER_NETWORK": "100000", **environ}
    with serve(folder, **environ) as house:
        app = house_of(folder, house.environ)
        room, crowd = str(live_session(app)), visitors(app, min(people, 1000))

        async def play() -> Frozen:
            hall = Hall(house.url, room, crowd)
            await hall.fill(people)
            with contextlib.suppress(ProcessLookupError):
                return await hall.freeze(workers_of(house), seconds, patience)
            raise RuntimeError("the server died")

        return uvloop.run(play())
