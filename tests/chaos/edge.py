"""Load tests of `make chaos`: passwords and certificates, and idle connections. Prints the measurements.

Each compares with an idle period of the same run: the figures are ratios, so that a slow machine does not
matter.
"""

import contextlib
import http.client
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

from dagvandebuurt.attendance.models import Certificate
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.programme.models import ProgrammeSession
from tests.served import Served, serve
from tests.socket_client import Socket
from tests.visitors import Visitor, house_of, live_session, visitors

GUESSERS, READERS = 8, 4
MOST_TIMES = 3.0  # p95 under load, beside idle
# A p95 of two milliseconds has no meaning beside a scheduler's slice: below this nothing is compared.
LEAST_QUIET = 0.010
SMALL_LIMIT = 256  # open files of the server in the idle storm, soft


def p95(waits: list[float]) -> float:
    """In seconds."""
    return sorted(waits)[int(len(waits) * 0.95)] if waits else float("inf")


class Askers(contextlib.ExitStack):
    """Threads that repeat a request until told to stop. `done` counts per kind."""

    def __init__(self) -> None:
        super().__init__()
        self.over = threading.Event()
        self.done: dict[str, int] = {}
        self._threads: list[threading.Thread] = []

    def start(self, kind: str, deed: Callable[[], object]) -> None:
        def again() -> None:
            while not self.over.is_set():
                with contextlib.suppress(OSError, http.client.HTTPException):
                    answer = deed()
                    name = f"{kind} {answer}"
                    self.done[name] = self.done.get(name, 0) + 1

        self._threads.append(threading.Thread(target=again, daemon=True))
        self._threads[-1].start()

    def stop(self) -> None:
        self.over.set()
        for thread in self._threads:
            thread.join(20)


def ask(
    house: Served, method: str, path: str, *, cookie: str = "", fields: dict[str, str] | None = None
) -> int:
    """The status of one request on a connection of its own."""
    parts = urlsplit(house.url)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    with contextlib.closing(line):
        headers = {"Cookie": cookie} if cookie else {}
        body = None
        if fields is not None:
            body = urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, body, headers)
        answer = line.getresponse()
        answer.read()
        return answer.status


def measured(house: Served, visitor: Visitor, room: UUID, seconds: float) -> tuple[list[float], list[float]]:
    """Measure /healthz and an acknowledged live write, in turns for so many seconds."""
    health: list[float] = []
    acks: list[float] = []
    live = Socket(house.url, cookie=visitor.cookie, token=visitor.token, timeout=30)
    with contextlib.closing(live):
        live.call("session:enter", {"session": str(room)}, timeout=30)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            began = time.monotonic()
            ask(house, "GET", "/healthz")
            health.append(time.monotonic() - began)
            began = time.monotonic()
            live.call("question:ask", question(room), timeout=30)
            acks.append(time.monotonic() - began)
            time.sleep(0.02)
    return health, acks


def question(room: UUID) -> dict[str, object]:
    """Send a write that is acknowledged, also when it is refused because the person has too many pending."""
    return {
        "session": str(room), "op": uuid4().hex, "id": str(uuid4()), "text": "Komt er een buurthuis?",
        
    }  # fmt: skip


def certificate_of(app, visitor: Visitor, edition_id: UUID) -> str:
    """The address of a certificate of theirs."""
    now = datetime.now(UTC)
    says = {"name": "Noor", "edition": "Dag", "starts_at": now.isoformat(), "minutes": 60, "sessions": []}
    with app.app_context(), transaction():
        paper = Certificate(
            code=uuid4().hex[:12].upper(), person_id=visitor.person_id, edition_id=edition_id, made_at=now, says=says
        )  # fmt: skip
        db.session.add(paper)
        db.session.flush()
        return f"/mijn/bewijs/{paper.id}.pdf"


@contextlib.contextmanager
def a_house(folder: Path, **settings: str) -> Iterator[tuple[Served, object, UUID]]:
    """A served app without rate limits, which would end a storm before it began."""
    no_limits = {"LIVE_BURST": "100000", "LIVE_EVENTS_PER_SECOND": "100000", **settings}
    with serve(folder, command=[sys.executable, "-m", "tests.chaos.unlimited"], **no_limits) as house:
        app = house_of(folder, house.environ)
        try:
            yield house, app, live_session(app)
        finally:
            with app.app_context():
                db.engine.dispose()


