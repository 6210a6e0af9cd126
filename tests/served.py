"""The house as it really runs: its own process, its own port, stopped by its own id."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEST_KEY = "a-key-that-only-tests-use-0123456789"


@dataclass
class Served:
    """A running house. `stop` and `start` are for tests of what a restart does."""

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
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=2).close()
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError(f"the house did not start:\n{self.log[-3000:]}") from None
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"the house did not answer:\n{self.log[-3000:]}")

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)
            self.process.wait(5)
        self.process = None


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def serve(
    folder: Path,
    *,
    demo: bool = False,
    migrated: bool = False,
    command: list[str] | None = None,
    **settings: str,
) -> Iterator[Served]:
    """Serve a house that lives in `folder`. With `demo` the congress is loaded first; where one is served
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
        **({"DVB_DEMO": "1"} if demo else {}),
        **settings,
    }
    if not migrated:
        ready = ["demo", "--no-serve"] if demo else ["migrate"]
        made = subprocess.run(
            [sys.executable, "-m", "dagvandebuurt.cli", *ready],
            env=environ, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"{ready[0]} failed:\n{made.stdout}\n{made.stderr}")
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
        house.stop()
