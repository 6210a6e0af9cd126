"""Waiting holds no shared resource: no pooled connection (resource deadlock, pool exhaustion), no lock, not
the event loop. And every wait is bounded."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from dagvandebuurt.core import db as database
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live import runtime, writer, writes
from dagvandebuurt.live.models import Operation
from dagvandebuurt.live.runtime import live
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.models import Question

CROWD = 24  # more than the pool has connections
BOTH = pytest.mark.parametrize(
    "house", ["house_on_sqlite", pytest.param("house_on_postgres", marks=pytest.mark.postgres)]
)


@pytest.fixture
def on(request, tmp_path, monkeypatch, house):
    """The same app on each database, its writer in a thread as when it serves."""
    monkeypatch.chdir(tmp_path)
    app = request.getfixturevalue(house)
    with app.app_context():
        core = live()
    core.writer.start()
    yield app
    core.writer.stop()


@pytest.fixture
def app(on):
    return on


def form():
    return {"op": uuid4().hex, "id": str(uuid4()), "kind": "question", "appear": "anonymous", "text": "Wie?"}


def everybody_asks(make, session, *, as_json=False):
    """CROWD people press the plain button at the same moment: the statuses of the responses."""
    browsers = [make.browser(make.person(f"Buur {number}")) for number in range(CROWD)]
    start = threading.Barrier(CROWD)

    def press(browser):
        start.wait()
        if not as_json:
            return browser.post(f"/sessies/{session.slug}/vragen", data=form()).status_code
        message = {"op": uuid4().hex, "id": str(uuid4()), "text": "Wie?"}
        body = {"event": "question:ask", "message": message}
        return browser.post(f"/sessies/{session.slug}/live/op", json=body).status_code

    with ThreadPoolExecutor(CROWD) as threads:
        return list(threads.map(press, browsers))


@BOTH
@pytest.mark.parametrize("as_json", [False, True])
def test_more_concurrent_forms_than_connections_all_complete(on, make, session, as_json):
    answers = everybody_asks(make, session, as_json=as_json)

    assert set(answers) == {200 if as_json else 303}
    with on.app_context():
        assert len(db.session.scalars(select(Question)).all()) == CROWD


LITE = pytest.mark.parametrize("house", ["house_on_sqlite"])


@LITE
def test_waiting_while_holding_a_connection_is_caught(on, make, session, monkeypatch):
    monkeypatch.setattr(runtime, "release_connection", lambda: None)
    monkeypatch.setattr(writer, "reserved", nullcontext)
    hurry(on)

    answers = set(everybody_asks(make, session))

    assert 503 in answers
    assert 500 not in answers  # a sentence for everybody, and no page that fails


@BOTH
@pytest.mark.parametrize("holds_on", [False, True], ids=["as it is", "the twin that holds on"])
def test_readers_continue_during_a_long_write(on, make, session, monkeypatch, holds_on):
    slow, execute, page, begun = threading.Event(), writes.execute, make.browser(), []
    if holds_on:
        monkeypatch.setattr(runtime, "release_connection", lambda: None)

    def wait_then_execute(batch):
        begun.extend(batch)
        slow.wait()
        return execute(batch)

    monkeypatch.setattr(writes, "execute", wait_then_execute)
    core = on.extensions["live"]
    browsers = [make.browser(make.person(f"Buur {number}")) for number in range(CROWD)]
    with ThreadPoolExecutor(CROWD) as threads:
        waiting = [
            threads.submit(browser.post, f"/sessies/{session.slug}/vragen", data=form())
            for browser in browsers
        ]
        while len(begun) + len(core.writer._queue) < 12:
            time.sleep(0.01)
        hurry(on)
        read = page.get("/programma").status_code
        slow.set()
        for each in waiting:
            each.result()

    assert read == (503 if holds_on else 200)


def hurry(app):
    """Shorten the wait for a connection."""
    with app.app_context():
        db.engine.pool._timeout = 0.3


@LITE
def test_an_exhausted_pool_does_not_stop_the_writer(on, make, session):
    noor, enough = make.identity("Noor"), threading.Event()
    hurry(on)

    with on.app_context():
        most = db.engine.pool.size() + db.engine.pool._max_overflow
        held = [db.engine.connect() for _ in range(most)]
        try:
            with pytest.raises(database.PoolIsEmpty):  # the others get none, and are told so soon
                db.session.execute(text("SELECT 1"))
            enough.set()
        finally:
            outcome = live().do(events.ASK, noor, ask(session)) if enough.is_set() else {}
            for connection in held:
                connection.close()

    assert outcome["ok"]


def ask(session):
    message = {"session": str(session.id), "op": uuid4().hex, "id": str(uuid4()), "text": "Wie?"}
    return events.ASK.act.from_message(message)


@LITE
def test_waiting_for_the_writer_inside_a_transaction_is_refused(on, make, session):
    noor = make.identity("Noor")

    with on.app_context(), pytest.raises(RuntimeError), transaction():
        live().do(events.ASK, noor, ask(session))


@BOTH
def test_a_slow_write_times_out_and_is_executed_once(on, make, session, monkeypatch):
    """Its sender was told to try again, and it was committed all the same: its operation id makes the second
    try find the first one's outcome (idempotency)."""
    monkeypatch.setattr(writer, "PATIENCE_SECONDS", 0.2)
    noor, deed = make.identity("Noor"), ask(session)
    slow, execute = threading.Event(), writes.execute

    def wait_then_execute(batch):
        slow.wait()
        return execute(batch)

    with monkeypatch.context() as slowly, on.app_context():
        slowly.setattr(writes, "execute", wait_then_execute)
        first = live().do(events.ASK, noor, deed)
        slow.set()
        live().writer.stop()  # finishes what it was doing
        live().writer.start()

    monkeypatch.setattr(writer, "PATIENCE_SECONDS", 10)
    with on.app_context():
        assert len(db.session.scalars(select(Operation)).all()) == 1  # committed, though abandoned
        again = live().do(events.ASK, noor, deed)
        assert len(db.session.scalars(select(Question)).all()) == 1

    assert first["error"]["code"] == "live.try_again"
    assert again["ok"]


