"""Faults in the middle of a session: acknowledged writes are kept and executed once; who is affected, and
for how long."""

import signal
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.chaos.rounds import kill, scene, until, workers_of
from tests.servers import running_postgres

AWAY_SECONDS = 3.0
BACKOFF_SECONDS = 20.0  # between tries of a client at most, and one write
pytestmark = pytest.mark.slow


@pytest.fixture
def own_postgres():
    """A PostgreSQL that may be stopped."""
    with running_postgres() as server:
        yield server


def get(url, timeout=5):
    """(status, page)."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def threads_of(house):
    return sum(len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in workers_of(house))


@pytest.mark.postgres
def test_e3_a_crash_of_one_process_affects_only_its_clients(tmp_path, postgres):
    with scene(tmp_path, people=15, processes=3, DATABASE_URL=postgres) as played:
        for bot in played.bots:
            bot.hop = 0
        played.until_acknowledged(30)
        assert until(lambda: all(bot.at for bot in played.bots), 10)
        dying = played.houses[0]
        its_own = [bot for bot in played.bots if bot.at == dying.url]
        others = {bot: bot.reconnects for bot in played.bots if bot not in its_own}
        assert its_own
        assert others
        before = {bot: bot.reconnects for bot in its_own}

        kill(dying)

        assert until(lambda: all(bot.at and bot.reconnects > before[bot] for bot in its_own), 10)
        assert {bot: bot.reconnects for bot in others} == others
        outcome = played.end()
        assert outcome.verdict.holds, outcome


@pytest.mark.parametrize("signal_sent", [signal.SIGHUP, signal.SIGTERM])
def test_e4_a_restart_in_the_middle_loses_nothing(tmp_path, signal_sent):
    """A reload (SIGHUP) refuses no connection, not even for a moment."""
    with scene(tmp_path, people=10) as played:
        house = played.houses[0]
        played.until_acknowledged(20)
        pages, done = [], threading.Event()

        def look():
            while not done.is_set():
                try:
                    # Patient: on a busy machine the new worker is slow to come; what counts is a refusal.
                    pages.append(get(f"{house.url}/healthz", timeout=60)[0])
                except OSError as failure:
                    pages.append(failure)
                time.sleep(0.02)

        looking = threading.Thread(target=look)
        looking.start()
        old, began = workers_of(house), time.monotonic()
        if signal_sent == signal.SIGHUP:
            house.process.send_signal(signal_sent)
            assert until(lambda: workers_of(house) and not set(old) & set(workers_of(house)), 60)
        else:
            house.stop()
            house.start()
        restart_s = time.monotonic() - began
        played.until_acknowledged(20)
        done.set()
        looking.join()

        assert len(pages) > 3
        if signal_sent == signal.SIGHUP:
            assert set(pages) == {200}
        outcome = played.end()
        assert outcome.ack_max_s < restart_s + BACKOFF_SECONDS, outcome
        assert outcome.verdict.holds, outcome


@pytest.mark.postgres
def test_e5_a_temporary_database_outage_is_survived(tmp_path, own_postgres):
    with scene(tmp_path, people=12, processes=2, DATABASE_URL=own_postgres.url) as played:
        for bot in played.bots:
            bot.hop = 0
        played.until_acknowledged(30)
        assert until(lambda: all(bot.at for bot in played.bots), 10)
        reconnects = sum(bot.reconnects for bot in played.bots)

        own_postgres.stop()
        time.sleep(AWAY_SECONDS)
        status, page = get(f"{played.houses[0].url}/programma")
        assert (status, "Het lukt even niet" in page) == (503, True)
        assert get(f"{played.houses[0].url}/healthz")[0] == 200
        assert get(f"{played.houses[0].url}/readyz")[0] == 503
        own_postgres.start()

        played.until_acknowledged(30)
        outcome = played.end()
        assert outcome.reconnects == reconnects  # no connection was cut for it
        assert outcome.ack_max_s > AWAY_SECONDS  # somebody waited for it
        assert outcome.verdict.holds, outcome


@pytest.mark.postgres
def test_e6_a_temporary_database_hang_is_survived(tmp_path, own_postgres):
    with scene(tmp_path, people=12, DATABASE_URL=own_postgres.url) as played:
        house = played.houses[0]
        played.until_acknowledged(30)
        threads = threads_of(house)

        own_postgres.freeze()
        time.sleep(AWAY_SECONDS)
        assert get(f"{house.url}/healthz", timeout=2)[0] == 200  # the process itself does not hang
        assert threads_of(house) <= threads
        own_postgres.thaw()

        played.until_acknowledged(30)
        outcome = played.end()
        assert outcome.ack_max_s > AWAY_SECONDS
        assert outcome.verdict.holds, outcome
