"""Metrics: what is counted, that one scrape sums all processes, and who may read them."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from dagvandebuurt.core import shared_metrics
from dagvandebuurt.core.metrics import GatheredHistogram
from dagvandebuurt.frontdoor.metrics import METRICS, SHARED
from dagvandebuurt.live import dispatch
from tests.served import serve

TOKEN = "a-token-that-only-this-test-uses-0123"


def samples(text):
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_every_listed_metric_is_in_the_output_and_no_other(make):
    browser = make.browser()
    browser.post("/inloggen/wachtwoord", data={"email": "sjaan@buurt.example", "password": "geraden"})
    families = {
        family.name: family.type for family in text_string_to_metric_families(browser.get("/metrics").text)
    }
    named = {name + ("_total" if kind == "counter" else "") for name, kind in families.items()}

    assert named == set(METRICS) - {"dvb_redis_up"}  # there is no Redis here
    assert {kind for name, kind in families.items() if name in SHARED} == {"gauge"}


def test_requests_are_counted_by_route_and_never_by_what_somebody_typed(make):
    browser = make.browser()
    key = ("dvb_requests_total", ("method", "GET"), ("route", "frontdoor.alive"), ("status", "200"))
    lost = ("dvb_requests_total", ("method", "GET"), ("route", "none"), ("status", "404"))
    before = samples(browser.get("/metrics").text)
    for _ in range(3):
        browser.get("/healthz")
    browser.get("/een/geheim/adres")
    text = browser.get("/metrics").text
    after = samples(text)

    assert after[key] - before.get(key, 0) == 3
    assert after[lost] - before.get(lost, 0) == 1
    assert "geheim" not in text
    timed = ("dvb_request_seconds_count", ("route", "frontdoor.alive"))
    assert after[timed] - before.get(timed, 0) == 3
    statements = ("dvb_database_seconds_count",)
    assert after[statements] > before[statements]


def test_wrong_passwords_are_counted_by_kind_and_by_nothing_else(make):
    browser = make.browser()
    before = samples(browser.get("/metrics").text)
    browser.post("/inloggen/wachtwoord", data={"email": "sjaan@buurt.example", "password": "geraden"})
    after = samples(browser.get("/metrics").text)
    failures = {key: value for key, value in after.items() if key[0] == "dvb_login_failures_total"}

    assert sum(failures.values()) - sum(before.get(key, 0) for key in failures) == 1
    assert {name for key in failures for name, _ in key[1:]} == {"kind"}


def test_live_events_are_timed_by_our_names_for_them(app, make):
    browser = make.browser()
    before = samples(browser.get("/metrics").text)
    for name in ("question:ask", "een-geheim"):
        assert not dispatch.answer(app.extensions["live"], None, name, ({},))["ok"]
    text = browser.get("/metrics").text
    after = samples(text)

    for event in ("question:ask", "unknown"):
        key = ("dvb_live_acknowledged_seconds_count", ("event", event))
        assert after[key] - before.get(key, 0) == 1
    assert "geheim" not in text


def test_a_gathered_histogram_counts_what_observing_each_at_once_counts():
    bounds = (0.003, 0.01, 0.3)
    amounts = [0.0, 0.001, 0.003, 0.0030001, 0.01, 0.25, 0.3, 7.0] * 50
    registries = CollectorRegistry(), CollectorRegistry()
    each, whole = (
        Histogram("seconds", "Time", ["event"], buckets=bounds, registry=registry) for registry in registries
    )
    gathered = GatheredHistogram(whole)
    for amount in amounts:
        each.labels("ask").observe(amount)
    gathered.publish()
    assert samples(generate_latest(registries[1]).decode()) == {}  # nothing observed: no label either

    with ThreadPoolExecutor(4) as pool:  # observed and published by several threads at once
        for amount in amounts:
            pool.submit(gathered.observe, "ask", amount)
            pool.submit(gathered.publish)
    gathered.publish()
    gathered.publish()  # counts nothing twice

    expected, found = (samples(generate_latest(registry).decode()) for registry in registries)
    assert found.keys() == expected.keys()
    assert all(found[key] == pytest.approx(value) for key, value in expected.items())


def test_a_turn_of_the_pump_says_when_it_was_and_how_late_it_told(app, make):
    pump = app.extensions["live"].pump
    browser = make.browser()
    told = ("dvb_live_broadcast_seconds_count",)
    before = samples(browser.get("/metrics").text)
    pump.start()
    try:
        pump.wake()
        deadline = time.monotonic() + 60
        while (after := samples(browser.get("/metrics").text))[told] == before.get(told, 0):
            assert time.monotonic() < deadline
    finally:
        pump.stop()

    assert abs(after[("dvb_live_turned_timestamp_seconds", ("loop", "pump"))] - time.time()) < 3600


@pytest.mark.parametrize(
    ("given", "status"), [("", 404), ("Bearer wrong", 404), (f"Bearer {TOKEN}", 200), (f"Basic {TOKEN}", 404)]
)
def test_another_machine_reads_metrics_with_the_token_alone(app, make, given, status):
    app.config["METRICS_TOKEN"] = TOKEN
    there = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    browser = make.browser()

    assert (
        browser.get("/metrics", headers={"Authorization": given} if given else {}, **there).status_code
        == status
    )
    passed_on = {"Authorization": given, "X-Forwarded-For": "192.0.2.9"}
    assert browser.get("/metrics", headers=passed_on, **there).status_code == 404
    app.config["METRICS_TOKEN"] = None
    assert browser.get("/metrics", headers={"Authorization": given}, **there).status_code == 404


@pytest.mark.postgres
def test_one_scrape_sums_the_processes_whichever_answers(tmp_path, postgres):
    with serve(tmp_path, DATABASE_URL=postgres, WORKERS="3", LOG_FORMAT="json") as house:

        def scrape():
            with urllib.request.urlopen(f"{house.url}/metrics", timeout=30) as page:
                return samples(page.read().decode())

        def scrape_or_none():
            try:
                return scrape()
            except OSError:  # of a connection that the dead one had taken
                return None

        found = scrape()
        deadline = time.monotonic() + 60
        while found[("dvb_processes",)] < 3 or found[("dvb_jobs_running",)] < 1:
            assert time.monotonic() < deadline
            found = scrape()
        alive = ("dvb_requests_total", ("method", "GET"), ("route", "frontdoor.alive"), ("status", "200"))
        before = found[alive]
        for _ in range(30):
            urllib.request.urlopen(f"{house.url}/healthz", timeout=30).close()
        for _ in range(5):
            found = scrape()
            assert found[alive] == before + 30
            assert found[("dvb_processes",)] == 3
            assert found[("dvb_jobs_running",)] == 1
        assert found[("dvb_memory_bytes",)] > 3 * 20_000_000
        turned = ("dvb_live_turned_timestamp_seconds", ("loop", "pump"))
        master = house.process.pid
        workers = Path(f"/proc/{master}/task/{master}/children")
        dead = int(workers.read_text().split()[0])
        killed_at = time.time()
        os.kill(dead, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while not (
            (found := scrape_or_none() or found).get(turned, 0) > killed_at and found[("dvb_processes",)] == 3
        ):
            assert time.monotonic() < deadline  # the dead one is out of the sums, and another in
        assert found[alive] == before + 30  # what it counted stays counted, and what it was does not
        assert found[turned] > 1_600_000_000
        assert re.search(
            r'^\{"time": "20.*"level": "info", .*this process runs the jobs"\}$', house.log, re.M
        )


def test_what_killed_services_left_is_removed_and_what_lives_is_kept(tmp_path, monkeypatch):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name in (
        f"dvb-metrics-{gone.pid}-aaaa",
        f"dvb-metrics-{os.getpid()}-bbbb",
        "of-another",
        "dvb-metrics-x-y",
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "counter_1.db").touch()
    monkeypatch.setattr(shared_metrics, "MEMORY", str(tmp_path))
    monkeypatch.setenv(shared_metrics.FOLDER, "")
    monkeypatch.setattr("atexit.register", lambda *_: None)

    shared_metrics.share_files()

    made = Path(os.environ[shared_metrics.FOLDER]).name
    assert made.startswith(f"dvb-metrics-{os.getpid()}-")
    there = {path.name for path in tmp_path.iterdir()}
    assert there == {made, f"dvb-metrics-{os.getpid()}-bbbb", "of-another", "dvb-metrics-x-y"}
