"""Test runner around pytest: flaky tests fail the run, and a run that hangs ends with stack dumps.

A test that fails and then passes alone is named as flaky, and the run is red all the same. pytest-timeout
raises inside the test, which a thread pool that waits for its threads swallows, and pytest-xdist can wait
for ever for a worker that died: so this process watches from outside how long each test takes and how long
the whole takes.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
# Of one test (pytest's own `timeout` is shorter), and of all of them.
TEST_SECONDS = float(os.environ.get("DVB_TEST_SECONDS", "600"))
RUN_SECONDS = float(os.environ.get("DVB_RUN_SECONDS", "3600"))
POLL_SECONDS = 1.0
DUMP_SECONDS = 0.5
MOST_RETRIED = 3
FAILED, HUNG = 1, 1

# Three at a time on two processors: a third of the time a test waits, for a browser or a server.
PARALLEL = [
    *("-n", os.environ.get("DVB_PARALLEL", "3"), "--dist", "loadfile", "--no-loadscope-reorder"),
    *("--max-worker-restart", "0"),  # a worker that dies ends the run
    "--cache-clear",
]
ALONE = ["-n", "0", "--last-failed", "--last-failed-no-failures", "none"]


def run(arguments: list[str]) -> int:
    """Run pytest under watch; give back its exit status, or `HUNG`."""
    with tempfile.TemporaryDirectory(prefix="dvb-running-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", *arguments],
            cwd=ROOT,
            env=environment() | {"DVB_RUNNING_TESTS": folder},
            start_new_session=True,
        )
        try:
            return watched(process, Path(folder))
        finally:
            end(process)


def environment() -> dict[str, str]:
    """Return the variables for pytest: bytecode is kept, or each worker compiles every test anew."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def watched(process: subprocess.Popen, folder: Path) -> int:
    """Wait for the end; when a test or the whole takes too long, say which tests were running, and where."""
    began = time.monotonic()
    while (status := process.poll()) is None:
        time.sleep(POLL_SECONDS)
        running = running_tests(folder)
        too_long = [each for each in running if each.seconds > TEST_SECONDS]
        if not too_long and time.monotonic() - began < RUN_SECONDS:
            continue
        print(f"\n--- hung: ended after {time.monotonic() - began:.0f} seconds. Running:", file=sys.stderr)
        for each in running:
            print(f"    {each.name} ({each.seconds:.0f} seconds)", file=sys.stderr)
        for each in running:
            print(f"\n--- stacks of {each.name}\n{each.stacks()}", file=sys.stderr)
        return HUNG
    return status


class RunningTest:
    """What tests/conftest.py wrote down of a test that has begun and not ended."""

    def __init__(self, path: Path) -> None:
        self.pid = int(path.name)
        self.dump = path.with_suffix(".stacks")
        self.name = path.read_text()
        self.seconds = time.time() - path.stat().st_mtime

    def stacks(self) -> str:
        """The stacks of all threads of the process, which conftest.py lets it write down at this signal."""
        try:
            os.kill(self.pid, signal.SIGUSR1)
        except ProcessLookupError:
            return f"process {self.pid} is gone"
        time.sleep(DUMP_SECONDS)
        return self.dump.read_text() or f"process {self.pid} does not answer"


def running_tests(folder: Path) -> list[RunningTest]:
    found = []
    for path in sorted(folder.glob("*[0-9]")):
        try:
            test = RunningTest(path)
        except FileNotFoundError:  # it ended meanwhile
            continue
        if test.name:
            found.append(test)
    return found


def end(process: subprocess.Popen) -> None:
    """End pytest and whatever it started: servers and browsers have sessions of their own."""
    if process.poll() is None:
        for pid in [process.pid, *descendants(process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    process.wait()


def descendants(pid: int) -> list[int]:
    """Where there is no /proc, none: then only pytest itself is ended."""
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, path.read_text().split()):
                found += [child, *descendants(child)]
    return found


def failed_tests() -> list[str]:
    return list(json.loads(CACHE.read_text())) if CACHE.exists() else []


def main(arguments: list[str]) -> int:
    status = run([*PARALLEL, *arguments])
    failed = failed_tests()
    if status != FAILED or not 0 < len(failed) <= MOST_RETRIED:
        return status
    print(f"--- {len(failed)} failed: once more, alone", flush=True)
    run([*ALONE, *arguments])
    still = failed_tests()
    for name in failed:
        print(f"--- {'fails again' if name in still else 'FLAKY, it passed the second time'}: {name}")
    return FAILED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
