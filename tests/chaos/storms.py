"""Storms: many identical requests at the same moment, and a bystander who only reads a page."""

import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from dagvandebuurt.core.db import db
from dagvandebuurt.programme.models import ProgrammeSession
from tests.chaos.rounds import SERVER
from tests.served import Served, serve
from tests.visitors import Visitor, house_of, live_session, visitors

PATIENCE_SECONDS = 60


@dataclass
class Storm:
    """Status and seconds of each request, in the order of completion, and seconds of a bystander's pages."""

    deeds: list[tuple[int, float]] = field(default_factory=list)
    pages: list[tuple[int, float]] = field(default_factory=list)
    kept: int = 0

    @property
    def answered(self) -> int:
        return sum(status in (200, 303) for status, _ in self.deeds)

    @property
    def longest(self) -> float:
        return max(seconds for _, seconds in self.deeds)

    @property
    def slowest_page(self) -> float:
        return max(seconds for _, seconds in self.pages)

    @property
    def pages_refused(self) -> int:
        return sum(status != 200 for status, _ in self.pages)

    def __str__(self) -> str:
        return (
            f"{self.answered} of {len(self.deeds)} answered, {self.kept} kept; longest {self.longest:.2f} s; "
            f"a bystander's {len(self.pages)} pages: slowest {self.slowest_page:.2f} s, "
            f"{self.pages_refused} refused"
        )


def form_storm(folder: Path, *, people: int = 200, sabotage: str = "", **environ: str) -> Storm:
    """`people` press the plain button of a room at the same moment, half of them by JSON."""
    with serve(folder, command=SERVER, DVB_SABOTAGE=sabotage, **environ) as house:
        app = house_of(folder, house.environ)
        room = live_session(app)
        crowd = [_with_forms(app, visitor) for visitor in visitors(app, people)]
        with app.app_context():
            slug = db.session.get(ProgrammeSession, room).slug
        storm = Storm()
        with bystander(house, storm):
            time.sleep(0.3)  # also some pages of before
            start = threading.Barrier(people)

            def press(number: int) -> None:
                cookie, token = crowd[number]
                start.wait()
                storm.deeds.append(_post(house.url, slug, cookie, token, as_json=number % 2 == 1))

            with ThreadPoolExecutor(people) as threads:
                list(threads.map(press, range(people)))
        storm.kept = _questions(app, room)
        return storm


def _with_forms(app: Flask, visitor: Visitor) -> tuple[str, str]:
    """The cookie of a visitor who has the page with the form open, and its CSRF token."""
    name, _, value = visitor.cookie.partition("=")
    signer = app.session_interface.get_signing_serializer(app)
    raw = uuid4().hex
    cookie = signer.dumps({**signer.loads(value), "csrf_token": raw})
    token = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw)
    return f"{name}={cookie}", token


def _post(url: str, slug: str, cookie: str, token: str, *, as_json: bool) -> tuple[int, float]:
    headers = {
        "Cookie": cookie,
        "X-CSRFToken": token,
        "Accept": "application/json" if as_json else "text/html",
    }
    message = {"op": uuid4().hex, "id": str(uuid4()), "text": "Komt er een buurthuis?"}
    if as_json:
        path, headers["Content-Type"] = f"/sessies/{slug}/live/op", "application/json"
        body = json.dumps({"event": "question:ask", "message": message})
    else:
        path, headers["Content-Type"] = f"/sessies/{slug}/vragen", "application/x-www-form-urlencoded"
        body = urlencode({**message, "kind": "question", "appear": "anonymous"})
    return ask(url, "POST", path, body, headers)


def ask(
    url: str, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
) -> tuple[int, float]:
    """(status, seconds); 0 without a response."""
    began = time.monotonic()
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_SECONDS)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.monotonic() - began
    except OSError:
        return 0, time.monotonic() - began
    finally:
        connection.close()


@contextmanager
def bystander(house: Served, storm: Storm, path: str = "/programma"):
    """Reader who requests a page again and again meanwhile."""
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            storm.pages.append(ask(house.url, "GET", path))
            done.wait(0.05)

    reading = threading.Thread(target=read)
    reading.start()
    try:
        yield
    finally:
        done.set()
        reading.join()


def _questions(app: Flask, room: UUID) -> int:
    from sqlalchemy import func, select

    from dagvandebuurt.qanda.models import Question

    with app.app_context():
        found = db.session.scalar(
            select(func.count()).select_from(Question).where(Question.session_id == room)
        )
        db.session.remove()
        db.engine.dispose()
    return found or 0
