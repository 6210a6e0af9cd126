"""Worker pool: off the event loop's thread, at most two at once, a bounded queue, load shedding, cooperative
yielding."""

import threading
import time

import gevent
import gevent.monkey
import pytest

from dagvandebuurt.core import worker_pool
from dagvandebuurt.core.errors import Busy
from dagvandebuurt.core.spreadsheets import xlsx_bytes
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.core.worker_pool import Breath, Lane

sleep_of_a_thread = gevent.monkey.get_original("time", "sleep")


@pytest.fixture(autouse=True)
def _with_a_loop(monkeypatch):
    """As served: one event loop, and threads beside it."""
    monkeypatch.setattr(gevent.monkey, "is_module_patched", lambda _name: True)
    gevent.get_hub().loop.update_now()


class Counted:
    """Work that counts how many run at once, and on which threads."""

    def __init__(self, seconds=0.05):
        self.seconds, self.now, self.most, self.threads = seconds, 0, 0, set()
        self._lock = threading.Lock()

    def __call__(self):
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.threads.add(threading.get_ident())
        sleep_of_a_thread(self.seconds)
        with self._lock:
            self.now -= 1


def turns_of_the_loop_during(job):
    """Count the turns of the event loop until `job` (a greenlet) is done."""
    turns = 0
    while not job.ready():
        gevent.sleep(0.001)
        turns += 1
    return turns


def test_a38_cpu_bound_work_does_not_block_the_event_loop():
    work = Counted(0.1)

    turns = turns_of_the_loop_during(gevent.spawn(Lane(2, 10).do, work))

    assert threading.get_ident() not in work.threads
    assert turns > 5


def test_a38_work_on_the_event_loop_thread_is_caught(monkeypatch):
    monkeypatch.setattr(gevent.monkey, "is_module_patched", lambda _name: False)
    work = Counted(0.1)

    assert turns_of_the_loop_during(gevent.spawn(Lane(2, 10).do, work)) <= 1
    assert threading.get_ident() in work.threads


def test_a38_two_run_at_once_across_all_lanes():
    work = Counted()
    lanes = [Lane(2, 20), Lane(2, 20), Lane(2, 20)]

    gevent.joinall([gevent.spawn(lane.do, work) for lane in lanes for _ in range(4)], raise_error=True)

    assert work.most == worker_pool.AT_ONCE == 2


def test_a38_a_full_queue_sheds_load_and_recovers():
    lane, work = Lane(1, 2), Counted()
    busy = [gevent.spawn(lane.do, work) for _ in range(3)]  # one at work, two waiting
    gevent.sleep(0.01)

    with pytest.raises(Busy) as refused:
        lane.do(work)

    assert str(refused.value.message) == "Het is nu druk. Probeer het zo weer."
    gevent.joinall(busy, raise_error=True)
    lane.do(work)
    assert lane.waiting == 0


def test_a38_a_queue_timeout_raises_busy_and_leaves_the_queue(monkeypatch):
    monkeypatch.setattr(worker_pool, "LONGEST_WAIT", 0.02)
    lane, work = Lane(1, 5), Counted(0.2)
    first = gevent.spawn(lane.do, work)
    gevent.sleep(0.01)

    with pytest.raises(Busy):
        lane.do(work)

    assert lane.waiting == 0
    first.join()


def test_a38_exceptions_propagate_and_free_the_slot():
    def broken():
        raise LookupError("no")

    lane = Lane(1, 1)
    for _ in range(3):
        with pytest.raises(LookupError):
            lane.do(broken)


def test_a38_waiting_holds_no_connection_and_no_transaction(app, make):
    from dagvandebuurt.core.db import db

    with app.app_context():
        db.session.execute(db.text("SELECT 1"))
        assert db.session().in_transaction()
        with worker_pool.PAPERS.turn():
            assert not db.session().in_transaction()
        with transaction(), pytest.raises(RuntimeError, match="inside a transaction"):
            worker_pool.PASSWORDS.do(int)


def test_a38_passwords_are_hashed_in_the_pool(app, make, monkeypatch):
    from dagvandebuurt.people import rules

    seen = []
    monkeypatch.setattr(Lane, "do", lambda _lane, work, *args: seen.append(work.__name__) or work(*args))
    person = make.person("Noor")
    with app.app_context():
        rules.hash_password("een hele lange zin")
    make.browser().post(
        "/inloggen/wachtwoord", data={"email": person.email, "password": "een hele lange zin"}
    )

    assert seen == ["hash", "verify"]


def test_a38_an_overloaded_login_page_says_so_and_keeps_the_address(make, monkeypatch):
    def refuses(*_args):
        raise Busy

    monkeypatch.setattr(worker_pool.PASSWORDS, "do", refuses)

    answer = make.browser().post(
        "/inloggen/wachtwoord", data={"email": "noor@buurt.example", "password": "geheim!"}
    )

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Het is nu druk. Probeer het zo weer." in answer.text
    assert "noor@buurt.example" in answer.text
    assert "geheim!" not in answer.text


def test_a38_long_exports_yield_to_the_event_loop():
    def walk():
        for _row in Breath().over(range(200)):
            end = time.perf_counter() + 0.0005
            while time.perf_counter() < end:
                pass

    assert turns_of_the_loop_during(gevent.spawn(walk)) > 5


def test_a38_long_workbooks_are_written_by_a_subprocess(monkeypatch):
    monkeypatch.setattr(gevent.monkey, "is_module_patched", lambda _name: False)
    rows = [[f"=1+{number}", number, None, True] for number in range(300)]

    elsewhere = xlsx_bytes("Titel", ["a", "b", "c", "d"], rows)
    monkeypatch.setattr("dagvandebuurt.core.spreadsheets.MOST_ROWS_HERE", 10**6)
    here = xlsx_bytes("Titel", ["a", "b", "c", "d"], rows)

    assert cells(elsewhere) == cells(here)
    assert len(cells(here)) == 301


def cells(book):
    import io

    from openpyxl import load_workbook

    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(book)).active]
