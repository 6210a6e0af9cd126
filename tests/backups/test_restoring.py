"""A restore puts back what was copied, forgets again who left, and changes nothing when it refuses."""

import errno
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from dagvandebuurt.backups import BackupProblem, drilling, file, restoring, staging
from dagvandebuurt.backups.staging import Target
from dagvandebuurt.core import clock, running
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.models import LiveRoom
from dagvandebuurt.parts import keys
from dagvandebuurt.parts.files import store
from dagvandebuurt.people.lifecycle import erasure
from dagvandebuurt.people.models import Person
from dagvandebuurt.setup import checks
from tests.backups.conftest import (
    PICTURE,
    back_up,
    code_secret,
    opened,
    people_in,
    restore,
    rows_of,
    state_of,
)
from tests.conftest import TEST_KEY, test_settings

ROOT = Path(__file__).resolve().parents[2]


def yes(_rows):
    return True


def erase(app, name):
    with app.app_context(), transaction():
        person = db.session.query(Person).filter_by(name=name).one()
        erasure.erase(person.id, now=clock.now())


def epochs(app):
    with app.app_context():
        return {room.id: room.epoch for room in db.session.query(LiveRoom)}


def test_on_an_empty_machine_everything_is_back(here, elsewhere):
    with opened(here) as (app, _):
        secret, before = code_secret(app), epochs(app)

    done = restore(elsewhere, back_up(here))

    with opened(elsewhere) as (app, make):
        assert people_in(app) >= {"Rosa de Wit", "Noor", "Anna"}
        assert code_secret(app) == secret  # the phone of before still works
        assert all(epoch != before[room] for room, epoch in epochs(app).items())
        with app.app_context():
            assert store().get(PICTURE) == b"the picture"
            assert keys.belong()
        assert make.browser().get("/sessies/groen").status_code == 200
        assert "1 resultaat" in make.browser().get("/zoeken?q=groen").text  # the index is built again
    assert (done.files, done.kept) == (1, ())
    leftovers = [path.name for path in Path(elsewhere["DATA_FOLDER"]).iterdir() if "incoming" in path.name]
    assert leftovers == []


def test_who_was_deleted_since_is_deleted_again_before_anybody_is_served(here, migrated_before):
    path = back_up(here)
    with opened(here) as (app, _):
        erase(app, "Rosa de Wit")
        keys_left = {each.name for each in Path(here["KEY_FOLDER"]).glob("*.key")}

    done = restore(here, path, may_replace=yes)

    with opened(here) as (app, _):
        assert "Rosa de Wit" not in people_in(app)
        assert {"Noor", "Anna"} <= people_in(app)
    assert done.forgotten_again == 1
    assert b"Rosa" not in b"".join(b"".join(rows) for rows in rows_of(here).values())
    # A key that was destroyed since does not come back with the backup.
    assert {each.name for each in Path(here["KEY_FOLDER"]).glob("*.key")} <= keys_left
    kept = [Path(each) for each in done.kept]
    assert all(each.exists() for each in kept)
    assert len(kept) == 2  # the database, and the files


def test_a_lost_machine_forgets_from_the_list_in_the_backup(here, elsewhere, migrated_before):
    old = back_up(here)
    with opened(here) as (app, _):
        erase(app, "Rosa de Wit")
    newer = back_up(here, old.parent / "later.zip")
    with zipfile.ZipFile(newer) as archive:
        listed = archive.read("forgotten.txt")
    folder = Path(elsewhere["DATA_FOLDER"])
    folder.mkdir()
    (folder / "forgotten.txt").write_bytes(listed)  # what running.md tells to put there

    restore(elsewhere, old)

    with opened(elsewhere) as (app, _):
        assert "Rosa de Wit" not in people_in(app)
    assert (folder / "forgotten.txt").read_bytes() == listed


def test_when_somebody_cannot_be_deleted_again_nothing_is_put_back(here, monkeypatch, migrated_before):
    path = back_up(here)
    with opened(here) as (app, _):
        erase(app, "Rosa de Wit")
    before = state_of(here)
    monkeypatch.setattr(erasure, "erase", lambda *_, **__: 1 / 0)

    with pytest.raises(BackupProblem, match="could not be deleted again"):
        restore(here, path, may_replace=yes)

    assert state_of(here) == before


