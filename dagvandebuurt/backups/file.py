"""The backup file: a ZIP with the rows of each table, the uploaded files, the list of erased people, and a
manifest with checksums that is written last.

Keys are in a second file, so that it can be kept elsewhere: only both together can name who asked
anonymously. A file that was cut off has no manifest, and is no backup.
"""

import hashlib
import json
import os
import secrets
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from dagvandebuurt.backups import BackupProblem
from dagvandebuurt.backups.rows import Digest, Table

FORMAT = 1
MANIFEST = "manifest.json"
FORGOTTEN = "forgotten.txt"
PIECE = 1 << 20
KEYS_SUFFIX = ".keys.zip"


@dataclass
class Manifest:
    """What a backup says about itself. `tables` has the number and the checksum of the rows of each."""

    made_at: str
    release: str
    revision: str
    database: str
    fingerprint: str | None = None
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(int(table["rows"]) for table in self.tables.values())

    def columns_of(self, name: str) -> Table:
        return Table(name, tuple((column, kind) for column, kind in self.tables[name]["columns"]))


@contextmanager
def written(path: Path) -> Iterator["Writer"]:
    """Write a file under a temporary name, and give it its own once it is whole and on disk."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
        _sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


class Writer:
    """Members of a new file, each with its checksum."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.members: dict[str, dict[str, Any]] = {}

    def add_rows(self, name: str, lines: Iterable[bytes]) -> Digest:
        digest = Digest()
        self._add(f"tables/{name}.jsonl", (digest.add(line) + b"\n" for line in lines))
        return digest

    def add_file(self, name: str, path: Path) -> bool:
        """Add a file; return False when it is gone by now."""
        try:
            with path.open("rb") as file:
                self._add(name, iter(lambda: file.read(PIECE), b""))
        except FileNotFoundError:
            return False
        return True

    def add_content(self, name: str, content: bytes) -> None:
        self._add(name, [content])

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """Write the manifest, last."""
        self._archive.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))

    def _add(self, name: str, pieces: Iterable[bytes]) -> None:
        sha256, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.external_attr = 0o600 << 16
        if name.endswith(".jsonl"):  # pictures and keys do not get smaller
            info.compress_type = zipfile.ZIP_DEFLATED
        with self._archive.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                sha256.update(piece)
                size += len(piece)
                member.write(piece)
        self.members[name] = {"bytes": size, "sha256": sha256.hexdigest()}


class Backup:
    """A backup that was opened for reading. Every part of it is checked before anything is done with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._archive = _opened(path)
        self.manifest = _manifest(self._archive, path)

    def __enter__(self) -> "Backup":
        return self

    def __exit__(self, *_error: object) -> None:
        self._archive.close()

    @property
    def size(self) -> int:
        return sum(int(member["bytes"]) for member in self.manifest.members.values())

    @property
    def files(self) -> list[str]:
        return [name for name in self.manifest.members if name.startswith("files/")]

    def verify(self) -> None:
        """Read everything once. Raises BackupProblem for a part that is missing, or differs from its
        checksum."""
        _verify(self._archive, self.manifest.members, self.path)

    def lines(self, table: str) -> Iterator[bytes]:
        with self._archive.open(f"tables/{table}.jsonl") as member:
            for line in member:
                yield line.rstrip(b"\n")

    def forgotten(self) -> set[str]:
        return set(self._archive.read(FORGOTTEN).decode().split()) if FORGOTTEN in self._names() else set()

    def put_files(self, folder: Path) -> None:
        """Write the uploaded files into `folder`."""
        for name in self.files:
            _put(self._archive, name, folder / name.removeprefix("files/"))

    def _names(self) -> set[str]:
        return set(self.manifest.members)


def put_keys(path: Path, folder: Path) -> None:
    """Write the keys of a keys file into `folder`, once every one of them proved whole."""
    with _opened(path) as archive:
        try:
            members = json.loads(archive.read(MANIFEST))["members"]
        except Exception as failure:
            raise BackupProblem(
                f"{path} is not a whole file of keys: it was cut off. Take another."
            ) from failure
        _verify(archive, members, path)
        for name in members:
            if name.startswith("keys/"):
                _put(archive, name, folder / name.removeprefix("keys/"))


def keys_beside(path: Path) -> Path:
    """Return where the keys of a backup are, unless somebody put them elsewhere."""
    return path.with_name(path.name.removesuffix(".zip") + KEYS_SUFFIX)


def as_dict(manifest: Manifest) -> dict[str, Any]:
    return asdict(manifest)


def age_of(manifest: Manifest, now: datetime) -> float:
    """Return how many hours ago the backup was made."""
    return (now - datetime.fromisoformat(manifest.made_at)).total_seconds() / 3600


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError:
        raise BackupProblem(f"there is no file {path}.") from None
    except (OSError, zipfile.BadZipFile) as failure:
        raise BackupProblem(f"{path} is not a whole backup: it was cut off. Take another.") from failure


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        found = json.loads(archive.read(MANIFEST))
        number = found["format"]
        if number == FORMAT:
            return Manifest(**found)
    except Exception as failure:  # a damaged stream: zlib.error, BadZipFile, EOFError and more
        archive.close()
        raise BackupProblem(f"{path} is not a whole backup: its manifest is missing.") from failure
    archive.close()
    raise BackupProblem(f"{path} was made by a newer release. Install that release.")


def _verify(archive: zipfile.ZipFile, members: Mapping[str, Mapping[str, Any]], path: Path) -> None:
    there = set(archive.namelist()) - {MANIFEST}
    if there != set(members):
        raise BackupProblem(f"{path} is damaged: its parts are not those of its manifest. Take another.")
    for name, expected in members.items():
        if _is_unsafe(name):
            raise BackupProblem(f"{path} is no backup of ours: it holds the name {name!r}.")
        sha256 = hashlib.sha256()
        try:
            with archive.open(name) as member:
                for piece in iter(lambda member=member: member.read(PIECE), b""):  # type: ignore[misc]
                    sha256.update(piece)
        except Exception as failure:  # a damaged stream: zlib.error, BadZipFile, EOFError and more
            raise BackupProblem(f"{path} is damaged at {name}. Take another.") from failure
        if sha256.hexdigest() != expected["sha256"]:
            raise BackupProblem(f"{path} is damaged at {name}: its checksum differs. Take another.")


def _is_unsafe(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/") or "\\" in name or "\0" in name


def _put(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with archive.open(name) as member, os.fdopen(handle, "wb") as file:
        for piece in iter(lambda: member.read(PIECE), b""):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle: int = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
