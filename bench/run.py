"""Benchmark of the live core (`make bench`): ours, our server on the stock transport, and a minimal Node
socket.io server, in one run.

Rounds are interleaved, so that whatever else the machine does affects all three alike; what counts is the
ratio inside a run. Loopback only, bounded in count and time. Writes docs/benchmarks.md.
"""

import argparse
import os
import platform
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench.driver import Driver, crowd
from bench.meters import cores, raise_open_files
from bench.servers import Server, house, node
from tests.servers import postgres_server

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
OURS, STOCK, NODE = "direct", "stock", "node"
HALL, CROWD, ROOMS = 1_600, 10_000, 20
Figures = dict[tuple[str, int, str], list[dict[str, Any]]]  # (server, people, work) → one a round


@contextmanager
def serving(name: str, folder: Path, people: int, *, rooms: int = 1, database: str = "") -> Iterator[Server]:
    """Start a fresh server of that name. Node borrows its rooms and people from one of ours that then stops."""
    with ExitStack() as stack:
        if name == NODE:
            with house(folder / "lender", people=people, rooms=rooms) as lender:
                lent = lender
            yield stack.enter_context(node(folder, lent.rooms, lent.people))
        else:
            yield stack.enter_context(house(folder, people=people, rooms=rooms, wire=name, database=database))


