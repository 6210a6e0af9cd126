"""`make chaos`: the long form. Prints the promise and what was measured; exits 1 when it does not hold."""

import sys
import tempfile
from pathlib import Path

from tests.chaos.rounds import SEAMS, Round, play
from tests.servers import running_postgres, running_redis

ENOUGH = 10_000
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
    total = sum(outcome.verdict.acknowledged for _, outcome in outcomes)
    broken = [name for name, outcome in outcomes if not outcome.verdict.holds]
    print(
        f"Measured: {total} acknowledged, {len(broken)} rounds in which something was lost, doubled or different"
    )
    return 1 if broken or total < ENOUGH else 0


if __name__ == "__main__":
    sys.exit(main())
