"""One round of chaos: people, kills, quiet, verdict."""

import contextlib
import os
import random
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from dagvandebuurt.core.db import db
from tests.chaos.bots import Bot
from tests.chaos.verdict import Verdict, judge
from tests.served import Served, serve
from tests.visitors import house_of, live_session, visitors

SERVER = [sys.executable, "-m", "tests.chaos.server"]


@dataclass(frozen=True)
class Round:
    """What happened, and what it came to."""

    verdict: Verdict
    kills: int
    reconnects: int
    resyncs: int
    ack_p50_ms: float
    ack_max_s: float

    def __str__(self) -> str:
        v = self.verdict
        return (
            f"acknowledged {v.acknowledged}, lost {v.lost}, doubled {v.doubled}, denied though done {v.denied}, "
            f"clients not equal to the database {v.differing}; kills {self.kills}, reconnects {self.reconnects}, "
            f"resyncs {self.resyncs}, ack p50 {self.ack_p50_ms:.0f} ms, longest {self.ack_max_s:.1f} s"
        )


def play(
    folder: Path,
    *,
    people: int,
    kills: int,
    processes: int = 1,
    sabotage: str = "",
    fail_at: str = "",
    chance: float = 0.0,
    most_seconds: float = 60,
    quiet_seconds: float = 5,
    seed: int = 1,
    **settings: str,
) -> Round:
    """Kill the worker (kill -9) `kills` times while people take part, then ask for the truth.

    With `fail_at` the server kills itself at that seam instead. Without kills it just runs.
    """
    pace = {"LIVE_BURST": "1000", "LIVE_EVENTS_PER_SECOND": "1000", "LIVE_GATHER_MS": "50"}
    environ = {
        **pace,
        **settings,
        "DVB_SABOTAGE": sabotage,
        "DVB_FAIL_AT": fail_at,
        "DVB_FAIL_CHANCE": str(chance),
    }
    with contextlib.ExitStack() as stack:
        houses = [stack.enter_context(serve(folder, command=SERVER, **environ)) for _ in range(processes)]
        app = house_of(folder, houses[0].environ)
        room = live_session(app)
        crowd = visitors(app, people, moderators=max(2, people // 8))
        urls = [house.url for house in houses]
        bots = [Bot(visitor, urls, room, seed * 1000 + n) for n, visitor in enumerate(crowd)]
        for bot in bots:
            bot.start()
        done = _kill(houses, kills, fail_at, random.Random(seed), most_seconds)
        for bot in bots:
            bot.quiet.set()
        _until_answered(bots, 40)
        time.sleep(quiet_seconds)
        verdict = judge(app, room, bots)
        for bot in bots:
            bot.done.set()
        waits = sorted(wait for bot in bots for wait in bot.waits) or [0.0]
        for bot in bots:
            bot.join(5)
        with app.app_context():
            db.engine.dispose()
    return Round(
        verdict,
        done,
        sum(bot.reconnects for bot in bots),
        sum(bot.resyncs for bot in bots),
        waits[len(waits) // 2] * 1000,
        waits[-1],
    )


def _kill(houses: list[Served], kills: int, fail_at: str, dice: random.Random, most_seconds: float) -> int:
    """Returns how many workers died."""
    end = time.monotonic() + most_seconds
    time.sleep(1.5)
    if fail_at:
        died, known = 0, [set(workers_of(house)) for house in houses]
        while died < kills and time.monotonic() < end:
            for number, house in enumerate(houses):
                now = set(workers_of(house))
                died += len(now - known[number])
                known[number] |= now
            time.sleep(0.05)
        for house in houses:  # the rest in peace
            house.environ["DVB_FAIL_AT"] = ""
            house.stop()
            house.start()
        return died
    for _ in range(kills):
        time.sleep(0.6 + dice.random() * 0.9)
        house = dice.choice(houses)
        for pid in workers_of(house):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > end:
            break
    if not kills:
        time.sleep(most_seconds)
    return kills


def workers_of(house: Served) -> list[int]:
    """The processes that serve, children of the one we started."""
    parent = house.process.pid if house.process else 0
    try:
        return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    except FileNotFoundError:
        return []


def _until_answered(bots: list[Bot], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and any(bot.outbox for bot in bots):
        time.sleep(0.1)
