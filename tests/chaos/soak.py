"""Soak: people ask, support and reconnect for minutes, and the memory of the server is measured as it goes.

Part of `make chaos`. `DVB_SOAK_SECONDS` says how long (120). What grows with the writes is the content of the
room (its questions in the snapshots of hall and desk), the page caches of SQLite's connections and caches of
fixed length (docs/running.md, *Memory*); what would grow with connections or time alone is a leak.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.rounds import Scene, scene, workers_of

SECONDS = float(os.environ.get("DVB_SOAK_SECONDS", "120"))
MOST_KIB_A_WRITE = 4.0  # several times what a stored question takes; a leak of a request is far more
QUIET_SECONDS = 15.0
MOST_KIB_QUIET = 2048


def private_kib(played: Scene) -> int:
    """Memory of the serving process that is its own, without the pages of files it shares."""
    [worker] = workers_of(played.houses[0])
    lines = Path(f"/proc/{worker}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Anonymous:"))


def soak(seconds: float = SECONDS, people: int = 24) -> tuple[bool, str]:
    """(Whether the bounds hold, what was measured.)"""
    with (
        tempfile.TemporaryDirectory(prefix="dvb-soak-") as folder,
        scene(Path(folder), people=people) as played,
    ):
        time.sleep(min(20.0, seconds / 4))  # what is made once: compiled pages, statements, pools
        began, writes = private_kib(played), played.acknowledged
        time.sleep(seconds)
        ended, writes = private_kib(played), played.acknowledged - writes
        for bot in played.bots:
            bot.quiet.set()  # connected, and silent
        time.sleep(QUIET_SECONDS)
        before = private_kib(played)
        time.sleep(QUIET_SECONDS)
        idle = private_kib(played) - before
    each = (ended - began) / max(writes, 1)
    holds = each <= MOST_KIB_A_WRITE and idle <= MOST_KIB_QUIET
    return holds, (
        f"{writes} writes in {seconds:.0f} s: private memory {began // 1024} to {ended // 1024} MB"
        f" ({each:.2f} KiB a write); {idle} KiB more in {QUIET_SECONDS:.0f} s of silence"
    )


def main() -> int:
    holds, said = soak()
    print(f"soak: {'holds' if holds else 'BROKEN'}: {said}", flush=True)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
