"""Long form of the chaos tests (`make chaos`). Prints the promises and the measurements; exits 1 on a
failure."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.chaos import faults
from tests.chaos.faults import fault_round
from tests.chaos.frozen import frozen_storm
from tests.chaos.rounds import SEAMS, Round, play
from tests.chaos.storms import form_storm
from tests.houses import empty_database
from tests.servers import running_postgres, running_redis

ENOUGH = 10_000
EVEN_SECONDS = 15
PROMISE = "0 of 10,000 acknowledged writes lost or doubled; every client equal to the database within 5 s"


@contextmanager
def installation(postgres_url: str | None = None) -> Iterator[tuple[Path, dict[str, str]]]:
    """(folder, settings) of a new installation: with a database of its own in that PostgreSQL, because a
    database refuses the keys of another folder."""
    with tempfile.TemporaryDirectory(prefix="dvb-chaos-") as folder, ExitStack() as stack:
        at = {"DATABASE_URL": stack.enter_context(empty_database(postgres_url))} if postgres_url else {}
        yield Path(folder), at


def main() -> int:
    outcomes: list[tuple[str, Round]] = []

    def run(name: str, postgres_url: str | None = None, **how) -> None:
        with installation(postgres_url) as (folder, at):
            outcome = play(folder, **how, **at)
        outcomes.append((name, outcome))
        print(f"{name}: {outcome}", flush=True)

    print(f"Promise: {PROMISE}")
    for seed in range(1, 4):
        run(
            f"SQLite, killed at random, seed {seed}",
            people=30,
            kills=20,
            deeds=80,
            seed=seed,
            most_seconds=150,
        )
    for where in SEAMS:
        run(f"SQLite, dies {where}", people=20, kills=25, fail_at=where, chance=0.03, most_seconds=120)
    run("SQLite, no change is told, only ticks", people=20, kills=5, sabotage="no_changes", quiet_seconds=7)
    run("SQLite, nothing is told, not even a tick", people=20, kills=5, sabotage="no_push", quiet_seconds=14)
    with running_postgres() as postgres, running_redis() as redis:
        three = {
            "people": 40,
            "kills": 20,
            "processes": 3,
            "most_seconds": 150,
            "deeds": 80,
            "postgres_url": postgres.url,
        }
        with_redis = {**three, "REDIS_URL": redis.url}
        run("PostgreSQL, three processes, killed at random", **three)
        run("… the same with Redis", **with_redis)
        run("… with Redis killed halfway", **with_redis, halfway=redis.stop)
        redis.start()
        run("… with Redis hanging from halfway on", **with_redis, halfway=redis.freeze)
        redis.thaw()
        run("… undisturbed, for comparison", **{**with_redis, "kills": 0, "most_seconds": 30})
    bad = _storms() + _faults()
    total = sum(outcome.verdict.acknowledged for _, outcome in outcomes)
    broken = [name for name, outcome in outcomes if not outcome.verdict.holds]
    print(
        f"Measured: {total} acknowledged, {len(broken)} rounds in which something was lost, doubled or different"
    )
    print(f"Storms and faults that did not end as promised: {', '.join(bad) or 'none'}")
    return 1 if broken or bad or total < ENOUGH else 0


def _storms() -> list[str]:
    """Run the load tests. Prints each; returns the names of those that failed."""
    bad = []
    with running_postgres() as postgres:
        for name, url in (("SQLite", None), ("PostgreSQL", postgres.url)):
            with installation(url) as (folder, at):
                storm = form_storm(folder, **at)
            print(f"200 forms at once, {name}: {storm}", flush=True)
            if (storm.answered, storm.kept, storm.pages_refused) != (200, 200, 0):
                bad.append(f"forms on {name}")
    with installation() as (folder, _):
        twin = form_storm(folder, sabotage="hold_connection")
    print(f"… the twin that holds its connection while it waits: {twin}", flush=True)
    with installation() as (folder, _):
        frozen = frozen_storm(folder, people=10_000)
    print(f"A hall that stood still: {frozen}", flush=True)
    if frozen.even_after is None or frozen.even_after > EVEN_SECONDS:
        bad.append("the frozen hall")
    return bad


def _faults() -> list[str]:
    """Run the database faults. Prints each; returns the names of those that failed."""
    bad = []

    def run(name: str, fault: faults.Fault, seconds: float, postgres_url: str | None = None) -> None:
        with installation(postgres_url) as (folder, at):
            outcome = fault_round(folder, fault, seconds=seconds, **at)
        print(f"{name}: {outcome}", flush=True)
        if not outcome.verdict.holds:
            bad.append(name)

    run("SQLite locked by another process for 20 s", faults.sqlite_locked, 20)
    with running_postgres() as postgres:
        run("PostgreSQL, all connections cut off for 10 s", faults.backends_terminated, 10, postgres.url)
        run("PostgreSQL, the room's row locked for 20 s", faults.row_locked, 20, postgres.url)
        run("PostgreSQL, read-only for 12 s", faults.read_only, 12, postgres.url)
    return bad


if __name__ == "__main__":
    sys.exit(main())