@LITE
def test_an_abandoned_write_is_not_started(on, make, session, monkeypatch):
    monkeypatch.setattr(writer, "PATIENCE_SECONDS", 0.2)
    noor, slow, execute = make.identity("Noor"), threading.Event(), writes.execute
    taken = threading.Event()

    def wait_then_execute(batch):
        taken.set()
        slow.wait()
        return execute(batch)

    monkeypatch.setattr(writes, "execute", wait_then_execute)
    core = on.extensions["live"]
    with ThreadPoolExecutor(1) as another:
        begun = another.submit(core.do, events.ASK, noor, ask(session))
        taken.wait()
        queued = core.do(events.ASK, noor, ask(session))
        begun.result()
    slow.set()
    core.writer.stop()

    with on.app_context():
        assert len(db.session.scalars(select(Question)).all()) == 1
    assert queued["error"]["code"] == "live.try_again"


@contextmanager
def somebody_else_writes(app):
    """Another process has SQLite's write lock: a database browser with an open edit."""
    url = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(url, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other
        if other.in_transaction:
            other.execute("COMMIT")


@LITE
def test_a_write_waits_in_python_and_is_done_when_the_lock_is_free(on, make, session, monkeypatch):
    """Every wait in C is short: `time.sleep`, which gevent turns into a yield, is called again and again."""
    noor, pauses, sleep = make.identity("Noor"), [], time.sleep
    core = on.extensions["live"]
    with somebody_else_writes(on) as other, ThreadPoolExecutor(1) as threads:

        def pause(seconds):
            pauses.append(seconds)
            sleep(seconds)

        monkeypatch.setattr(database.time, "sleep", pause)
        waiting = threads.submit(core.do, events.ASK, noor, ask(session))
        while len(pauses) < 4:
            sleep(0.01)
        read = make.browser().get("/programma").status_code
        before = waiting.done()
        other.execute("COMMIT")
        outcome = waiting.result(10)

    assert read == 200  # reading goes on
    assert not before
    assert outcome["ok"]
    assert max(pauses) < 1


@LITE
def test_no_connection_waits_long_inside_c(on):
    with on.app_context():
        assert db.session.execute(text("PRAGMA busy_timeout")).scalar() <= 100


@LITE
def test_after_the_lock_timeout_it_is_retried_and_executed_once(on, make, session, monkeypatch):
    monkeypatch.setattr(database, "WRITE_LOCK_SECONDS", 0.2)
    noor, deed, core = make.identity("Noor"), ask(session), on.extensions["live"]

    with somebody_else_writes(on):
        first = core.do(events.ASK, noor, deed)
    again = core.do(events.ASK, noor, deed)

    assert (first["error"]["code"], again["ok"]) == ("live.try_again", True)


@LITE
def test_an_overloaded_form_says_so(on, make, monkeypatch):
    monkeypatch.setattr(database, "WRITE_LOCK_SECONDS", 0.2)

    with somebody_else_writes(on):
        refused = make.browser().post("/gast", data={"name": "Gerda"})

    assert refused.status_code == 503
    assert refused.headers["Retry-After"]


@LITE
def test_a_slow_write_in_this_process_blocks_others_for_a_bounded_time(on, monkeypatch):
    monkeypatch.setattr(database, "WRITE_LOCK_SECONDS", 0.2)
    inside, done = threading.Event(), threading.Event()

    def write_slowly():
        with on.app_context(), transaction():
            inside.set()
            done.wait()

    with ThreadPoolExecutor(1) as threads:
        threads.submit(write_slowly)
        inside.wait()
        with on.app_context(), pytest.raises(database.Busy), transaction():
            pass
        done.set()


GRES = pytest.mark.parametrize("house", [pytest.param("house_on_postgres", marks=pytest.mark.postgres)])


def limits():
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    return [db.session.execute(text(f"SHOW {name}")).scalar() for name in names]


@GRES
def test_statement_lock_and_idle_transaction_timeouts_apply(on):
    with on.app_context():
        assert limits() == ["30s", "5s", "1min"]
        db.session.rollback()
        with database.reserved():
            assert limits() == ["30s", "5s", "1min"]


@GRES
def test_a_locked_row_is_waited_for_with_a_bound(on, make, session, monkeypatch):
    noor, deed, core = make.identity("Noor"), ask(session), on.extensions["live"]
    on.config["DB_LOCK_SECONDS"] = 0.2
    with on.app_context():
        database.close_reserved(on)
        with db.engine.connect() as other:
            other.execute(text("SELECT * FROM live_room FOR UPDATE"))
            first = core.do(events.ASK, noor, deed)
    again = core.do(events.ASK, noor, deed)

    assert (first["error"]["code"], again["ok"]) == ("live.try_again", True)
