"""`make chaos`: the long form. Prints the promise and what was measured; exits 1 when it does not hold."""

import sys
import tempfile
from pathlib import Path

from tests.chaos.rounds import Round, play
from tests.servers import running_postgres

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
            f"SQLite, one process, random kill -9, seed {seed}",
            people=30,
            kills=20,
            seed=seed,
            most_seconds=90,
        )
    for where in ("before_commit", "after_commit", "before_broadcast"):
        run(f"SQLite, dies {where}", people=20, kills=20, fail_at=where, chance=0.03, most_seconds=90)
    with running_postgres() as postgres:
        run("PostgreSQL, three processes, random kill -9", people=40, kills=20, processes=3, most_seconds=90,
            DATABASE_URL=postgres.url)  # fmt: skip
    total = sum(outcome.verdict.acknowledged for _, outcome in outcomes)
    broken = [name for name, outcome in outcomes if not outcome.verdict.holds]
    print(
        f"Measured: {total} acknowledged, {len(broken)} rounds in which something was lost, doubled or different"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
