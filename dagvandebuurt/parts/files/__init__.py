"""Content-addressed file store for uploads: the same picture twice is one file."""

import os
import re
import secrets
from pathlib import Path
from typing import Protocol

from flask import current_app

NAME = re.compile(r"[0-9a-f]{32}\.(webp|jpg)")


class Store(Protocol):
    """Interface of a file store."""

    def put(self, name: str, content: bytes) -> None:
        """Store `content`. Idempotent: a name belongs to one content."""
        ...

    def get(self, name: str) -> bytes | None:
        """Return the content of `name`; None for an unknown or malformed name (path traversal)."""
        ...


class Folder:
    """File store in a local folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        if not NAME.fullmatch(name):
            raise ValueError("not a name of ours")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / name
        if path.exists():
            return
        # Written atomically (rename): half a picture is never served after a power cut.
        draft = self._folder / f".{secrets.token_hex(8)}"
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def get(self, name: str) -> bytes | None:
        if not NAME.fullmatch(name):
            return None
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None


def store() -> Store:
    """Return the configured store."""
    return Folder(Path(current_app.config["DATA_FOLDER"]) / "files")
