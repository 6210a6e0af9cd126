"""Content-addressed file store for uploads: the same picture twice is one file.

`FILES_URL` says where they are: in a folder, or in a bucket of any S3-compatible store, which several machines
share. Nothing else is kept in it: keys and the list of erased people stay in DATA_FOLDER.
"""

import os
import re
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from flask import current_app

NAME = re.compile(r"[0-9a-f]{32}\.(webp|jpg)")
TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


class Store(Protocol):
    """Interface of a file store. Every method but `problem` raises StoreAway when it does not answer.

    `noted` is why the last thing that was asked of it failed; None after it succeeded.
    """

    noted: str | None

    def put(self, name: str, content: bytes) -> None:
        """Store `content`. Idempotent: a name belongs to one content."""
        ...

    def get(self, name: str) -> bytes | None:
        """Return the content of `name`; None for an unknown or malformed name (path traversal)."""
        ...

    def names(self) -> Iterator[str]:
        """Return the names of all files."""
        ...

    def delete(self, name: str) -> None:
        """Delete a file. Idempotent."""
        ...

    def problem(self, *, writes: bool = False) -> str | None:
        """Return in a sentence why files cannot be read, or with `writes` not be stored."""
        ...


class Folder:
    """File store in a folder."""

    noted: str | None = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, content: bytes) -> None:
        if not NAME.fullmatch(name):
            raise ValueError("not a name of ours")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / name
        if path.exists():
            return
        # Written atomically (rename): half a picture is never served after a power cut.
        draft = self.folder / f".{secrets.token_hex(8)}"
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def get(self, name: str) -> bytes | None:
        if not NAME.fullmatch(name):
            return None
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def names(self) -> Iterator[str]:
        if self.folder.is_dir():
            yield from sorted(path.name for path in self.folder.iterdir() if NAME.fullmatch(path.name))

    def delete(self, name: str) -> None:
        if NAME.fullmatch(name):
            (self.folder / name).unlink(missing_ok=True)

    def problem(self, *, writes: bool = False) -> str | None:
        there = self.folder
        while not there.exists() and there != there.parent:
            there = there.parent
        if not os.access(there, os.R_OK | os.X_OK | (os.W_OK if writes else 0)):
            return f"this user may not {'write' if writes else 'read'} in {there}, where FILES_URL has the files."
        return None


def store_of(settings: Mapping[str, Any]) -> Store:
    """Return the store of these settings."""
    url = settings.get("FILES_URL")
    if not url:
        return Folder(Path(settings["DATA_FOLDER"]) / "files")
    if urlsplit(url).scheme == "file":
        return Folder(Path(unquote(urlsplit(url).path)))
    from dagvandebuurt.parts.files.s3 import Bucket  # its library is an extra

    return Bucket(url)


def store() -> Store:
    """Return the configured store, one for each process: connections are not shared over a fork."""
    kept: dict[int, Store] = current_app.extensions.setdefault("file_stores", {})
    process = os.getpid()
    if process not in kept:
        kept[process] = store_of(current_app.config)
    return kept[process]
