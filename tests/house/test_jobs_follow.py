"""Fail-over of the job runner: real servers whose workers are killed or replaced."""

import contextlib
import os
import re
import signal
import urllib.error
import urllib.parse
import urllib.request
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts import jobs
from dagvandebuurt.parts.jobs.models import JobLease, JobRun
from tests.chaos.rounds import until, workers_of
from tests.factories import Factory
from tests.served import serve
from tests.servers import smtp_server
from tests.visitors import house_of

pytestmark = pytest.mark.slow
TERM = "1.5"  # seconds, instead of twelve


@contextlib.contextmanager
def running(folder, **settings):
    """(a served app whose mail is delivered, its app to inspect, the mailbox)."""
    with (
        smtp_server() as box,
        serve(folder, JOBS_LEASE_SECONDS=TERM, SMTP_URL=box.url, **settings) as served,
    ):
        app = house_of(folder, served.environ)
        yield served, app, box
        with app.app_context():
            db.engine.dispose()


def ask_for_a_link(served, person):
    """As a browser does, by the form of the page."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = opener.open(f"{served.url}/inloggen", timeout=10).read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    fields = urllib.parse.urlencode({"email": person.email, "csrf_token": token})
    opener.open(f"{served.url}/inloggen", fields.encode(), timeout=10).close()


def ran(app):
    with app.app_context():
        return {row.name: row.ran_at for row in db.session.execute(select(JobRun.name, JobRun.ran_at))}


def owner(app):
    """The process that runs the jobs."""
    with app.app_context():
        named = db.session.scalar(select(JobLease.owner))
    return int(named.partition("-")[0]) if named else None


def ready(served):
    try:
        with urllib.request.urlopen(f"{served.url}/readyz", timeout=5) as page:
            return page.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.read().decode()


def everything_runs_again(served, app, box, since):
    """Every job of the minute runs, the missed night is made up for, and mail is sent."""
    expected = {name for name, (_, when, _) in jobs._jobs.items() if when.get("minute") == "*"} | {"tidy"}
    assert len(expected) > 6

    def well():
        at = ran(app)
        return all(at[name] is not None and at[name] > since for name in expected)

    assert until(well, 25), {name: at for name, at in ran(app).items() if name in expected}
    person = Factory(app).person("Sjaan", email=f"{uuid4().hex}@buurt.example")
    assert until(lambda: owner(app) in workers_of(served), 10)
    ask_for_a_link(served, person)
    assert until(lambda: [person.email] in box.recipients, 20)
    assert until(lambda: ready(served).startswith("ready"), 10), ready(served)


def miss_a_night(app):
    with app.app_context(), transaction():
        db.session.execute(
            update(JobRun).where(JobRun.name == "tidy").values(ran_at=clock.now() - timedelta(days=2))
        )


def test_e24_after_its_only_worker_died_or_was_replaced_the_jobs_run_again(tmp_path):
    with running(tmp_path) as (served, app, box):
        for blow in ("kill -9", "HUP"):
            assert until(lambda: owner(app) in workers_of(served), 25)
            assert until(lambda: ran(app).get("carry_over"), 15)
            [old] = workers_of(served)
            miss_a_night(app)
            since = clock.now()
            if blow == "kill -9":
                os.kill(old, signal.SIGKILL)
            else:
                served.process.send_signal(signal.SIGHUP)

            assert until(lambda old=old: owner(app) not in (None, old), 25), blow
            everything_runs_again(served, app, box, since)


@pytest.mark.postgres
def test_e24_of_two_workers_the_one_that_ran_the_jobs_dies(tmp_path, postgres):
    with running(tmp_path, DATABASE_URL=postgres, WORKERS="2") as (served, app, box):
        assert until(lambda: owner(app) in workers_of(served) and len(workers_of(served)) == 2, 20)
        assert until(lambda: ran(app).get("carry_over"), 15)
        old = owner(app)
        miss_a_night(app)
        since = clock.now()
        os.kill(old, signal.SIGKILL)

        assert until(lambda: owner(app) not in (None, old), 25)
        everything_runs_again(served, app, box, since)


def test_e24_missing_job_runner_is_reported(tmp_path):
    """The twin: no other worker takes over; then at least it must be reported."""
    with running(tmp_path) as (served, app, _box):
        assert until(lambda: ran(app).get("carry_over"), 15)
        assert until(lambda: ready(served).startswith("ready"), 10)

        def says_so():
            with app.app_context(), transaction():  # another process holds the lease, and does nothing
                db.session.execute(
                    update(JobLease).values(owner="0-nobody", token=10**6, beat=JobLease.beat + 1)
                )
                db.session.execute(update(JobRun).values(ran_at=clock.now() - timedelta(minutes=3)))
            return "jobs" in ready(served)

        assert until(says_so, 10)
