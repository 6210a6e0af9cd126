"""Load generator: reads one command as JSON from each line of stdin, answers with one line of JSON.

A process of its own, so that its cost is not counted as the server's. Ends with its input.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import uvloop

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.crowd import Heard, Visitor
from bench.meters import Meter, family, memory_kib, percentiles, raise_open_files

QUIET_SHARE = 0.03  # of a core: below this a server is idle


class Crowd:
    """Clients connected to one server. `server` is its process id."""

    def __init__(self, url: str, server: int, people: str, rooms: list[dict[str, Any]]) -> None:
        self.url = url.replace("http://", "ws://") + "/socket.io/?EIO=4&transport=websocket"
        self.origin, self.server, self.rooms = url, server, rooms
        self.people: list[list[str]] = json.loads(Path(people).read_text())
        self.heard = Heard()
        self.visitors: list[Visitor] = []
        self.revisions: dict[str, int] = {}
        self._ops = 0

    async def connect(self, count: int, at_once: int = 200, timeout: float = 120) -> dict[str, Any]:
        """Connect `count` clients as fast as `at_once` handshakes in flight allow, over all rooms."""
        self.heard.reset()
        visitors = []
        for number in range(count):
            cookie, token = self.people[number % len(self.people)]
            room = self.rooms[number % len(self.rooms)]["id"]
            visitors.append(Visitor(number, room, cookie, token, self.heard))
        gate = asyncio.Semaphore(at_once)
        took: list[float] = []

        async def arrive(visitor: Visitor) -> None:
            async with gate:
                began = time.monotonic()
                try:
                    await visitor.arrive(self.url, self.origin, timeout)
                except Exception as failure:
                    self.heard.errors[f"{type(failure).__name__} {failure}"[:120]] += 1
                    visitor.leave()
                    return
                took.append((time.monotonic() - began) * 1000)
                self.visitors.append(visitor)
                self.revisions[visitor.room] = visitor.ready.result()["revision"]

        before = memory_kib(family(self.server))
        with Meter(self.server) as meter:
            await asyncio.gather(*map(arrive, visitors))
        await asyncio.sleep(2)  # free what was needed only for connecting
        after = memory_kib(family(self.server))
        return {
            "arrived": len(took), "of": count, "seconds": meter.wall / 1000, "ms": percentiles(took),
            "cpu_ms_each": meter.cpu / max(1, len(took)), "kib_each": (after - before) / max(1, len(took)),
            "generator": meter.own_share,
        }  # fmt: skip

    async def tell(self, times: int, warm: int = 2, timeout: float = 30) -> dict[str, Any]:
        """Make one change that is broadcast to the first room; repeat when the last client has it."""
        room = self.rooms[0]
        inside = [visitor for visitor in self.visitors if visitor.room == room["id"]]
        heard, last, cpu, frames, size = self.heard, [], 0.0, 0, 0
        for turn in range(warm + times):
            heard.reset()
            heard.wanted, heard.target = len(inside), (room["id"], self.revisions[room["id"]] + 1)
            with Meter(self.server) as meter:
                began = time.monotonic()
                inside[0].support(room["questions"][0], self._op(), on=turn % 2 == 0)
                await asyncio.wait_for(heard.all_reached.wait(), timeout)
                took = (heard.last_moment - began) * 1000
                await asyncio.sleep(0.15)
            self.revisions[room["id"]] += 1
            if turn >= warm:
                last.append(took)
                cpu, frames = cpu + meter.cpu, frames + heard.frames
                size = heard.bytes // max(1, heard.frames)
        return {
            "last_ms": percentiles(last),
            "us_each": cpu * 1000 / frames,
            "delivered": frames,
            "bytes": size,
        }

    async def support(self, per_second: int, seconds: int, patience: float = 30) -> dict[str, Any]:
        """Let all clients support again and again, evenly spread; then wait for the last acknowledgement."""
        self.heard.reset()
        heard, loop = self.heard, asyncio.get_running_loop()
        each = max(1, per_second * seconds // len(self.visitors))
        total = each * len(self.visitors)
        with Meter(self.server) as meter:
            began = loop.time() + 0.05
            for place, visitor in enumerate(self.visitors):
                for turn in range(each):
                    moment = began + (turn + place / len(self.visitors)) * seconds / each
                    loop.call_at(moment, self._support_next, visitor, turn)
            await asyncio.sleep(seconds + 0.05)
            end = time.monotonic() + patience
            while time.monotonic() < end and not self._all_seen(total):
                await asyncio.sleep(0.02)
        return {
            "sent": heard.sent, "acknowledged": len(heard.ack_ms), "refused": heard.refused,
            "seen": len(heard.seen_ms), "ack_ms": percentiles(heard.ack_ms),
            "seen_ms": percentiles(heard.seen_ms), "us_each": meter.cpu * 1000 / total, "share": meter.share,
            "cpu_ms": meter.cpu, "wall_ms": meter.wall, "delivered": heard.frames, "generator": meter.own_share,
        }  # fmt: skip

    async def change_everywhere(self, seconds: int) -> dict[str, Any]:
        """Change something in every room once a second."""
        self.heard.reset()
        first: dict[str, Visitor] = {}
        for visitor in self.visitors:
            first.setdefault(visitor.room, visitor)
        questions = {room["id"]: room["questions"][0] for room in self.rooms}
        with Meter(self.server) as meter:
            began = time.monotonic()
            for second in range(seconds):
                for place, (room, visitor) in enumerate(first.items()):
                    delay = began + second + place / len(first) - time.monotonic()
                    await asyncio.sleep(max(0.0, delay))
                    visitor.support(questions[room], self._op(), on=second % 2 == 0)
            await asyncio.sleep(max(0.0, began + seconds - time.monotonic()))
        return {
            "share": meter.share, "delivered": self.heard.frames, "changes": self.heard.changes,
            "acknowledged": len(self.heard.ack_ms), "sent": self.heard.sent,
            "seen_ms": percentiles(self.heard.seen_ms), "generator": meter.own_share,
        }  # fmt: skip

    async def idle(self, seconds: float) -> dict[str, Any]:
        self.heard.reset()
        with Meter(self.server) as meter:
            await asyncio.sleep(seconds)
        return {"share": meter.share, "lost_connections": self.heard.lost_connections}

    async def leave(self, patience: float = 120) -> dict[str, Any]:
        """Disconnect all clients at once, without a close frame. Ends when the server is idle again."""
        leaving, self.visitors = self.visitors, []
        with Meter(self.server) as meter:
            for visitor in leaving:
                visitor.leave()
            end = time.monotonic() + patience
            while time.monotonic() < end:
                with Meter(self.server) as moment:
                    await asyncio.sleep(0.25)
                if moment.share < QUIET_SHARE:
                    break
        return {
            "left": len(leaving),
            "cpu_ms_each": meter.cpu / max(1, len(leaving)),
            "seconds": meter.wall / 1000,
        }

    def _support_next(self, visitor: Visitor, turn: int) -> None:
        questions = next(room for room in self.rooms if room["id"] == visitor.room)["questions"]
        visitor.support(questions[(visitor.number + turn) % len(questions)], self._op())

    def _all_seen(self, total: int) -> bool:
        return len(self.heard.ack_ms) + self.heard.refused >= total and len(self.heard.seen_ms) >= len(
            self.heard.ack_ms
        )

    def _op(self) -> str:
        self._ops += 1
        return f"bench-{self._ops:012d}"


async def main() -> None:
    """Run commands until the input ends."""
    raise_open_files()
    loop = asyncio.get_running_loop()
    crowd: Crowd | None = None
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        command = json.loads(line)
        name = command.pop("do")
        if name == "meet":
            crowd, answer = Crowd(**command), {"open_files": raise_open_files()}
        else:
            assert crowd is not None
            answer = await getattr(crowd, name)(**command)
            answer["lost_connections"] = crowd.heard.lost_connections
            if crowd.heard.errors:
                answer["errors"] = dict(crowd.heard.errors.most_common(4))
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
