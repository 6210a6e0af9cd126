"""Real server for tests: its own process and port, stopped by its own id."""

import atexit
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEST_KEY = "a-key-that-only-tests-use-0123456789"

MOST_SECONDS_TO_START = 120  # on a machine that does much else


@dataclass
class Served:
    """Running server. `stop` and `start` are for tests of restarts."""

    folder: Path
    url: str
    environ: dict[str, str]
    command: list[str]
    process: subprocess.Popen | None = field(default=None)

    @property
    def log(self) -> str:
        return (self.folder / "server.log").read_text()

    def start(self) -> None:
        log = (self.folder / "server.log").open("a")
        self.process = subprocess.Popen(
            self.command,
            env=self.environ,
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()
        deadline = time.monotonic() + MOST_SECONDS_TO_START
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=2).close()
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError(f"the house did not start:\n{self.log[-3000:]}") from None
                time.sleep(0.1)
            else:
                return
        self.end()  # or it would take its part of the processor until the machine stops
        raise RuntimeError(f"the house did not answer:\n{self.log[-3000:]}")

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.end()
        self.process = None

    def end(self) -> None:
        """Kill it: its data is thrown away, and a graceful end waits for open pages."""
        if self.process is not None:
            os.killpg(self.process.pid, 9)
            self.process.wait(5)
            self.process = None


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@cache
def _migrated() -> Path:
    """A migrated database, made once in this process, to be copied."""
    folder = tempfile.mkdtemp(prefix="dvb-migrated-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _run("migrate", {**os.environ, "DATA_FOLDER": folder, "SECRET_KEY": TEST_KEY, "PYTHONPATH": str(ROOT)})
    made = Path(folder, "dagvandebuurt.db")
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # whole in one file, however the process ended
    return made


def copy_migrated(folder: Path) -> None:
    """Copy a migrated database into `folder`, with its keys: it knows which are its own."""
    made = _migrated()
    shutil.copy(made, folder)
    shutil.copytree(made.with_name("keys"), folder / "keys", dirs_exist_ok=True)


def _run(command: str, environ: dict[str, str]) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "dagvandebuurt.cli", *command.split()],
        env=environ, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise RuntimeError(f"{command} failed:\n{made.stdout}\n{made.stderr}")


@contextmanager
def serve(
    folder: Path,
    *,
    demo: bool = False,
    migrated: bool = False,
    command: list[str] | None = None,
    **settings: str,
) -> Iterator[Served]:
    """Serve an app that lives in `folder`. With `demo` the congress is loaded first; where one is served
    already, another process needs no migrations (`migrated`)."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    environ = {
        **os.environ,
        "DATA_FOLDER": str(folder),
        "SECRET_KEY": TEST_KEY,
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "PYTHONPATH": str(ROOT),
        **({"DVB_DEMO": "1", "DVB_CROWD": "0"} if demo else {}),
        **settings,
    }
    if demo:
        _run("demo --no-serve", environ)
    elif "DATABASE_URL" not in environ and not any(folder.glob("*.db")):
        copy_migrated(folder)
    elif not migrated:
        _run("migrate", environ)
    house = Served(
        folder,
        f"http://127.0.0.1:{port}",
        environ,
        command or [sys.executable, "-m", "dagvandebuurt.serve"],
    )
    house.start()
    try:
        yield house
    finally:
        house.end()