def password_storm(seconds: float = 10, sabotage: str = "") -> tuple[bool, str]:
    """Eight clients try passwords and four make certificates; (whether the bound holds, what was measured)."""
    with (
        tempfile.TemporaryDirectory(prefix="dvb-storm-") as folder,
        a_house(Path(folder), DVB_SABOTAGE=sabotage) as (house, app, room),
    ):
        crowd = visitors(app, READERS + 1)
        with app.app_context():
            edition_id = db.session.get_one(ProgrammeSession, room).edition_id
        papers = [(visitor.cookie, certificate_of(app, visitor, edition_id)) for visitor in crowd[:READERS]]
        quiet = measured(house, crowd[-1], room, seconds)
        storm = Askers()
        for number in range(GUESSERS):
            fields = {"email": f"{number}@buurt.example", "password": "geraden"}
            storm.start(
                "password", lambda fields=fields: ask(house, "POST", "/inloggen/wachtwoord", fields=fields)
            )
        for cookie, path in papers:
            storm.start(
                "certificate", lambda cookie=cookie, path=path: ask(house, "GET", path, cookie=cookie)
            )
        time.sleep(1)
        loud = measured(house, crowd[-1], room, seconds)
        storm.stop()
    lines, holds = [], bool(storm.done)
    for name, before, during in zip(("/healthz", "acknowledgement"), quiet, loud, strict=True):
        times = p95(during) / max(p95(before), LEAST_QUIET)
        holds = holds and times <= MOST_TIMES
        lines.append(
            f"{name} p95 {p95(before) * 1000:.1f} ms quiet, {p95(during) * 1000:.1f} ms in the storm"
            f" ({times:.1f} x), longest {max(during) * 1000:.0f} ms"
        )
    return holds, "; ".join(
        [*lines, ", ".join(f"{kind}: {count}" for kind, count in sorted(storm.done.items()))]
    )


def idle_storm(connections: int = 1_100) -> tuple[bool, str]:
    """Sockets that never join, half requests and slow bodies, more than the soft limit on files."""
    limited = ["sh", "-c", f"ulimit -Sn {SMALL_LIMIT}; exec {sys.executable} -m dagvandebuurt.serve"]
    with (
        tempfile.TemporaryDirectory(prefix="dvb-storm-") as folder,
        serve(Path(folder), command=limited, BODY_SECONDS="2") as house,
    ):
        parts = urlsplit(house.url)
        heads = (
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\nX-Half: ",
            "POST /inloggen HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=",
        )
        lines = []
        try:
            for number in range(connections):
                line = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=20)
                line.sendall(heads[number % len(heads)].encode())
                lines.append(line)
            began = time.monotonic()
            status = ask(house, "GET", "/readyz")
            took = time.monotonic() - began
            worker = worker_of(house)
            held = open_files_of(worker)
            end = time.monotonic() + 60
            while open_files_of(worker) > held - 0.9 * connections and time.monotonic() < end:
                time.sleep(0.5)
            left, waited = open_files_of(worker), time.monotonic() - began
        finally:
            for line in lines:
                line.close()
    holds = status == 200 and left <= held - 0.9 * connections
    return holds, (
        f"{connections} idle connections at a soft limit of {SMALL_LIMIT} files: /readyz {status} in {took * 1000:.0f} ms;"
        f" the server held {held} files, and {left} after {waited:.0f} s in which nobody closed anything"
    )


def worker_of(house: Served) -> int:
    parent = house.process.pid if house.process else 0
    return int(Path(f"/proc/{parent}/task/{parent}/children").read_text().split()[0])


def open_files_of(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def main() -> int:
    outcomes = {}
    for name, storm in {"password storm": password_storm, "idle-socket storm": idle_storm}.items():
        outcomes[name], said = storm()
        print(f"{name}: {'holds' if outcomes[name] else 'BROKEN'}: {said}", flush=True)
    print("the same with heavy work in the loop, to compare:", password_storm(sabotage="heavy_in_loop")[1])
    return 0 if all(outcomes.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
