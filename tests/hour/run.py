"""The played hour (`make hour`): prints what was measured beside what is promised; exits 1 when a promise is broken.

A server of its own on loopback, a crowd over sockets, two moderators (a laptop and a phone), a host and the big
screen in Chromium. It stops by itself, and ends what it started by its own id.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from uuid import UUID

from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as Interrupted

from dagvandebuurt.core.clock import now
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people.models import Role, RoleGrant
from dagvandebuurt.programme.models import ProgrammeSession
from tests.chaos.rounds import until
from tests.hour.crowd import DEEDS_PER_SECOND, Neighbour, Watcher
from tests.hour.desks import OPTIONS, BigScreen, Desk, Host
from tests.hour.verdict import Exactness, exactness
from tests.served import serve
from tests.servers import running_postgres
from tests.visitors import house_of, live_session, visitors

PEOPLE, MINUTES = 100, 15.0
FULL = 20  # waiting: then moderators work on without resting
REST_MS = 1_500
MOST_MORE = 300  # seconds, for what has to happen once: a poll, a turn, more time
EVEN_SECONDS = 15  # until everybody shows what the database holds
ANSWER = "Dat zoeken we uit, en wie het vroeg hoort het binnen vier weken."


@dataclass(frozen=True)
class Row:
    """Line of the table. `holds` is None for what is told and not promised; `timed` depends on the machine."""

    name: str
    found: str
    promised: str = ""
    holds: bool | None = None
    timed: bool = False


@dataclass
class Played:
    """An hour as it went."""

    exact: Exactness
    desks: list[Desk]
    host: Host
    screen: BigScreen
    crowd: list[Neighbour]
    server_errors: int
    questions: int
    polls: int
    longer: bool
    rows: list[Row] = field(default_factory=list)

    @property
    def broken(self) -> list[Row]:
        return [row for row in self.rows if row.holds is False]


@dataclass
class Scene:
    """Server, its room, its people and their pages."""

    app: Flask
    room: UUID
    crowd: list[Neighbour]
    desks: list[Desk]
    host: Host
    screen: BigScreen

    def step(self, do: Callable[[], object]) -> None:
        """Do something at a page. What comes to nothing is told at the end; the hour goes on."""
        try:
            do()
        except Interrupted as broken:
            self.desks[0].failed.append(str(broken).splitlines()[0])


@contextmanager
def scene(
    folder: Path, browser: Browser, *, people: int, pace: float, processes: int, **environ: str
) -> Iterator[Scene]:
    """Start everything; end it afterwards."""
    with ExitStack() as stack:
        houses = [
            stack.enter_context(serve(folder, migrated=number > 0, **environ)) for number in range(processes)
        ]
        urls = [house.url for house in houses]
        app = house_of(folder, houses[0].environ)
        room = live_session(app, "Een gespeeld uur")
        residents = visitors(app, people)
        leaders = visitors(app, 4, moderators=3, prefix="Regie")
        with app.app_context(), transaction():
            db.session.add(
                RoleGrant(person_id=leaders[3].person_id, role=Role.HOST, scope_id=room, granted_at=now())
            )
            slug = db.session.get_one(ProgrammeSession, room).slug
        asked = count()
        crowd = [Neighbour(each, urls, room, n, pace=pace, asked=asked) for n, each in enumerate(residents)]
        crowd.append(Watcher(leaders[2], urls, room, people))
        at = f"/sessies/{slug}"
        desks = [
            Desk(browser, urls[0], leaders[0], 1280, 800, seed=1, first=0),
            Desk(browser, urls[-1], leaders[1], 390, 844, seed=2, first=2),
        ]
        host = Host(browser, urls[0], leaders[3], 1024, 768)
        screen = BigScreen(browser, urls[-1], None, 1280, 720)
        for seat, path in (
            (desks[0], "regie"),
            (desks[1], "regie"),
            (host, "gespreksleider"),
            (screen, "podium"),
        ):
            seat.go(f"{at}/{path}")
        for bot in crowd:
            bot.start()
        try:
            yield Scene(app, room, crowd, desks, host, screen)
        finally:
            for bot in crowd:
                bot.done.set()
            for bot in crowd:
                bot.join(5)
            for seat in (*desks, host, screen):
                seat.context.close()
            with app.app_context():
                db.engine.dispose()


def play(
    folder: Path, browser: Browser, *, people: int = PEOPLE, seconds: float = MINUTES * 60,
    pace: float = DEEDS_PER_SECOND, processes: int = 1, **environ: str,
) -> Played:  # fmt: skip
    """Play an hour of so many seconds, and compare at the end."""
    with scene(folder, browser, people=people, pace=pace, processes=processes, **environ) as here:
        rounds, polls, longer = 0, 0, False
        first, second = here.desks
        until(lambda: first.waiting() >= FULL, 60)
        for desk in here.desks:
            desk.look()
        end = time.monotonic() + seconds
        while time.monotonic() < end or (
            time.monotonic() < end + MOST_MORE and not (polls and longer and here.host.turns)
        ):
            for desk in here.desks:
                here.step(desk.aim)
            if first.waiting() < FULL:
                first.page.wait_for_timeout(REST_MS)
            for desk in here.desks:
                here.step(desk.decide)
            if rounds % 4 == 1:
                here.step(second.put_ready)
                until(here.host.sees_next, 10)
                here.step(lambda: here.host.next() or first.put_live())
                here.screen.look()
            if rounds % 4 == 3:
                here.step(lambda: first.answer(ANSWER))
                here.step(here.host.done)
                here.screen.look()
            if rounds % 40 == 5:
                polls += 1
                here.step(partial(_poll, here, f"Wat moet er als eerste gebeuren, in ronde {polls}?"))
            if rounds == 6:
                here.step(here.host.longer)
                longer = True
            rounds += 1
        for bot in here.crowd:
            bot.quiet.set()
        until(lambda: not any(bot.outbox for bot in here.crowd), 40)
        found: list[Exactness] = []

        def is_even() -> bool:
            found.append(exactness(here.app, here.room, here.crowd, here.desks))
            return not found[-1].differences

        until(is_even, EVEN_SECONDS)
        log = (folder / "server.log").read_text()
        played = Played(
            found[-1], here.desks, here.host, here.screen, here.crowd, log.count("Traceback"),
            len(first.cards()), polls, longer,
        )  # fmt: skip
    played.rows = table(played)
    return played


def _poll(here: Scene, title: str) -> None:
    """Ask the room, let it vote, and show the result, with the big screen looked at in each state."""
    desk = here.desks[0]
    desk.write_poll(title, OPTIONS)
    here.screen.look()
    voters = {id(bot) for bot in here.crowd if isinstance(bot, Neighbour) and bot.pace}

    def most_voted() -> bool:
        return sum(bool(bot.votes) for bot in here.crowd if id(bot) in voters) > len(voters) / 4

    until(most_voted, 10)
    desk.close_poll(title)
    here.screen.look()


def table(played: Played) -> list[Row]:
    """Put what was measured beside what is promised."""
    desks = played.desks
    rows = [
        Row("exactness: differences", str(played.exact.differences), "0", played.exact.differences == 0),
        Row("tracebacks at the server", str(played.server_errors), "0", played.server_errors == 0),
        Row("errors of scripts", str(_complaints(played)), "0", not _complaints(played)),
        Row(
            "deeds that came to nothing",
            str(sum(len(d.failed) for d in desks)),
            "0",
            not any(d.failed for d in desks),
            timed=True,
        ),
    ]
    timed = [each for desk in desks for each in desk.timed]
    for deed in sorted({each.deed for each in timed}):
        took = [each.seconds for each in timed if each.deed == deed]
        person = statistics.median(each.person for each in timed if each.deed == deed)
        found = (
            f"median {statistics.median(took):.2f}, p95 {p95(took):.2f} ({len(took)}; a person {person:.0f})"
        )
        rows.append(Row(f"seconds to {deed}", found))
    busy = [each.thread_ms for each in timed]
    found = f"median {statistics.median(busy or [0]):.0f}, p95 {p95(busy):.0f} ms, with {played.questions} questions"
    rows.append(
        Row(
            "main thread for one deed",
            found,
            "median ≤ 100 ms",
            statistics.median(busy or [0]) <= 100,
            timed=True,
        )
    )
    moved = max((px for desk in desks for px in desk.moved), default=0)
    looks = sum(len(desk.moved) for desk in desks)
    rows += [
        Row("pixels moved under a finger", f"{moved} (of {looks} times)", "0", moved == 0, timed=True),
        Row(
            "waiting cards in view, 1280×800", str(desks[0].in_view), "≥ 6", desks[0].in_view >= 6, timed=True
        ),
        Row(
            "waiting cards in view, a phone", str(desks[1].in_view), "≥ 3", desks[1].in_view >= 3, timed=True
        ),
        Row("pixels outside the big screen, 1280×720", str(played.screen.most), "0", played.screen.most == 0),
        Row("second at a question", f"{sum(desk.late for desk in desks)} times"),
        Row("polls to their result, turns, longer", f"{played.polls}, {played.host.turns}, {played.longer}"),
    ]
    return rows


def _complaints(played: Played) -> int:
    return sum(len(seat.complaints) for seat in (*played.desks, played.host, played.screen))


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)] if values else 0.0


def main() -> int:
    asked = argparse.ArgumentParser(prog="make hour", description=__doc__)
    asked.add_argument("--minutes", type=float, default=MINUTES)
    asked.add_argument("--people", type=int, default=PEOPLE)
    asked.add_argument("--on-postgres", action="store_true", help="on PostgreSQL, with two processes")
    how = asked.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dvb-hour-")))
        elsewhere = {}
        if how.on_postgres:
            elsewhere["DATABASE_URL"] = stack.enter_context(running_postgres(durable=True)).url
        made = stack.enter_context(sync_playwright())
        browser = made.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        stack.callback(browser.close)
        played = play(
            folder, browser, people=how.people, seconds=how.minutes * 60,
            processes=2 if how.on_postgres else 1, **elsewhere,
        )  # fmt: skip
    print(f"{how.people} people, {how.minutes:g} minutes, {'PostgreSQL' if how.on_postgres else 'SQLite'}")
    print(played.exact)
    for desk in played.desks:
        for line in (*desk.failed, *desk.complaints, *desk.shifts):
            print(f"  {line}")
    wide = max(len(row.name) for row in played.rows)
    for row in played.rows:
        kept = {True: "kept", False: "BROKEN", None: ""}[row.holds]
        print(f"{row.name:<{wide}}  {row.found:<58}  {row.promised:<16} {kept}".rstrip())
    return 1 if played.broken else 0


if __name__ == "__main__":
    sys.exit(main())
