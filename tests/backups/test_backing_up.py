"""A backup is whole and consistent while people write, and what was broken is never taken for one."""

import errno
import os
import stat
import threading
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from dagvandebuurt import cli
from dagvandebuurt.backups import BackupProblem, backing_up, file
from dagvandebuurt.core import backup_mark, clock, running
from dagvandebuurt.qanda import events
from dagvandebuurt.setup.migrating import migrate
from tests.backups.conftest import PICTURE, back_up, fill, opened, restore, rows_of, state_of
from tests.conftest import test_settings

WRITERS, EACH = 3, 25


def writes(make, session, askers, acknowledged, more):
    """Ask one question after the other; note each that was acknowledged."""
    for asker in askers:
        identity = str(uuid4())
        answer = make.do(events.ASK, asker, session, id=identity, text=f"Vraag van {asker.id}?")
        assert answer["ok"], answer
        with more:
            acknowledged.append(identity.replace("-", ""))
            more.notify_all()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_backup_under_load_holds_all_that_was_acknowledged_before_it(request, tmp_path, now, database):
    here, there = {}, {}
    if database == "postgresql":
        here["DATABASE_URL"] = request.getfixturevalue("postgres")
    settings = test_settings(tmp_path / "huis", **here)
    acknowledged, more, before = [], threading.Condition(), []
    with opened(settings) as (app, make):
        migrate(app)
        fill(app, make)
        session = make.session(starts_at=now - timedelta(minutes=15), ends_at=now + timedelta(minutes=45))
        askers = [[make.identity(f"Vrager {n}") for n in range(EACH)] for _ in range(WRITERS)]
        threads = [
            threading.Thread(target=writes, args=(make, session, each, acknowledged, more)) for each in askers
        ]

        def goes_on(table):
            """Let people write between the tables: a copy that is no snapshot would be torn."""
            if table in ("live_room", "person", "question"):
                with more:
                    now_at = len(acknowledged)
                    assert more.wait_for(
                        lambda: len(acknowledged) > now_at or len(acknowledged) == WRITERS * EACH, 120
                    )

        for thread in threads:
            thread.start()
        with more:
            assert more.wait_for(lambda: len(acknowledged) >= 10, 120)
            before = list(acknowledged)
        path = backing_up.back_up(settings, tmp_path / "kopie", now=clock.now(), say=goes_on).path
        for thread in threads:
            thread.join()
    assert len(acknowledged) == WRITERS * EACH
    assert len(before) < len(acknowledged)  # people did write meanwhile
    live = rows_of(settings)

    if database == "postgresql":
        there["DATABASE_URL"] = f"sqlite:///{tmp_path / 'terug.db'}"  # and a backup of one fits the other
    target = test_settings(tmp_path / "terug", **there)
    restore(target, path)

    back = rows_of(target)
    with zipfile.ZipFile(path) as archive:
        copied = archive.read("tables/question.jsonl").decode()
    assert all(identity in copied for identity in before)
    for table, rows in back.items():
        if table not in ("live_room", "job_lease"):  # the epoch of a restore is another
            assert set(rows) <= set(live[table]), table
    gone = set(live["question"]) - set(back["question"])
    assert all(any(identity.encode() in row for identity in acknowledged) for row in gone)
    assert len(live["question"]) - len(gone) == len(back["question"])
    assert {
        table: rows for table, rows in back.items() if table in ("edition", "role_grant", "second_factor")
    } == {table: live[table] for table in ("edition", "role_grant", "second_factor")}


def test_keys_are_apart_and_nobody_else_reads_either(here, tmp_path):
    path = back_up(here)

    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(file.keys_beside(path)) as keys:
        assert f"files/{PICTURE}" in archive.namelist()
        assert archive.getinfo("tables/person.jsonl").compress_type == zipfile.ZIP_DEFLATED
        assert not [name for name in archive.namelist() if name.endswith(".key")]
        made = {Path(name).name for name in keys.namelist() if name.endswith(".key")}
    assert made == {each.name for each in Path(here["KEY_FOLDER"]).glob("*.key")}
    assert made
    for each in (path, file.keys_beside(path)):
        assert stat.S_IMODE(each.stat().st_mode) == 0o600


