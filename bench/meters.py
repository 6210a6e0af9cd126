"""CPU and memory meters of a process tree: the scheduler's own count, proportional set size."""

import os
import time
from pathlib import Path

PROC = Path("/proc")


def family(root: int) -> list[int]:
    """Return a process and its running descendants."""
    found = [root]
    for pid in found:
        for task in (PROC / str(pid) / "task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue  # it ended meanwhile
    return found


def cpu_ms(pids: list[int]) -> float:
    """Return the milliseconds of CPU so far, of every thread, to the nanosecond."""
    total = 0
    for pid in pids:
        for task in (PROC / str(pid) / "task").glob("*/schedstat"):
            try:
                total += int(task.read_text().split()[0])
            except OSError:
                continue
    return total / 1e6


def memory_kib(pids: list[int]) -> int:
    """Return the proportional set size: what would be free if they were gone."""
    total = 0
    for pid in pids:
        try:
            lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


class Meter:
    """CPU of a process tree, and of the load generator itself, over a `with` block."""

    def __init__(self, root: int) -> None:
        self._root = root
        self.cpu = self.wall = self.own = 0.0  # milliseconds

    def __enter__(self) -> "Meter":
        self._began = time.monotonic(), cpu_ms(family(self._root)), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        began, cpu, own = self._began
        self.wall = (time.monotonic() - began) * 1000
        self.cpu = cpu_ms(family(self._root)) - cpu
        self.own = (time.process_time() - own) * 1000

    @property
    def share(self) -> float:
        """Return the share of one core."""
        return self.cpu / self.wall if self.wall else 0.0

    @property
    def own_share(self) -> float:
        """Return the share of the generator's core: above 0.9 it, not the server, sets the pace."""
        return self.own / self.wall if self.wall else 0.0


def percentiles(values: list[float]) -> dict[str, float]:
    """Return the median, the 95th percentile and the maximum, in milliseconds."""
    if not values:
        return {}
    ordered = sorted(values)
    pick = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {
        name: round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 1)
        for name, part in pick.items()
    }


def raise_open_files() -> int:
    """Raise the limit on open files to the hard limit; inherited by child processes."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def cores() -> int:
    return len(os.sched_getaffinity(0))