def test_a_backup_of_an_earlier_release_is_migrated(here, elsewhere):
    from flask_migrate import downgrade

    with opened(here) as (app, _), app.app_context():
        downgrade(revision="e7a4c2d9b561")
    path = back_up(here)

    restore(elsewhere, path)

    with opened(elsewhere) as (app, _), app.app_context():
        assert keys.belong()
        assert {"Rosa de Wit", "Anna"} <= {person.name for person in db.session.query(Person)}


def cut(path, part):
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])


def rewritten(path, change):
    """The same backup with another manifest."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    import json

    manifest = json.loads(members.pop(file.MANIFEST))
    change(manifest, members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.writestr(file.MANIFEST, json.dumps(manifest))


def one_row_less(_manifest, members):
    members["tables/person.jsonl"] = b"\n".join(members["tables/person.jsonl"].splitlines()[1:]) + b"\n"


WRONG = {
    "cut at a tenth": (lambda path: cut(path, 0.1), "cut off"),
    "cut near the end": (lambda path: cut(path, 0.999), "cut off"),
    "empty": (lambda path: path.write_bytes(b""), "cut off"),
    "no manifest": (lambda path: zipfile.ZipFile(path, "w").close(), "manifest is missing"),
    "a row less": (lambda path: rewritten(path, one_row_less), "checksum differs"),
    "a table less": (lambda path: rewritten(path, lambda _, m: m.pop("tables/person.jsonl")), "damaged"),
    "newer database": (lambda path: rewritten(path, lambda m, _: m.update(revision="ffff")), "newer release"),
    "newer format": (lambda path: rewritten(path, lambda m, _: m.update(format=2)), "newer release"),
    "no keys": (lambda path: file.keys_beside(path).unlink(), "keys of this backup are neither"),
    "gone": (lambda path: path.unlink(), "there is no file"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_backup_that_is_not_whole_is_refused_and_leaves_nothing(here, elsewhere, wrong):
    path = back_up(here)
    spoil, said = WRONG[wrong]
    spoil(path)

    with pytest.raises(BackupProblem, match=said):
        restore(elsewhere, path)

    left = {each.name for each in Path(elsewhere["DATA_FOLDER"]).glob("*")}
    assert left <= {".running", ".building"}


def test_every_single_byte_counts(here, elsewhere):
    path = back_up(here)
    whole = path.read_bytes()
    for at in range(40, len(whole), len(whole) // 60):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        try:
            with file.Backup(path) as backup:
                backup.verify()
                same = backup.manifest
        except BackupProblem:
            continue
        path.write_bytes(whole)  # a byte that says nothing, such as a date in the directory
        with file.Backup(path) as backup:
            assert backup.manifest == same


def test_keys_of_another_installation_are_refused(here, elsewhere, tmp_path, migrated_before):
    path = back_up(here)
    other = test_settings(tmp_path / "vreemd")
    Path(other["DATA_FOLDER"]).mkdir()
    shutil.copytree(here["DATA_FOLDER"], tmp_path / "vreemd", dirs_exist_ok=True)
    with opened(other) as (app, _), app.app_context():
        shutil.rmtree(other["KEY_FOLDER"])
        keys.forget_fingerprint()
        keys.pseudonyms._cache.clear()
        keys.remember()
    strange = file.keys_beside(back_up(other, tmp_path / "vreemde kopie"))

    with pytest.raises(BackupProblem, match="of another installation"):
        restore(elsewhere, path, keys_file=strange)

    assert not (Path(elsewhere["DATA_FOLDER"]) / "dagvandebuurt.db").exists()


def test_a_house_with_people_in_it_or_a_running_server_is_left_alone(here):
    path = back_up(here)
    before = state_of(here)

    with pytest.raises(BackupProblem, match="--replace"):
        restore(here, path)
    with running.hold(Path(here["DATA_FOLDER"])), pytest.raises(BackupProblem, match="Stop it first"):
        restore(here, path, may_replace=yes)

    assert state_of(here) == before


FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def fails(*_args, **_kwargs):
    raise FULL


def test_on_a_full_disk_everything_stays_as_it_was_at_every_step(here, monkeypatch, migrated_before):
    path = back_up(here)
    with opened(here) as (app, _):
        erase(app, "Rosa de Wit")  # so that there is a list to write
    before = state_of(here)
    for where, name in (
        (file.Backup, "put_files"),
        (staging, "load"),
        (restoring, "to_this_release"),
        (restoring.os, "replace"),
        (staging._StagedFile, "publish"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(where, name, fails)
            with pytest.raises(BackupProblem, match=r"is full\. Nothing was changed"):
                restore(here, path, may_replace=yes)
        assert state_of(here) == before, name
        assert not [each for each in Path(here["DATA_FOLDER"]).iterdir() if "incoming" in each.name]


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.conftest import test_settings
from dagvandebuurt.backups import staging
from tests.backups.conftest import restore
staging._StagedFile.publish = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
restore(test_settings(Path(sys.argv[1])), Path(sys.argv[2]), may_replace=lambda rows: True)
"""


