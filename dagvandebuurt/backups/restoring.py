"""Put a backup back: checked first, built beside what is there, who was erased is erased again, and only then
it takes its place."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from dagvandebuurt.backups import BackupProblem
from dagvandebuurt.backups.backing_up import disk_sentence
from dagvandebuurt.backups.file import FORGOTTEN, Backup, keys_beside, put_keys
from dagvandebuurt.backups.rows import reason
from dagvandebuurt.backups.staging import INCOMING, Staged, Target, building, kept_name
from dagvandebuurt.core import clock, running
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.frontdoor.releases import is_unknown_migration
from dagvandebuurt.live.restore_detection import Mark, new_epochs
from dagvandebuurt.mailings.rules import stop_after_restore
from dagvandebuurt.parts import keys
from dagvandebuurt.parts.files import Folder, Store, store_of
from dagvandebuurt.parts.files.errors import StoreAway
from dagvandebuurt.parts.jobs.models import JobLease
from dagvandebuurt.parts.mail import set_aside
from dagvandebuurt.people import jobs
from dagvandebuurt.people.lifecycle import erasure
from dagvandebuurt.setup.migrating import to_this_release

ROOM_FOR_ROWS = 3  # times the size of the rows as text: tables, indexes, and the log of the database


@dataclass(frozen=True)
class Restored:
    """What a restore did. `kept` says where that is which was there before."""

    rows: int
    tables: int
    files: int
    forgotten_again: int
    mails_set_aside: int
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class Keys:
    """Where the keys of a restored database come from. Neither: they are lost."""

    file: Path | None = None
    are_there: bool = False


def restore(
    settings: Mapping[str, Any],
    backup: Backup,
    *,
    keys_file: Path | None = None,
    without_keys: bool = False,
    may_replace: Callable[[int], bool] = lambda _rows: False,
    now: datetime,
    seen: Callable[[int], None] = lambda _rows: None,
) -> Restored:
    """Put a backup in the place of the database, keys and files of these settings. `may_replace` is asked
    when there are so many rows already. Raises BackupProblem, and has changed nothing then."""
    data = Path(settings["DATA_FOLDER"])
    target = Target(str(settings["SQLALCHEMY_DATABASE_URI"]))
    with in_words(data), alone(data, target):
        check(backup)
        chosen = choose_keys(settings, backup, keys_file, without_keys=without_keys)
        held = target.holds()
        if held and not running.unfinished(data) and not may_replace(held):
            raise BackupProblem(
                f"the database {target.name} holds {held} rows already. To put the backup in its place: --replace"
            )
        _refuse_too_little_room(data, backup)
        with staged(settings, target, backup, chosen, seen=seen) as (folder, database, restored):
            return replace(restored, kept=_put_in_place(settings, folder, database, chosen, now))


def check(backup: Backup) -> None:
    """Raise BackupProblem for a backup that is damaged, or of a newer release."""
    if is_unknown_migration(backup.manifest.revision):
        raise BackupProblem(
            f"this backup was made by a newer release ({backup.manifest.release}, database"
            f" {backup.manifest.revision}). Install that release first."
        )
    backup.verify()


def choose_keys(
    settings: Mapping[str, Any], backup: Backup, given: Path | None, *, without_keys: bool
) -> Keys:
    """Decide which keys the restored database gets. Those that are there stay when they belong to it: a key
    that was destroyed since must not come back. Raises BackupProblem when none belong."""
    folder = Path(settings["KEY_FOLDER"])
    expected = backup.manifest.fingerprint
    if without_keys:
        return Keys()
    if expected is not None and keys.fingerprint_of(folder) == expected:
        return Keys(are_there=True)
    path = given or keys_beside(backup.path)
    if path.is_dir():
        path /= keys_beside(backup.path).name
    if path.exists():
        return Keys(file=path)
    if expected is None and any(folder.glob("*.key")):
        return Keys(are_there=True)  # of a release that kept no fingerprint
    raise BackupProblem(
        f"the keys of this backup are neither in {folder} nor in {path}. Give them with --keys FILE. Without"
        " them no code of a phone is right and no anonymous question is found; lost for good: --without-keys"
    )


@contextmanager
def staged(
    settings: Mapping[str, Any], target: Target, backup: Backup, chosen: Keys, *, seen: Callable[[int], None]
) -> Iterator[tuple[Path, Staged, Restored]]:
    """Build the backup beside `target`, in a folder and a database that are thrown away after the block,
    unless they were put in place. People erased since are erased again in there."""
    data = Path(settings["DATA_FOLDER"])
    folder = data / f"{INCOMING}{secrets.token_hex(4)}"
    database = target.stage()
    with building(data, target):
        try:
            folder.mkdir(mode=0o700)
            _stage_files(settings, folder, backup, chosen)
            database.prepare()
            restored = _stage_rows(settings, folder, database, backup, chosen, seen)
            yield folder, database, restored
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            database.discard()


def _stage_files(settings: Mapping[str, Any], folder: Path, backup: Backup, chosen: Keys) -> None:
    (folder / "files").mkdir(mode=0o700)
    backup.put_files(folder / "files")
    (folder / "keys").mkdir(mode=0o700)
    if chosen.file is not None:
        put_keys(chosen.file, folder / "keys")
        found = keys.fingerprint_of(folder / "keys")
        if backup.manifest.fingerprint not in (None, found):
            raise BackupProblem(f"the keys in {chosen.file} are of another installation. Give others: --keys")
    elif chosen.are_there:
        for path in Path(settings["KEY_FOLDER"]).glob("*.key"):
            shutil.copy2(path, folder / "keys")
    present = Path(settings["DATA_FOLDER"]) / FORGOTTEN
    listed = backup.forgotten() | (set(present.read_text().split()) if present.exists() else set())
    if listed:
        (folder / FORGOTTEN).write_text("".join(f"{line}\n" for line in sorted(listed)))


def _stage_rows(
    settings: Mapping[str, Any],
    folder: Path,
    database: Staged,
    backup: Backup,
    chosen: Keys,
    seen: Callable[[int], None],
) -> Restored:
    from flask_migrate import upgrade

    manifest = backup.manifest
    tables = [manifest.columns_of(name) for name in manifest.tables]
    with database.app(settings, **beside(folder)) as app:
        with app.app_context():
            upgrade(revision=manifest.revision)
            db.session.remove()
            loaded = database.fill(tables, lambda table: backup.lines(table.name), seen)
            for name, digest in loaded.items():
                if (digest.rows, digest.sha256) != (
                    manifest.tables[name]["rows"],
                    manifest.tables[name]["sha256"],
                ):
                    raise BackupProblem(f"the rows of {name} are not those that the manifest counted.")
            to_this_release()
            if chosen.file is None and not chosen.are_there:
                keys.forget_fingerprint()
                keys.remember()
        forgotten = _forget_again(app)
        with app.app_context():
            new_epochs()
            with transaction():
                db.session.execute(update(JobLease).values(owner=None))
                stop_after_restore(now=clock.now())
                aside = set_aside.set_aside(now=clock.now())
    return Restored(manifest.rows, len(tables), len(backup.files), forgotten, aside)


def _forget_again(app: Any) -> int:
    """Erase the people erased since, and apply the retention rules. Raises BackupProblem when somebody
    could not be erased."""
    count = int(jobs.tidy(app)["forgotten again"])
    with app.app_context():
        while more := erasure.erase_again():
            count += more
        left = len(erasure.listed_and_back())
        db.session.rollback()
    if left:
        raise BackupProblem(f"{left} people who deleted their account could not be deleted again.")
    return count


def _put_in_place(
    settings: Mapping[str, Any], folder: Path, database: Staged, chosen: Keys, now: datetime
) -> tuple[str, ...]:
    """Move files, keys and database to where they are served from. What fails is moved back; a kill in
    between leaves a note, and no server starts until the restore was run again."""
    data = Path(settings["DATA_FOLDER"])
    kept = data / kept_name(now)
    note = data / running.UNFINISHED
    uploads = store_of(settings)
    places = [] if chosen.are_there else [(folder / "keys", Path(settings["KEY_FOLDER"]), kept / "keys")]
    if isinstance(uploads, Folder):
        places.append((folder / "files", uploads.folder, kept / "files"))
    with ExitStack() as undo:
        if not note.exists():
            note.touch(mode=0o600)
            undo.callback(note.unlink, missing_ok=True)
        for new, place, aside in places:
            _swap(new, place, aside, undo)
        if not isinstance(uploads, Folder):
            _add_files(Folder(folder / "files"), uploads, undo)
        if (folder / FORGOTTEN).exists():  # longer than the one that is there; that stays if the rest fails
            os.replace(folder / FORGOTTEN, data / FORGOTTEN)
        before = database.publish(kept.name)
        undo.pop_all()
    if chosen.are_there:
        _destroy_again(Path(settings["KEY_FOLDER"]), folder / "keys")
    Mark(data).clear()
    note.unlink(missing_ok=True)
    return tuple(str(each) for each in (before, kept if kept.exists() else None) if each is not None)


def _add_files(staged_files: Folder, uploads: Store, undo: ExitStack) -> None:
    """Add the files of a backup to a store that other machines read. None is replaced or removed there: a name
    belongs to one content, and what no page shows is found by nobody. Raises BackupProblem."""
    try:
        there = set(uploads.names())
        for name in staged_files.names():
            content = staged_files.get(name)
            if name not in there and content is not None:
                uploads.put(name, content)
                undo.callback(uploads.delete, name)
    except StoreAway as away:
        raise BackupProblem(f"{away.reason} Nothing was changed.") from away


def beside(folder: Path) -> dict[str, Any]:
    """Return the settings with which a copy keeps all it has in its own folder."""
    return {"DATA_FOLDER": str(folder), "KEY_FOLDER": str(folder / "keys"), "FILES_URL": None}


def _destroy_again(folder: Path, staged_keys: Path) -> None:
    """Destroy the keys that erasing again destroyed in the copy, and take over those that were made."""
    there = {path.name for path in staged_keys.glob("*.key")}
    for path in folder.glob("*.key"):
        if path.name not in there:
            path.unlink(missing_ok=True)
    for name in there:
        if not (folder / name).exists():
            shutil.copy2(staged_keys / name, folder / name)


def _swap(new: Path, place: Path, kept: Path, undo: ExitStack) -> None:
    """Move what is in `place` to `kept`, and what is in `new` to `place`; the folder itself stays, which may
    be a mount that several machines share."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for here, there in ((place, kept), (new, place)):
        for path in sorted(here.iterdir()):
            if not there.exists():
                there.mkdir(mode=0o700, parents=True)
                undo.callback(shutil.rmtree, there, ignore_errors=True)
            shutil.move(path, there / path.name)
            undo.callback(shutil.move, there / path.name, path)


@contextmanager
def alone(data: Path, *targets: Target) -> Iterator[None]:
    """Keep servers away for as long as the block. Raises BackupProblem when one runs."""
    for target in targets:
        others = target.others()
        if others:
            raise BackupProblem(
                f"{others} other connections are open to the database {target.name}. Stop every process of"
                " dagvandebuurt, also on other machines."
            )
    try:
        with running.stopped(data):
            yield
    except running.IsRunning:
        raise BackupProblem("the server runs. Stop it first: dagvandebuurt serve, all of them.") from None


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Say in a sentence why nothing was done, whatever failed."""
    try:
        yield
    except OSError as failure:
        said = disk_sentence(failure, failure.filename or path)
        raise BackupProblem(f"{said} Nothing was changed.") from failure
    except SQLAlchemyError as failure:
        raise BackupProblem(f"the database refused: {reason(failure)}. Nothing was changed.") from failure


def _refuse_too_little_room(data: Path, backup: Backup) -> None:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    needed = backup.size * ROOM_FOR_ROWS
    free = shutil.disk_usage(data).free
    if free < needed:
        raise BackupProblem(
            f"{needed // 1_000_000} MB are needed where {data} is, and {free // 1_000_000} MB are free."
        )