def one_hall(name: str, people: int, seconds: int, figures: Figures) -> None:
    """Measure one room: enter, receive, support, leave."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(name, Path(folder), people) as server,
        crowd(server) as driver,
    ):
        made = server.snapshots_made() if name != NODE else 0
        arrived = driver.do("connect", count=people)
        if name != NODE:
            arrived["snapshots"] = server.snapshots_made() - made
        figures[name, people, "connect"].append(arrived)
        figures[name, people, "tell"].append(driver.do("tell", times=8))
        if people == HALL and name != STOCK:
            for rate in (3_200, 4_800):
                figures[name, people, f"support {rate}"].append(supports(driver, server, rate, seconds))
        figures[name, people, "leave"].append(driver.do("leave"))


def supports(driver: Driver, server: Server, rate: int, seconds: int) -> dict[str, Any]:
    """Measure so many supports a second; `lost` were acknowledged but are not in the database."""
    before = server.kept()["operations"] if server.database else 0
    done = driver.do("support", per_second=rate, seconds=seconds)
    if server.database:
        done["lost"] = done["acknowledged"] - (server.kept()["operations"] - before)
    return done


def on_postgres(seconds: int, figures: Figures) -> None:
    """Measure the same on a PostgreSQL that waits for its disk at every commit."""
    with (
        postgres_server(durable=True) as url,
        tempfile.TemporaryDirectory() as folder,
        serving(OURS, Path(folder), HALL, database=url) as server,
        crowd(server) as driver,
    ):
        driver.do("connect", count=HALL)
        figures["postgresql", HALL, "support 3200"].append(supports(driver, server, 3_200, seconds))


def many_rooms(people: int, seconds: int, figures: Figures) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(OURS, Path(folder), people, rooms=ROOMS) as server,
        crowd(server) as driver,
    ):
        driver.do("connect", count=people)
        figures[OURS, people, "rooms"].append(driver.do("change_everywhere", seconds=seconds))


class Table:
    """Medians over the rounds, and ratios between them."""

    def __init__(self, figures: Figures, big: int) -> None:
        self._figures, self._big = figures, big
        self.rows: list[tuple[str, str, str]] = []

    def value(self, name: str, people: int, work: str, *path: str) -> float | None:
        found = []
        for each in self._figures.get((name, people, work), ()):
            value: Any = each
            for key in path:
                value = value.get(key) if isinstance(value, dict) else None
            if value is not None:
                found.append(float(value))
        return median(found) if found else None

    def ratio(self, people: int, work: str, than: str, *path: str) -> str:
        ours, theirs = self.value(OURS, people, work, *path), self.value(than, people, work, *path)
        return f"{ours / theirs:.2f} ×" if ours is not None and theirs else "–"

    def number(self, name: str, people: int, work: str, *path: str, digits: int = 1) -> str:
        value = self.value(name, people, work, *path)
        return "–" if value is None else f"{value:,.{digits}f}"

    def fill(self) -> None:
        add = self.rows.append
        for people in (HALL, self._big):
            add((
                f"CPU per delivered message, {people:,} in one room",
                "≤ 0.25 × stock, ≤ 0.75 × Node",
                f"{self.ratio(people, 'tell', STOCK, 'us_each')} stock, {self.ratio(people, 'tell', NODE, 'us_each')} Node"
                f" ({self.number(OURS, people, 'tell', 'us_each')} µs)",
            ))  # fmt: skip
            add((
                f"last recipient, {people:,} in one room",
                "≤ 1.0 × Node",
                f"{self.ratio(people, 'tell', NODE, 'last_ms', 'p50')} Node"
                f" ({self.number(OURS, people, 'tell', 'last_ms', 'p50')} ms with {GATHER} ms of gathering)",
            ))  # fmt: skip
        add((
            f"{HALL:,} connect at once, with their snapshot",
            "CPU each ≤ 1.0 × Node that only connects; one snapshot query",
            f"{self.ratio(HALL, 'connect', NODE, 'cpu_ms_each')} Node"
            f" ({self.number(OURS, HALL, 'connect', 'cpu_ms_each', digits=2)} ms;"
            f" {self.number(OURS, HALL, 'connect', 'snapshots', digits=0)} snapshot queries)",
        ))  # fmt: skip
        for rate, wanted, path in ((3_200, "all acknowledged, 0 lost; seen p95 ≤ 1.25 × Node", ("seen_ms", "p95")),
                                   (4_800, "CPU each ≤ 1.75 × Node; 0 lost", ("us_each",))):  # fmt: skip
            work = f"support {rate}"
            add((
                f"{rate:,} durable supports a second from {HALL:,} people, SQLite FULL",
                wanted,
                f"{self.ratio(HALL, work, NODE, *path)} Node;"
                f" {self.number(OURS, HALL, work, 'acknowledged', digits=0)} of"
                f" {self.number(OURS, HALL, work, 'sent', digits=0)} acknowledged,"
                f" {self.number(OURS, HALL, work, 'lost', digits=0)} lost",
            ))  # fmt: skip
        add((
            "3,200 a second on PostgreSQL",
            "all acknowledged, 0 lost",
            f"{self.number('postgresql', HALL, 'support 3200', 'acknowledged', digits=0)} of"
            f" {self.number('postgresql', HALL, 'support 3200', 'sent', digits=0)} acknowledged,"
            f" {self.number('postgresql', HALL, 'support 3200', 'lost', digits=0)} lost;"
            f" seen p95 {self.number('postgresql', HALL, 'support 3200', 'seen_ms', 'p95', digits=0)} ms",
        ))  # fmt: skip
        add((
            f"{self._big:,} people in {ROOMS} rooms, a change in each every second",
            "≤ a third of a core",
            f"{self.number(OURS, self._big, 'rooms', 'share', digits=2)} of a core",
        ))  # fmt: skip
        small, large = (self.value(OURS, people, "leave", "cpu_ms_each") for people in (HALL, self._big))
        add((
            f"{self._big:,} people leave at once",
            f"CPU each ≤ 2 × that at {HALL:,}",
            f"{large / small:.2f} ×" if small and large else "–",
        ))  # fmt: skip
        add((
            "memory per connected person",
            "≤ 45 KiB",
            f"{self.number(OURS, self._big, 'connect', 'kib_each')} KiB",
        ))  # fmt: skip

    def page(self, rounds: int, seconds: float) -> str:
        lines = [
            "# Benchmarks",
            "",
            f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}: {rounds} round(s), interleaved, medians;"
            f" {cores()} cores shared by the server and the crowd, Python {platform.python_version()},"
            f" {seconds / 60:.0f} minutes. Ratios count, within this run; a figure of another day or machine says little.",
            "",
            "| work | must reach | measured |",
            "|---|---|---|",
            *(f"| {work} | {wanted} | {measured} |" for work, wanted, measured in self.rows),
            "",
        ]
        return "\n".join(lines)


GATHER = 250


def main() -> None:
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--quick", action="store_true", help="one round, fewer people: to see that it runs")
    reading.add_argument("--rounds", type=int, default=3)
    reading.add_argument("--no-page", action="store_true", help="print only")
    chosen = reading.parse_args()
    rounds, big, seconds = (1, 3_000, 3) if chosen.quick else (chosen.rounds, CROWD, 10)
    raise_open_files()
    began, figures = time.monotonic(), defaultdict(list)
    for _ in range(rounds):
        for people in (HALL, big):
            for name in (OURS, NODE, STOCK):
                one_hall(name, people, seconds, figures)
                print(f"{name}, {people:,} people: done after {time.monotonic() - began:.0f} s", flush=True)
    many_rooms(big, seconds, figures)
    on_postgres(seconds, figures)
    table = Table(figures, big)
    table.fill()
    page = table.page(rounds, time.monotonic() - began)
    print(page)
    if not chosen.no_page and not chosen.quick:
        PAGE.write_text(page)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