def test_killed_while_it_puts_things_in_place_no_server_starts_and_again_mends_it(here, migrated_before):
    folder = Path(here["DATA_FOLDER"])
    path = back_up(here)

    killed = subprocess.run([sys.executable, "-c", KILLED, folder, path], cwd=ROOT, check=False)
    refused = started(folder)
    done = restore(here, path)

    assert killed.returncode == -9
    assert not [each for each in folder.iterdir() if "incoming" in each.name]  # nor what the killed one built
    assert refused.returncode == 1
    assert "broken off" in refused.stderr
    assert done.rows
    with opened(here) as (app, _):
        assert "Anna" in people_in(app)
        with app.app_context():
            assert store().get(PICTURE) == b"the picture"
    assert running.unfinished(folder) is None


def started(folder, **environ):
    return subprocess.run(
        [sys.executable, "-m", "dagvandebuurt.serve"],
        env={
            "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATA_FOLDER": str(folder),
            "SECRET_KEY": TEST_KEY, "PORT": "1", **environ,
        },
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_with_other_keys_no_server_starts_and_check_says_what_to_do(here):
    folder = Path(here["DATA_FOLDER"])
    (folder / "keys").rename(folder / "andere")

    refused = started(folder)

    assert refused.returncode == 1
    assert "do not belong to this database" in refused.stderr
    with opened(here) as (app, _), app.app_context():
        assert "do not belong" in next(checks._keys()).sentence
        assert not keys.belong()
        keys.forget_fingerprint()  # dagvandebuurt new-keys
        keys.remember()
        assert keys.belong()
    assert keys.refusal(here) is None


def test_a_drill_proves_the_backup_and_leaves_no_trace(here, tmp_path, migrated_before):
    path = back_up(here)
    with opened(here) as (app, _):
        erase(app, "Rosa de Wit")
    before = state_of(here)

    with (
        file.Backup(path) as backup,
        staging.building(Path(here["DATA_FOLDER"]), Target(here["SQLALCHEMY_DATABASE_URI"])),
        pytest.raises(BackupProblem, match="another restore, move or drill"),
    ):
        drilling.drill(here, backup, now=clock.now())
    with file.Backup(path) as backup:
        found = drilling.drill(here, backup, most_hours=36, now=clock.now() + timedelta(hours=24))
        with pytest.raises(BackupProblem, match="50 hours old"):
            drilling.drill(here, backup, most_hours=36, now=clock.now() + timedelta(hours=50))

    assert (found.administrators, found.restored.forgotten_again, found.restored.files) == (1, 1, 1)
    assert state_of(here) == before
    file.keys_beside(path).unlink()
    with file.Backup(path) as backup, pytest.raises(BackupProblem, match="neither"):
        drilling.drill(here, backup, now=clock.now())  # the keys that are here do not count
