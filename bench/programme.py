"""Benchmark of the programme page (`make bench-programme`), with and without its cache, in the same run.

Forty sessions and sixty speakers; one process, no network: the request goes straight to the app. *Afresh* is
the same page without the cache. The order is mixed, so that a busy machine affects both alike.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

from flask.testing import FlaskClient

from dagvandebuurt.app import create_app
from dagvandebuurt.core.db import db
from dagvandebuurt.programme.public.page_cache import page_cache
from tests.conftest import test_settings
from tests.factories import Factory
from tests.programme.big import fill

SESSIONS, SPEAKERS, ROUNDS = 40, 60, 60


def cost(deed: Callable[[], object]) -> float:
    """Return the CPU time of one call, in milliseconds."""
    began = time.process_time()
    deed()
    return (time.process_time() - began) * 1000


def measure(browser: FlaskClient, forget: Callable[[], None]) -> dict[str, float]:
    """Return the median CPU time of each variant, in milliseconds."""
    found: dict[str, list[float]] = {"afresh": [], "kept": [], "304": []}
    browser.get("/programma")  # from here on it has a CSRF token
    for _ in range(ROUNDS):
        forget()
        found["afresh"].append(cost(lambda: browser.get("/programma")))
        found["kept"] += [cost(lambda: browser.get("/programma")) for _ in range(5)]
        has = {"If-None-Match": browser.get("/programma").headers["ETag"]}
        found["304"] += [cost(partial(browser.get, "/programma", headers=has)) for _ in range(5)]
    return {name: median(times) for name, times in found.items()}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(test_settings(Path(folder)))
        with app.app_context():
            db.create_all()
        make = Factory(app)
        round_ = make.round(starts_at=datetime.now(UTC) - timedelta(minutes=90))
        fill(app, round_, SESSIONS, SPEAKERS)
        print(f"{SESSIONS} sessions, {SPEAKERS} speakers; milliseconds of CPU for one request, median")
        for who, browser in (("stranger", make.browser()), ("logged in", make.browser(make.person()))):
            figures = measure(browser, page_cache(app).clear)
            ratio = figures["kept"] / figures["afresh"]
            print(
                f"{who:>10}: "
                + ", ".join(f"{n} {v:.2f}" for n, v in figures.items())
                + f"; kept/afresh {ratio:.3f}"
            )
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    main()
