"""Readiness (`/readyz`) without writes: a full disk, a read-only primary, a lock held by another process."""

import resource
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text

from dagvandebuurt.core import db as database
from dagvandebuurt.core.db import WriteProbe, db
from dagvandebuurt.frontdoor import releases


@pytest.fixture
def ready(app, monkeypatch):
    """A migrated app, with a fresh probe each time."""
    with app.app_context():
        db.session.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))"))
        db.session.execute(text("DELETE FROM alembic_version"))
        db.session.execute(
            text("INSERT INTO alembic_version VALUES (:v)"), {"v": releases.newest_migration()}
        )
        db.session.commit()
    monkeypatch.setattr(database, "PROBE_SECONDS", 0)
    monkeypatch.setattr(database, "WRITE_LOCK_SECONDS", 0.1)
    yield app
    with app.app_context():
        db.session.execute(text("DROP TABLE alembic_version"))
        db.session.commit()


def asked(app):
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.get_data(as_text=True).split()[0]


def test_a_writable_database_is_ready(ready):
    assert asked(ready) == (200, "ready")


def test_a_full_disk_is_noticed_and_so_is_its_end(ready):
    if ready.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        pytest.skip("the disk is another machine's")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, limits[1]))  # no file may grow, or be extended
    try:
        full = asked(ready)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert full == (503, "writing")
    assert asked(ready) == (200, "ready")


def test_a_lock_that_another_process_holds_is_noticed(ready):
    url = ready.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("postgresql"):
        pytest.skip("a lock of SQLite")
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        locked = asked(ready)
        other.execute("COMMIT")

    assert locked == (503, "writing")
    assert asked(ready) == (200, "ready")


@pytest.mark.postgres
def test_a_read_only_primary_is_noticed(house_on_postgres):
    with house_on_postgres.app_context():
        db.session.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))"))
        db.session.commit()
        before = WriteProbe().works()
        for on in ("on", "off"):
            db.session.execute(text(f"SET SESSION default_transaction_read_only = {on}"))
            db.session.commit()
            if on == "on":
                read_only = WriteProbe().works()
        after = WriteProbe().works()
        db.session.execute(text("DROP TABLE alembic_version"))
        db.session.commit()

    assert (before, read_only, after) == (True, False, True)


def test_the_probe_is_cached(ready, monkeypatch):
    monkeypatch.setattr(database, "PROBE_SECONDS", 10)
    written = []
    probe = WriteProbe()
    monkeypatch.setattr(probe, "_write", lambda: written.append(1) is None)

    assert (probe.works(), probe.works(), len(written)) == (True, True, 1)