def test_every_night_again_and_the_oldest_go_with_their_keys(here, tmp_path, bare, monkeypatch):
    nights = [clock.now() + timedelta(days=n) for n in range(4)]
    folder = tmp_path / "de nachten"
    for night in nights:
        backing_up.back_up(here, folder, now=night)
    (folder / ".dagvandebuurt-20200101-000000.zip.aa.partial").write_text("of a backup that was killed")
    os.utime(folder / ".dagvandebuurt-20200101-000000.zip.aa.partial", (0, 0))

    backing_up.prune(folder, None, 2)

    assert [path.name for path in sorted(folder.iterdir())] == [
        f"dagvandebuurt-{night:%Y%m%d-%H%M%S}{end}" for night in nights[2:] for end in (".keys.zip", ".zip")
    ]
    assert backing_up.newest_of(folder).name == f"dagvandebuurt-{nights[3]:%Y%m%d-%H%M%S}.zip"
    one = tmp_path / "altijd dezelfde.zip"
    back_up(here, one)
    back_up(here, one)
    (tmp_path / "iets anders.zip").write_text("of mine")
    with pytest.raises(BackupProblem, match="is no backup"):
        back_up(here, tmp_path / "iets anders.zip")


def test_the_command_says_what_it_made(here, tmp_path, bare, monkeypatch):
    monkeypatch.setenv("DATA_FOLDER", here["DATA_FOLDER"])
    monkeypatch.setenv("SECRET_KEY", here["SECRET_KEY"])

    done = CliRunner().invoke(cli.main, ["backup", "nachten", "--keys-to", "elders", "--keep", "3"])

    assert done.exit_code == 0, done.output
    assert "1 files" in done.output
    assert len(list((tmp_path / "nachten").iterdir())) == len(list((tmp_path / "elders").iterdir())) == 1


def test_the_server_knows_when_the_last_backup_was_made(here, tmp_path, bare, monkeypatch, now):
    data = Path(here["DATA_FOLDER"])
    assert backup_mark.read(data) is None

    made = backing_up.back_up(here, tmp_path / "kopie", now=now)

    assert made.is_noted
    assert backup_mark.read(data) == now
    assert [path.name for path in data.iterdir() if path.name.startswith(f".{backup_mark.NAME}")] == []

    def full(_self, *_args, **_kwargs):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    later = backing_up.back_up(here, tmp_path / "kopie", now=now + timedelta(days=1))
    assert later.path.is_file()  # the backup is whole
    assert not later.is_noted
    assert backup_mark.read(data) == now


def test_on_a_full_disk_there_is_no_backup_and_nothing_half_done(here, tmp_path, monkeypatch):
    folder = tmp_path / "vol"
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    before = state_of(here)
    for name in ("_write_keys", "_add_files"):
        with monkeypatch.context() as patch:
            patch.setattr(backing_up, name, lambda *_: (_ for _ in ()).throw(full))
            with pytest.raises(BackupProblem, match=r"the disk of .* is full"):
                back_up(here, folder)
        assert list(folder.iterdir()) == []
    assert state_of(here) == before


@pytest.mark.parametrize("wrong", ["no database", "no folder", "no keys", "broken off"])
def test_what_cannot_be_copied_is_refused_in_a_sentence(here, tmp_path, wrong):
    where, settings = tmp_path / "kopie", here
    if wrong == "no database":
        settings = test_settings(tmp_path / "leeg")
    elif wrong == "no folder":
        (tmp_path / "bestand").write_text("")
        where = tmp_path / "bestand" / "kopie"
    elif wrong == "no keys":
        settings = here | {"KEY_FOLDER": str(tmp_path / "andere sleutels")}
    else:
        (Path(here["DATA_FOLDER"]) / running.UNFINISHED).touch()

    with pytest.raises(BackupProblem) as refused:
        back_up(settings, where)

    assert str(refused.value).endswith((".", "new-keys", "--replace"))
    assert not list(tmp_path.glob("kopie/*"))


def test_a_server_that_does_not_answer_is_a_sentence(tmp_path):
    settings = test_settings(tmp_path, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")

    with pytest.raises(BackupProblem, match="cannot be read"):
        back_up(settings, tmp_path / "kopie")
