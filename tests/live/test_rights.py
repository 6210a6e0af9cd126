"""Permission revocation reaches open sockets, on every process, within five seconds."""

import sys
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import websocket

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people.models import Person, Role
from dagvandebuurt.people.queries import identity_of_login
from dagvandebuurt.people.rules import end_login, give_role, hash_password, set_password, take_role
from tests.houses import empty_database
from tests.served import serve
from tests.socket_client import Socket
from tests.visitors import another_browser, house_of, live_session, visitors

NOW = datetime(2027, 1, 28, 12, tzinfo=UTC)
IN_TIME = 5.0
QUICK = {"LIVE_GATHER_MS": "50"}


class Two:
    """App whose permissions change, and the process whose sockets must follow."""

    def __init__(self, app, there):
        self.there = there
        self.app = app
        self.room = live_session(self.app)
        self.moderator, self.noor = visitors(self.app, 2, moderators=1)
        self.opened = []

    def close(self):
        for socket in self.opened:
            socket.close()

    def connect(self, visitor):
        socket = Socket(self.there.url, cookie=visitor.cookie, token=visitor.token)
        self.opened.append(socket)
        socket.entered = socket.call("session:enter", {"session": str(self.room)})
        assert socket.entered["ok"]
        return socket

    def ask(self, socket, text="Wie wacht er?"):
        return socket.call(
            "question:ask", {"session": str(self.room), "op": uuid4().hex, "id": str(uuid4()), "text": text}
        )


@pytest.fixture(scope="module", params=["one process on SQLite", "two processes on PostgreSQL"])
def houses(request, tmp_path_factory):
    """The app, and the process with the sockets."""
    with ExitStack() as stack:
        folder, more = tmp_path_factory.mktemp("rights"), {}
        if "two" in request.param:
            url = stack.enter_context(empty_database(request.getfixturevalue("postgres_url")))
            more = {"DATABASE_URL": url}
        here = stack.enter_context(serve(folder, **QUICK, **more))
        there = stack.enter_context(serve(folder, **QUICK, **more)) if more else here
        with app_of(here) as app:
            yield app, there


@contextmanager
def app_of(house):
    app = house_of(house.folder, house.environ)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def two(houses):
    """With a room and people of each test's own."""
    two = Two(*houses)
    yield two
    two.close()


def closes(socket, within=IN_TIME):
    """Whether the server closes this socket in time."""
    deadline = time.monotonic() + within
    try:
        while (left := deadline - time.monotonic()) > 0:
            socket.ws.settimeout(left)
            if socket._receive().startswith("41/live"):
                return True
    except websocket.WebSocketTimeoutException:
        return False
    except (websocket.WebSocketConnectionClosedException, ConnectionError):
        return True
    return False


def hears(socket, event, within=IN_TIME):
    """Whether it receives it in time."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if event in [name for name, _ in socket.listen(0.2)]:
            return True
    return False


def test_logout_disconnects_all_sockets_of_that_login_only(two):  # C6, B23
    noor, moderator = two.connect(two.noor), two.connect(two.moderator)
    assert two.ask(noor)["ok"]

    with two.app.app_context(), transaction():
        end_login(two.noor.login_id, now=NOW)

    assert closes(noor)
    assert not closes(moderator, within=0.5)
    again = two.connect(two.noor)  # the same cookie is anonymous now
    assert again.entered["mine"] == {}
    assert not two.ask(again)["ok"]


def test_a_new_password_logs_out_other_devices_only(two):  # C6
    elsewhere = another_browser(two.app, two.noor)
    here, there = two.connect(two.noor), two.connect(elsewhere)

    with two.app.app_context():
        hashed = hash_password("een nieuw lang wachtwoord")
        with transaction():
            set_password(identity_of_login(two.noor.login_id), None, hashed=hashed, now=NOW)

    assert closes(there)
    assert not closes(here, within=0.5)
    assert two.connect(elsewhere).entered["mine"] == {}
    assert two.ask(here)["ok"]


def test_a_revoked_moderator_receives_nothing_for_moderators(two):  # C5
    no_moderator_any_more(two)


def no_moderator_any_more(two):
    moderator, noor = two.connect(two.moderator), two.connect(two.noor)
    assert moderator.entered["audience"] == "desk"
    moderator.listen(1.5)  # until the pump has seen the listener
    two.ask(noor, "Hoort de regie dit?")
    assert "Hoort de regie dit?" in str(moderator.listen(3))  # it could

    with two.app.app_context(), transaction():
        person = db.session.get_one(Person, two.moderator.person_id)
        for grant in list(person.grants):
            take_role(person, grant.role, scope_id=grant.scope_id)
    told = hears(moderator, "rights:changed")
    two.ask(noor, "En dit ook?")

    assert "En dit ook?" not in str(moderator.listen(2))
    assert told
    assert moderator.call("session:enter", {"session": str(two.room)})["audience"] == "hall"


def test_a_new_moderator_needs_no_reload(two):  # C5
    noor = two.connect(two.noor)
    assert noor.entered["audience"] == "hall"

    with two.app.app_context(), transaction():
        give_role(db.session.get_one(Person, two.noor.person_id), Role.MODERATOR, scope_id=two.room, now=NOW)

    assert hears(noor, "rights:changed")
    assert noor.call("session:enter", {"session": str(two.room)})["audience"] == "desk"


@pytest.fixture(scope="module")
def blind(tmp_path_factory):
    """The same app, with a watch that never polls."""
    command = ["import dagvandebuurt.live.revocation as r; r.RevocationWatch.look = lambda self: None"]
    command.append("from dagvandebuurt.serve import main; main()")
    program = "\n".join(["from gevent import monkey; monkey.patch_all()", *command])
    folder, command = tmp_path_factory.mktemp("blind"), [sys.executable, "-c", program]
    with serve(folder, command=command, **QUICK) as house, app_of(house) as app:
        two = Two(app, house)
        yield two
        two.close()


def test_without_polling_no_socket_is_disconnected(blind):  # C6
    [gerda] = visitors(blind.app, 1)
    socket = blind.connect(gerda)
    with blind.app.app_context(), transaction():
        end_login(gerda.login_id, now=NOW)

    assert not closes(socket)


def test_without_polling_a_revoked_moderator_receives_everything(blind):  # C5
    with pytest.raises(AssertionError):
        no_moderator_any_more(blind)
