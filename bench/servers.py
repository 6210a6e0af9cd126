"""The compared servers: ours, ours on the stock transport, and Node."""

import json
import os
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine, insert, text

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live import items
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.qanda.models import Appearance, Question, QuestionKind, QuestionStatus
from tests.served import serve
from tests.visitors import house_of, live_session, visitors

ROOT = Path(__file__).resolve().parent.parent
NODE_SERVER = ROOT / "bench" / "node" / "server.mjs"
# One connection of the crowd sends more than a person would.
PACE = {"LIVE_BURST": "100000", "LIVE_EVENTS_PER_SECOND": "100000"}


@dataclass
class Server:
    """Running server. `rooms` and `people` are what a crowd needs to enter."""

    name: str
    url: str
    pid: int
    rooms: list[dict[str, Any]]
    people: Path
    database: str = ""

    def snapshots_made(self) -> int:
        """Return the room snapshots read from the database since the start."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return int(
            float(next(line.split()[1] for line in lines if line.startswith("dvb_live_snapshots_made ")))
        )

    def kept(self) -> dict[str, int]:
        """Count in the database what was stored: rows, and the counters beside them."""
        engine = create_engine(self.database)
        queries = {
            "supports": "SELECT count(*) FROM support",
            "counted": "SELECT coalesce(sum(support_count), 0) FROM question",
            "operations": "SELECT count(*) FROM operation",
        }
        with engine.connect() as connection:
            found = {
                name: int(connection.execute(text(query)).scalar_one()) for name, query in queries.items()
            }
        engine.dispose()
        return found


@contextmanager
def house(
    folder: Path,
    *,
    people: int,
    rooms: int = 1,
    questions: int = 40,
    wire: str = "direct",
    gather_ms: int = 250,
    database: str = "",
) -> Iterator[Server]:
    """Start our own server with a fresh database: `people` logged in, `rooms` in progress, each with
    questions."""
    settings = {**PACE, "LIVE_WIRE": wire, "LIVE_GATHER_MS": str(gather_ms), "DATABASE_URL": database}
    with serve(folder, **settings) as served:
        app = house_of(folder, served.environ)
        crowd = [[visitor.cookie, visitor.token] for visitor in visitors(app, people)]
        (folder / "people.json").write_text(json.dumps(crowd))
        found = []
        for number in range(rooms):
            room = live_session(app, f"Zaal {number}")
            with app.app_context():
                found.append(_fill(room, questions))
        with app.app_context():
            url = app.config["SQLALCHEMY_DATABASE_URI"]
            db.engine.dispose()
        assert served.process is not None
        yield Server(wire, served.url, served.process.pid, found, folder / "people.json", url)


def _fill(room: Any, questions: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    rows = [
        {
            "id": uuid4(), "session_id": room, "revision": 0, "asked_at": now - timedelta(minutes=number),
            "kind": QuestionKind.QUESTION, "appearance": Appearance.ROLE, "asker_role": ParticipantRole.RESIDENT,
            "shown_neighbourhood": "Sterrenhof", "status": QuestionStatus.VISIBLE, "was_public": True,
            "text": f"Vraag {number}: wie zorgt er in onze straat voor het groen, en wat mogen wij zelf doen?",
        }
        for number in range(questions)
    ]  # fmt: skip
    with transaction():
        db.session.execute(insert(Question), rows)
    return {
        "id": str(room),
        "questions": [str(row["id"]) for row in rows],
        "items": items.changes_since(room, 0).hall,
    }


@contextmanager
def node(
    folder: Path, rooms: list[dict[str, Any]], people: Path, *, gather_ms: int = 250
) -> Iterator[Server]:
    """Start a minimal socket.io server that sends the same messages, and stores nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    (folder / "rooms.json").write_text(json.dumps(rooms))
    process = subprocess.Popen(
        ["node", NODE_SERVER, str(port), str(gather_ms), folder / "rooms.json"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "NODE_ENV": "production"},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError("Node did not start: `make setup`, then `npm ci`?")
        yield Server("node", f"http://127.0.0.1:{port}", process.pid, rooms, people)
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
