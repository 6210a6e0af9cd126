"""Driver of a load generator in its own process, with timeouts."""

import json
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.servers import Server

LOAD = Path(__file__).with_name("load.py")


class Driver:
    """Client of the generator: `driver.connect(count=…)` runs that command and returns its measurements."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def do(self, name: str, patience: float = 300, **values: Any) -> dict[str, Any]:
        """Run a command. Raises RuntimeError when the generator ended or took longer than `patience`
        seconds."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": name, **values}) + "\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], patience)
        line = self._process.stdout.readline() if ready else ""
        if not line:
            raise RuntimeError(f"the load generator did not answer to {name}")
        return dict(json.loads(line))


@contextmanager
def crowd(server: Server) -> Iterator[Driver]:
    """Start a generator to load `server` with; it stops when the block ends."""
    process = subprocess.Popen(
        [sys.executable, LOAD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        driver = Driver(process)
        rooms = [{"id": room["id"], "questions": room["questions"]} for room in server.rooms]
        driver.do("meet", url=server.url, server=server.pid, people=str(server.people), rooms=rooms)
        yield driver
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
