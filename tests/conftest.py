"""Fixtures: an empty app, people, a session, and a frozen clock."""

import faulthandler
import os
import re
import shutil
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
from flask import Flask

from config import settings
from tests.factories import Factory
from tests.houses import empty_database, empty_tables, house, make_tables
from tests.served import Served, serve

ROOT = Path(__file__).resolve().parent.parent
TEST_KEY = "a-key-that-only-tests-use-0123456789"
ONE_O_CLOCK = datetime(2027, 1, 28, 12, 0, tzinfo=UTC)  # 13.00 in Amsterdam


# A busy machine fails no test: how long an example takes is never asserted.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


def test_settings(folder: Path, **environ: str) -> dict:
    """The settings of a small app in `folder`, without the protections that get in a test's way."""
    chosen = settings({"SECRET_KEY": TEST_KEY, "DATA_FOLDER": str(folder), **environ})
    return chosen | {"TESTING": True, "WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False}


test_settings.__test__ = False


def pytest_addoption(parser):
    parser.addoption("--on-postgres", action="store_true", help="run the tests that use `app` on PostgreSQL")
    parser.addoption(
        "--renew-pictures", action="store_true", help="keep how pages look now as how they should"
    )
    parser.addoption(
        "--latency", type=int, default=0, metavar="MS", help="delay every answer to a browser: finds races"
    )


def pytest_configure(config):
    """Let `tools/run_tests.py` see what this process is at: a hung run must not hang for ever."""
    if folder := os.environ.get("DVB_RUNNING_TESTS"):
        config.pluginmanager.register(RunningTestFile(Path(folder, str(os.getpid()))))


class RunningTestFile:
    """A file with the name of the test that runs now, and beside it the stacks of all threads on SIGUSR1."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stacks = path.with_suffix(".stacks").open("w")
        faulthandler.register(signal.SIGUSR1, file=self.stacks, all_threads=True)

    def pytest_runtest_logstart(self, nodeid):
        self.path.write_text(nodeid)

    def pytest_runtest_logfinish(self):
        self.path.write_text("")


def sqlite_only() -> dict[str, str]:
    """Paths that stay out of `--on-postgres`, with the reason."""
    lines = (Path(__file__).parent / "sqlite_only.txt").read_text().splitlines()
    return dict(re.split(r"\s{2,}", line, maxsplit=1) for line in lines if line and not line.startswith("#"))


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses by marker
def pytest_collection_modifyitems(config, items):
    """Run slow files first: at the end no core waits for the other's last file."""
    for item in items:
        if "postgres_url" in item.fixturenames or "postgres" in item.name:
            item.add_marker("postgres")
    if config.getoption("--on-postgres"):
        _deselect_what_is_the_same_on_sqlite(config, items)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def _deselect_what_is_the_same_on_sqlite(config, items):
    out = tuple(sqlite_only())
    keeps = ["app" in item.fixturenames and not item.nodeid.startswith(out) for item in items]
    config.hook.pytest_deselected(items=[item for item, keep in zip(items, keeps, strict=True) if not keep])
    items[:] = [item for item, keep in zip(items, keeps, strict=True) if keep]


@pytest.fixture
def app(request, tmp_path, monkeypatch):
    """An app with an empty database. No context is open: entry points open their own."""
    monkeypatch.chdir(tmp_path)
    elsewhere = request.config.getoption("--on-postgres")
    return request.getfixturevalue("house_on_postgres" if elsewhere else "house_on_sqlite")


@pytest.fixture
def extra_settings() -> dict:
    """Settings of `app` that a file of tests changes; it overrides this fixture."""
    return {}


@pytest.fixture(scope="session")
def tables(tmp_path_factory) -> Path:
    """A database file with empty tables. Copying is ten times as fast as creating."""
    folder = tmp_path_factory.mktemp("tables")
    make_tables(test_settings(folder))
    return folder / "dagvandebuurt.db"


@pytest.fixture
def house_on_sqlite(tables, tmp_path, extra_settings) -> Iterator[Flask]:
    shutil.copy(tables, tmp_path)
    with house(test_settings(tmp_path) | extra_settings) as app:
        yield app


@pytest.fixture
def inside(app):
    """An app context, for rules and queries."""
    with app.app_context():
        yield


@pytest.fixture
def make(app):
    return Factory(app)


@pytest.fixture
def now(monkeypatch):
    """Freeze the clock at a quarter past one."""
    moment = ONE_O_CLOCK + timedelta(minutes=15)
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)
    return moment


@pytest.fixture
def session(make, now):
    """A session that is live."""
    return make.session(starts_at=now - timedelta(minutes=15), ends_at=now + timedelta(minutes=45))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A disposable PostgreSQL for this run."""
    from tests.servers import postgres_server

    with postgres_server() as url:
        yield url


@pytest.fixture
def postgres(postgres_url) -> Iterator[str]:
    """An empty database in that PostgreSQL."""
    with empty_database(postgres_url) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_tables(postgres_url, tmp_path_factory) -> Iterator[str]:
    """The same as `tables`: the URL of a database."""
    with empty_database(postgres_url) as url:
        make_tables(test_settings(tmp_path_factory.mktemp("tables"), DATABASE_URL=url))
        yield url


@pytest.fixture
def house_on_postgres(postgres_tables, tmp_path, extra_settings) -> Iterator[Flask]:
    empty_tables(postgres_tables)
    with house(test_settings(tmp_path, DATABASE_URL=postgres_tables) | extra_settings) as app:
        yield app


@pytest.fixture(scope="session")
def demo_house(tmp_path_factory) -> Iterator[Served]:
    """The demo congress on a real server."""
    folder = tmp_path_factory.mktemp("demo")
    with serve(folder, demo=True) as house:
        yield house


@pytest.fixture
def served(tmp_path) -> Iterator[Served]:
    """A fresh demo congress, for a test that changes much or stops the server."""
    with serve(tmp_path / "house", demo=True) as house:
        yield house


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    args = dict(browser_type_launch_args)
    found = os.environ.get("DVB_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found:
        args["executable_path"] = found
    args["args"] = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    return args


@pytest.fixture(scope="session")
def browser(browser, request):
    """The browser of pytest-playwright, whose presses end when the page they led to is loaded."""
    from tests.presses import presses_that_wait, slow_down

    if milliseconds := request.config.getoption("--latency"):
        slow_down(browser, milliseconds)
    with presses_that_wait():
        yield browser


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "nl-NL", "timezone_id": "Europe/Amsterdam"}
