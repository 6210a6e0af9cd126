"""`dagvandebuurt status`: each line turns bad for what it is about, and for nothing else."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from dagvandebuurt.core import backup_mark
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.frontdoor import metrics, releases
from dagvandebuurt.parts.jobs import runs
from dagvandebuurt.parts.mail import rules, set_aside
from dagvandebuurt.people.mailer import Letter
from dagvandebuurt.setup import status
from tests.served import ROOT, serve

NOW = datetime(2027, 1, 28, 12, tzinfo=UTC)


@pytest.fixture
def installed(app, tmp_path, monkeypatch):
    """Everything as it should be; the server answers what `said` holds."""
    said = {
        "/readyz": (200, "ready\nopen files: 9\n"),
        "/metrics": (200, "dvb_processes 2\ndvb_memory_bytes 3e8\n"),
    }
    monkeypatch.setattr(status, "_ask", lambda path: said[path])
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=50_000_000_000))
    monkeypatch.setattr(metrics.clock, "now", lambda: NOW)
    (tmp_path / "dagvandebuurt-20270128-033000.zip").touch()
    with app.app_context():
        with transaction():
            db.session.execute(text("CREATE TABLE alembic_version (version_num varchar(32))"))
            db.session.execute(
                text("INSERT INTO alembic_version VALUES (:v)"), {"v": releases.newest_migration()}
            )
        runs.begin(["tidy", "send"])
        ran(hours=8, job="tidy")
        ran(seconds=4, job="send")
        yield SimpleNamespace(said=said, folder=tmp_path, app=app)


def ran(job="send", **ago):
    runs.record({job: NOW - timedelta(**ago)}, {}, now=NOW)


def bad(installed):
    return {line.subject: line.said for line in status.lines(installed.folder, now=NOW) if line.is_bad}


def test_all_is_well(installed):
    assert bad(installed) == {}
    said = {line.subject: line.said for line in status.lines(installed.folder, now=NOW)}
    assert said["server"] == "ready; 2 processes, 300 MB, 0 open live connections"
    assert said["jobs"] == "the last ran 4 seconds ago"
    assert said["disk"] == "50.0 GB free where DATA_FOLDER is"
    assert said["backup"] == "dagvandebuurt-20270128-033000.zip, 8 hours ago; 1 kept"
    assert said["redis"] == "none is configured"


def test_a_server_that_is_away_or_not_ready(installed):
    installed.said["/readyz"] = (503, "database\njobs\nopen files: 9\nwarning: iets\n")
    assert bad(installed)["server"].startswith("not ready: database, jobs;")
    assert "warning: iets" in {line.said for line in status.lines(installed.folder, now=NOW)}
    installed.said["/readyz"] = (None, "Connection refused")
    assert bad(installed) == {"server": "does not answer at http://127.0.0.1:5000: Connection refused"}


def test_jobs_that_stand_still(installed):
    ran(minutes=10)
    assert bad(installed) == {"jobs": "the last ran 10 minutes ago"}


def test_a_night_that_did_not_run(installed):
    ran(job="tidy", days=3)
    assert bad(installed) == {"": "the retention rules were applied 3 days ago"}


def test_mail_that_waits(installed, monkeypatch):
    letter = Letter("confirm", "sjaan@buurt.example", "Sjaan", "Dag", "Dag", "<p>Dag</p>")
    with transaction():
        rules.post(letter, dedupe_key="een", now=NOW - timedelta(hours=3))
    said = bad(installed)
    assert said == {"mail": "1 waiting, the oldest is due since 3 hours; 0 refused, ever"}
    assert "sjaan" not in str(said)


def test_mail_that_a_restore_set_aside(installed):
    letter = Letter("reminder", "sjaan@buurt.example", "Sjaan", "Dag", "Dag", "<p>Dag</p>")
    with transaction():
        rules.post(letter, dedupe_key="een", now=NOW - timedelta(hours=3))
        set_aside.set_aside(now=NOW)
    assert bad(installed) == {"": "1 set aside by a restore: dagvandebuurt set-aside-mail"}


def test_a_full_disk_and_a_redis_that_is_away(installed, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=200_000_000))
    installed.app.config["REDIS_URL"] = "redis://127.0.0.1:1/0"
    try:
        assert set(bad(installed)) == {"disk", "redis"}
    finally:
        installed.app.config["REDIS_URL"] = None


def test_an_old_backup_none_and_a_folder_that_is_not_there(installed):
    (installed.folder / "dagvandebuurt-20270128-033000.zip").rename(
        installed.folder / "dagvandebuurt-20270120-033000.zip"
    )
    assert "8 days ago" in bad(installed)["backup"]
    (installed.folder / "dagvandebuurt-20270120-033000.zip").unlink()
    assert bad(installed)["backup"].startswith("none in")
    assert (
        "cannot be read"
        in {line.subject: line.said for line in status.lines(installed.folder / "weg", now=NOW)}["backup"]
    )


def test_a_backup_in_another_folder_is_known(installed, monkeypatch, tmp_path):
    monkeypatch.setattr(status, "BACKUPS", installed.folder / "nergens")
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setitem(installed.app.config, "DATA_FOLDER", str(data))

    def said():
        return next(line for line in status.lines(None, now=NOW) if line.subject == "backup")

    assert (said().is_bad, said().said.startswith("none")) == (True, True)
    backup_mark.write(data, NOW - timedelta(hours=8))
    assert (said().is_bad, said().said.startswith("made 8 hours ago, not in")) == (False, True)
    backup_mark.write(data, NOW - timedelta(days=4))
    assert (said().is_bad, said().said.startswith("made 4 days ago")) == (True, True)


def test_a_database_of_another_release(installed):
    db.session.execute(text("UPDATE alembic_version SET version_num = 'of a newer one'"))
    db.session.commit()
    assert "install that one" in bad(installed)["database"]


def test_the_command_asks_a_real_server_and_says_when_it_is_gone(tmp_path):
    with serve(tmp_path / "house") as house:
        (tmp_path / "backups").mkdir()

        def run():
            return subprocess.run(
                [sys.executable, "-m", "dagvandebuurt.cli", "status", "--backups", tmp_path / "backups"],
                env=house.environ, cwd=ROOT, capture_output=True, text=True, check=False,
            )  # fmt: skip

        up = run()
        house.end()
        down = run()

    assert "  server    ready; 1 process," in up.stdout
    assert "! backup    none in" in up.stdout
    assert (up.returncode, up.stderr) == (1, "")
    assert f"! server    does not answer at {house.url}" in down.stdout
