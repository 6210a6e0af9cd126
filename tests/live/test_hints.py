"""Cross-process wake-ups: a write at one process is broadcast by another before its next poll; and by
polling when the channel is down."""

import re
import sys
import time
import urllib.request
from contextlib import ExitStack
from uuid import uuid4

import pytest

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.branding import rules
from dagvandebuurt.parts.branding.queries import Look, newest
from tests.factories import Factory
from tests.served import serve
from tests.servers import running_redis
from tests.socket_client import Socket
from tests.visitors import house_of, live_session, visitors

pytestmark = pytest.mark.postgres
NO_CLOCK = "import dagvandebuurt.live.pump as p; p.CLOCK_SECONDS = 600"
NO_HINTS = "import dagvandebuurt.live.wakeups as h; h.Wakeups.give = lambda self, *_: None"
QUICK = {"LIVE_GATHER_MS": "20", "LIVE_BURST": "500", "LIVE_EVENTS_PER_SECOND": "500"}


class Two:
    """Two processes of one deployment: Noor asks at the first, a moderator listens at the second."""

    def __init__(self, here, there):
        self.here, self.there = here, there
        self.app = house_of(here.folder, here.environ)
        self.room = live_session(self.app)
        moderator, noor = visitors(self.app, 2, moderators=1)
        self.noor = Socket(here.url, cookie=noor.cookie, token=noor.token)
        self.moderator = Socket(there.url, cookie=moderator.cookie, token=moderator.token)
        for socket in (self.moderator, self.noor):
            assert socket.call("session:enter", {"session": str(self.room)})["ok"]
        self.hears("session:tick")  # the second process has a listener in the room from here on

    def close(self):
        self.noor.close()
        self.moderator.close()
        with self.app.app_context():
            db.engine.dispose()

    def ask(self):
        """Ask something, and check that it is acknowledged. Returns the id."""
        question = str(uuid4())
        asked = {"session": str(self.room), "op": uuid4().hex, "id": question, "text": f"Vraag {question}?"}
        assert self.noor.call("question:ask", asked)["ok"]
        self.noor.call(
            "question:withdraw", {"session": str(self.room), "op": uuid4().hex, "question": question}
        )
        return question

    def hears(self, wanted, within=10.0):
        """Whether the moderator, at the second process, receives `wanted` in time."""
        return _hears(self.moderator, wanted, within)

    def noor_hears(self, wanted, within=10.0):
        """Whether Noor, at the first process, receives `wanted` in time."""
        return _hears(self.noor, wanted, within)

    def hints_heard(self):
        return hints_heard(self.there)

    def hears_hints_again(self, within=20.0):
        before, deadline = self.hints_heard(), time.monotonic() + within
        while time.monotonic() < deadline:
            self.ask()
            time.sleep(0.2)
            if self.hints_heard() > before:
                return True
        return False


def _hears(socket, wanted, within):
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if wanted in str(socket.listen(0.1)):
            return True
    return False


def hints_heard(served):
    with urllib.request.urlopen(f"{served.url}/metrics") as page:
        return int(float(re.search(rb"^dvb_live_hints_heard (\S+)", page.read(), re.M)[1]))


def program(*patches):
    # The server first: it says where metrics live before anything imports their library.
    lines = ("from gevent import monkey; monkey.patch_all()", "import dagvandebuurt.serve", *patches)
    return [sys.executable, "-c", "\n".join((*lines, "from dagvandebuurt.serve import main; main()"))]


@pytest.fixture
def house(tmp_path, postgres):
    """Build two processes with these patches and settings."""
    with ExitStack() as stack:

        def build(*patches, **more):
            settings = {"command": program(*patches), "DATABASE_URL": postgres, **QUICK, **more}
            here = stack.enter_context(serve(tmp_path, **settings))
            there = stack.enter_context(serve(tmp_path, migrated=True, **settings))
            two = Two(here, there)
            stack.callback(two.close)
            return two

        yield build


@pytest.fixture
def redis_server():
    with running_redis() as server:
        yield server


@pytest.mark.parametrize("messenger", ["PostgreSQL", "Redis"])
def test_another_process_is_woken_before_its_next_poll(house, redis_server, messenger):
    two = house(NO_CLOCK, **({"REDIS_URL": redis_server.url} if messenger == "Redis" else {}))

    question = two.ask()

    assert two.hears(question)
    assert two.hints_heard() > 0
    assert hints_heard(two.here) == 0  # no process is woken by its own


@pytest.mark.parametrize("messenger", ["PostgreSQL", "Redis"])
def test_applause_at_one_process_is_seen_at_another(house, redis_server, messenger):
    two = house(**({"REDIS_URL": redis_server.url} if messenger == "Redis" else {}))
    # A message may be lost, so somebody goes on clapping.
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        assert two.noor.call("reaction:send", {"session": str(two.room), "kind": "applause"})["ok"]
        if two.hears("session:reactions", within=1):
            break

    assert time.monotonic() < deadline
    assert two.noor_hears("session:reactions")  # her own process tells it too


def test_without_wakeups_and_polling_it_hears_nothing(house):
    """The twin."""
    two = house(NO_CLOCK, NO_HINTS)

    question = two.ask()

    assert not two.hears(question, within=3)
    assert two.hints_heard() == 0


def test_e7_polling_covers_redis_failures_and_wakeups_recover(house, redis_server):
    redis_server.stop()
    two = house(REDIS_URL=redis_server.url)
    assert two.hears(two.ask())

    redis_server.start()
    assert two.hears_hints_again()

    redis_server.freeze()
    heard = two.hints_heard()
    assert all(two.hears(two.ask()) for _ in range(3))
    assert two.hints_heard() == heard

    redis_server.thaw()
    assert two.hears_hints_again()

    redis_server.stop()
    heard = two.hints_heard()
    assert all(two.hears(two.ask()) for _ in range(3))
    assert two.hints_heard() == heard

    redis_server.start()
    assert two.hears_hints_again()


FOR_EVER = "import dagvandebuurt.parts.branding.queries as b; b.FRESH_SECONDS = 600"


def test_another_process_shows_a_new_name_at_once(tmp_path, postgres):
    """The test is the process that saves; what is remembered in the other one never grows old."""
    with serve(tmp_path, command=program(FOR_EVER), DATABASE_URL=postgres, **QUICK) as there:
        app = house_of(tmp_path, there.environ)
        make = Factory(app)
        organiser = make.identity("Roos", roles=["organiser"])
        hints = app.extensions["live"].hints

        def shows(name):
            with urllib.request.urlopen(f"{there.url}/inloggen") as page:
                return name in page.read().decode()

        def save(name):
            with app.app_context(), transaction():
                before = newest()
                number = before.number if before else 0
                rules.save(organiser, before, look=Look(name=name), seen=number, now=clock.now())

        assert not shows("Dag van de Eik")
        save("Dag van de Eik")  # nobody is told yet: the twin
        assert not shows("Dag van de Eik")
        hints.start()
        try:
            save("Dag van de Linde")
            deadline = time.monotonic() + 30
            while not shows("Dag van de Linde"):
                assert time.monotonic() < deadline
                time.sleep(0.05)
        finally:
            hints.stop()
            with app.app_context():
                db.engine.dispose()
