"""One round of chaos: people, kills, quiet, verdict."""

import contextlib
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from flask import Flask

from dagvandebuurt.core.db import db
from tests.chaos.bots import Bot
from tests.chaos.verdict import Verdict, judge
from tests.served import Served, serve
from tests.visitors import house_of, live_session, visitors

SERVER = [sys.executable, "-m", "tests.chaos.server"]
SEAMS = ("before_commit", "after_commit", "before_ack", "before_broadcast")
PACE = {"LIVE_BURST": "1000", "LIVE_EVENTS_PER_SECOND": "1000", "LIVE_GATHER_MS": "50"}


@dataclass(frozen=True)
class Round:
    """Events and result of a round."""

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


@dataclass
class Scene:
    """Server of one or more processes, with people in one of its rooms."""

    houses: list[Served]
    app: Flask
    room: UUID
    bots: list[Bot]

    @property
    def acknowledged(self) -> int:
        return sum(len(bot.acknowledged) for bot in self.bots)

    def until_acknowledged(self, more: int, seconds: float = 30) -> None:
        """Wait until this many more writes were acknowledged."""
        wanted = self.acknowledged + more
        until(lambda: self.acknowledged >= wanted, seconds)

    def end(self, kills: int = 0, quiet_seconds: float = 5) -> Round:
        """Let everybody finish, and compare: within `quiet_seconds` all must be consistent."""
        for bot in self.bots:
            bot.quiet.set()
        until(lambda: not any(bot.outbox for bot in self.bots), 40)
        with self.app.app_context():
            db.engine.dispose()  # the database may have been away since the last query
        verdicts: list[Verdict] = []

        def is_well() -> bool:
            verdicts.append(judge(self.app, self.room, self.bots))
            return verdicts[-1].holds

        until(is_well, quiet_seconds)
        verdict = verdicts[-1]
        waits = sorted(wait for bot in self.bots for wait in bot.waits) or [0.0]
        return Round(
            verdict,
            kills,
            sum(bot.reconnects for bot in self.bots),
            sum(bot.resyncs for bot in self.bots),
            waits[len(waits) // 2] * 1000,
            waits[-1],
        )


@contextlib.contextmanager
def scene(
    folder: Path, *, people: int, processes: int = 1, seed: int = 1, silence: float = 12, **environ: str
) -> Iterator[Scene]:
    """Start people in a server with these settings.

    They connect to any of its processes, and reconnect to any other; a client without messages for `silence`
    seconds polls.
    """
    environ = {**PACE, **environ}
    with contextlib.ExitStack() as stack:
        houses = [
            stack.enter_context(serve(folder, command=SERVER, migrated=number > 0, **environ))
            for number in range(processes)
        ]
        app = house_of(folder, houses[0].environ)
        room = live_session(app)
        crowd = visitors(app, people, moderators=max(2, people // 8))
        urls = [house.url for house in houses]
        bots = [Bot(visitor, urls, room, seed * 1000 + n, silence) for n, visitor in enumerate(crowd)]
        for bot in bots:
            bot.start()
        try:
            yield Scene(houses, app, room, bots)
        finally:
            for bot in bots:
                bot.done.set()
            for bot in bots:
                bot.join(5)
            with app.app_context():
                db.engine.dispose()


def play(
    folder: Path,
    *,
    people: int,
    kills: int,
    deeds: int = 20,
    processes: int = 1,
    sabotage: str = "",
    fail_at: str = "",
    chance: float = 0.0,
    most_seconds: float = 60,
    quiet_seconds: float = 5,
    seed: int = 1,
    silence: float = 12,
    halfway: Callable[[], None] | None = None,
    **settings: str,
) -> Round:
    """Kill a worker (kill -9) `kills` times, each after about `deeds` acknowledged writes, then compare.

    With `fail_at` the server kills itself at those points instead. Without kills it just runs. `halfway` the
    kills something else goes wrong as well.
    """
    environ = {
        **settings,
        "DVB_SABOTAGE": sabotage,
        "DVB_FAIL_AT": fail_at,
        "DVB_FAIL_CHANCE": str(chance),
    }
    with scene(folder, people=people, processes=processes, seed=seed, silence=silence, **environ) as played:
        time.sleep(1.5)
        if fail_at:
            done = _let_die(played.houses, kills, most_seconds)
        else:
            done = _kill(played, kills, deeds, random.Random(seed), most_seconds, halfway)
        return played.end(done, quiet_seconds)


def _let_die(houses: list[Served], kills: int, most_seconds: float) -> int:
    """Wait for workers to kill themselves, until the time is over. Returns how many died."""
    end = time.monotonic() + most_seconds
    died, known = 0, [set(workers_of(house)) for house in houses]
    while died < kills and time.monotonic() < end:
        for number, house in enumerate(houses):
            now = set(workers_of(house))
            died += len(now - known[number])
            known[number] |= now
        time.sleep(0.05)
    for house in houses:
        house.environ["DVB_FAIL_AT"] = ""
        house.stop()
        house.start()
    return died


def _kill(
    played: Scene,
    kills: int,
    deeds: int,
    dice: random.Random,
    most_seconds: float,
    halfway: Callable[[], None] | None,
) -> int:
    """Kill workers. Returns how many were killed."""
    end, done = time.monotonic() + most_seconds, 0
    while done < kills and time.monotonic() < end:
        if halfway is not None and done == kills // 2:
            halfway()
        played.until_acknowledged(dice.randint(1, 2 * deeds), 10)
        time.sleep(dice.random() * 0.2)
        kill(dice.choice(played.houses))
        done += 1
    if not kills:
        time.sleep(most_seconds)
    return done


def kill(house: Served) -> None:
    """kill -9 the serving worker; its parent starts another."""
    for pid in workers_of(house):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def workers_of(house: Served) -> list[int]:
    """The processes that serve, children of the one we started."""
    parent = house.process.pid if house.process else 0
    try:
        return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    except FileNotFoundError:
        return []


def until(true: Callable[[], bool], seconds: float) -> bool:
    """Wait until it is true; whether it became so in time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
