"""Long form of the chaos tests (`make chaos`). Prints the promises and the measurements; exits 1 on a
failure."""

import sys
import tempfile
from pathlib import Path

from tests.chaos import faults
from tests.chaos.faults import fault_round
from tests.chaos.frozen import frozen_storm
from tests.chaos.rounds import SEAMS, Round, play
from tests.chaos.storms import form_storm
from tests.servers import running_postgres, running_redis

ENOUGH = 10_000
EVEN_SECONDS = 15
PROMISE = "0 of 10,000 acknowledged writes lost or doubled; every client equal to the database within 5 s"


def main() -> int:
    outcomes: list[tuple[str, Round]] = []

    def run(name: str, **how) -> None:
        with tempfile.TemporaryDirectory(prefix="dvb-chaos-") as folder:
            outcome = play(Path(folder), **how)
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
            "DATABASE_URL": postgres.url,
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
        for name, environ in (("SQLite", {}), ("PostgreSQL", {"DATABASE_URL": postgres.url})):
            with tempfile.TemporaryDirectory(prefix="dvb-chaos-") as folder:
                storm = form_storm(Path(folder), **environ)
            print(f"200 forms at once, {name}: {storm}", flush=True)
            if (storm.answered, storm.kept, storm.pages_refused) != (200, 200, 0):
                bad.append(f"forms on {name}")
    with tempfile.TemporaryDirectory(prefix="dvb-chaos-") as folder:
        twin = form_storm(Path(folder), sabotage="hold_connection")
    print(f"… the twin that holds its connection while it waits: {twin}", flush=True)
    with tempfile.TemporaryDirectory(prefix="dvb-chaos-") as folder:
        frozen = frozen_storm(Path(folder), people=10_000)
    print(f"A hall that stood still: {frozen}", flush=True)
    if frozen.even_after is None or frozen.even_after > EVEN_SECONDS:
        bad.append("the frozen hall")
    return bad


def _faults() -> list[str]:
    """Run the database faults. Prints each; returns the names of those that failed."""
    bad = []

    def run(name: str, fault: faults.Fault, seconds: float, **environ: str) -> None:
        with tempfile.TemporaryDirectory(prefix="dvb-chaos-") as folder:
            outcome = fault_round(Path(folder), fault, seconds=seconds, **environ)
        print(f"{name}: {outcome}", flush=True)
        if not outcome.verdict.holds:
            bad.append(name)

    run("SQLite locked by another process for 20 s", faults.sqlite_locked, 20)
    with running_postgres() as postgres:
        at = {"DATABASE_URL": postgres.url}
        run("PostgreSQL, all connections cut off for 10 s", faults.backends_terminated, 10, **at)
        run("PostgreSQL, the room's row locked for 20 s", faults.row_locked, 20, **at)
        run("PostgreSQL, read-only for 12 s", faults.read_only, 12, **at)
    return bad


if __name__ == "__main__":
    sys.exit(main())
