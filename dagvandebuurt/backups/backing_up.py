"""Make a backup while people write."""

import errno
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from dagvandebuurt.backups import BackupProblem, file
from dagvandebuurt.backups.rows import engine_of, read, reason, revision_of, snapshot, tables_of
from dagvandebuurt.core import backup_mark, running
from dagvandebuurt.parts import keys
from dagvandebuurt.parts.files import Store, store_of
from dagvandebuurt.parts.files.errors import StoreAway

NAME = "dagvandebuurt-{:%Y%m%d-%H%M%S}.zip"
OURS = re.compile(r"dagvandebuurt-(\d{8}-\d{6})\.zip")
LEFTOVER = re.compile(r"\.dagvandebuurt-.*\.partial")
LEFTOVER_HOURS = 12


@dataclass(frozen=True)
class Made:
    """A backup that was made. `is_noted`: the server knows of it."""

    path: Path
    keys: Path
    tables: int
    rows: int
    files: int
    is_noted: bool = False


def back_up(
    settings: Mapping[str, Any],
    where: Path,
    *,
    keys_to: Path | None = None,
    environment: Path | None = None,
    now: datetime,
    say: Callable[[str], None] = lambda _said: None,
) -> Made:
    """Write a backup to the file `where`, or to one of today in the folder `where`, and its keys beside it or
    in the folder `keys_to`. Raises BackupProblem, and leaves nothing then."""
    data = Path(settings["DATA_FOLDER"])
    if said := running.unfinished(data):
        raise BackupProblem(said)
    path = where if where.suffix == ".zip" else where / NAME.format(now.astimezone(UTC))
    keys_path = file.keys_beside(path)
    if keys_to is not None:
        keys_path = keys_to / keys_path.name
    with _in_words(path):
        for folder in (path.parent, keys_path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_to_overwrite(path)
        with file.written(path) as writer:
            made = _write(writer, settings, path, keys_path, now, say)
            # After the rows, so that the key of each is there; and before the backup gets its name.
            with file.written(keys_path) as keys_writer:
                _write_keys(keys_writer, Path(settings["KEY_FOLDER"]), environment)
    try:
        backup_mark.write(data, now)
    except OSError:  # the backup is whole: a full disk of the server does not undo it
        return made
    return replace(made, is_noted=True)


def prune(where: Path, keys_to: Path | None, keep: int) -> list[Path]:
    """Delete all but the `keep` newest backups of a folder, with their keys, and what a killed backup left.
    Returns the backups that went."""
    old = all_of(where)[:-keep] if keep else []
    for path in old:
        path.unlink(missing_ok=True)
        ((keys_to or where) / file.keys_beside(path).name).unlink(missing_ok=True)
    before = (datetime.now(UTC) - timedelta(hours=LEFTOVER_HOURS)).timestamp()
    for folder in {where, keys_to or where}:
        for path in folder.iterdir():
            if LEFTOVER.fullmatch(path.name) and path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
    return old


def all_of(folder: Path) -> list[Path]:
    """Return the backups in a folder, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if OURS.fullmatch(path.name))


def newest_of(where: Path) -> Path:
    """Return the backup itself, or the newest of a folder. Raises BackupProblem when there is none."""
    if not where.is_dir():
        return where
    found = all_of(where)
    if not found:
        raise BackupProblem(f"there is no backup in {where}.")
    return found[-1]


def _write(
    writer: file.Writer,
    settings: Mapping[str, Any],
    path: Path,
    keys_path: Path,
    now: datetime,
    say: Callable[[str], None],
) -> Made:
    data = Path(settings["DATA_FOLDER"])
    # Pictures have the name of their content. Those of before and after the snapshot are both copied: one
    # that is taken away meanwhile is still in the rows, and so is one that came just before it.
    uploads = store_of(settings)
    files = _add_files(writer, uploads, set())
    with source(settings) as connection:
        revision = revision_of(connection)
        if revision is None:
            raise BackupProblem("the database is empty: there is nothing to copy.")
        manifest = file.Manifest(
            made_at=now.isoformat(),
            release=_release(),
            revision=revision,
            database=connection.dialect.name,
            fingerprint=keys.fingerprint_in(connection),
        )
        folder = Path(settings["KEY_FOLDER"])
        if manifest.fingerprint not in (None, keys.fingerprint_of(folder)):
            raise BackupProblem(keys.WRONG.format(folder=folder))
        for table in tables_of(connection):
            say(table.name)
            digest = writer.add_rows(table.name, read(connection, table))
            manifest.tables[table.name] = {
                "rows": digest.rows,
                "sha256": digest.sha256,
                "columns": [list(column) for column in table.columns],
            }
    files = _add_files(writer, uploads, files)
    writer.add_file(file.FORGOTTEN, data / "forgotten.txt")  # last: never older than the rows
    manifest.members = writer.members
    writer.finish(file.as_dict(manifest))
    return Made(path, keys_path, len(manifest.tables), manifest.rows, len(files))


@contextmanager
def source(settings: Mapping[str, Any]) -> Iterator[Connection]:
    """Open a snapshot of the database of these settings. Raises BackupProblem when it does not answer."""
    url = make_url(str(settings["SQLALCHEMY_DATABASE_URI"]))
    where = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        raise BackupProblem(f"there is no database {where}. Look at DATABASE_URL and DATA_FOLDER.")
    try:
        with engine_of(url) as engine, snapshot(engine) as connection:
            yield connection
    except SQLAlchemyError as failure:
        raise BackupProblem(f"the database {where} cannot be read: {reason(failure)}") from failure


def _release() -> str:
    try:
        return version("dagvandebuurt")
    except PackageNotFoundError:
        return "a checkout"  # run from its folder, not installed


def _add_files(writer: file.Writer, uploads: Store, known: set[str]) -> set[str]:
    """Add the uploaded files that are not `known`, and return all that were added. Raises BackupProblem."""
    added = set(known)
    try:
        for name in uploads.names():
            if name not in added and (content := uploads.get(name)) is not None:
                writer.add_content(f"files/{name}", content)
                added.add(name)
    except StoreAway as away:
        raise BackupProblem(f"no backup was made: {away.reason}") from away
    return added


def _write_keys(writer: file.Writer, folder: Path, environment: Path | None) -> None:
    for path in sorted(folder.glob("*.key")):
        writer.add_file(f"keys/{path.name}", path)
    if environment is not None:
        writer.add_file("dagvandebuurt.env", environment)
    writer.finish({"format": file.FORMAT, "members": writer.members})


def _refuse_to_overwrite(path: Path) -> None:
    """Let a nightly backup to one file replace that of yesterday, and nothing else."""
    if path.exists():
        try:
            file.Backup(path).__exit__()
        except BackupProblem as problem:
            raise BackupProblem(f"{path} exists, and is no backup. Give another name.") from problem


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        raise BackupProblem(
            f"no backup was made: {disk_sentence(failure, failure.filename or path)}"
        ) from failure


def disk_sentence(failure: OSError, path: object) -> str:
    """Return in words why something could not be written."""
    if failure.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk of {path} is full."
    return f"{path}: {failure.strerror or failure}."
