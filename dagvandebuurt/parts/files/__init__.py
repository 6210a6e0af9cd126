"""Files people gave us, under the name of what is in them: the same picture twice is one file."""

import os
import re
import secrets
from pathlib import Path
from typing import Protocol

from flask import current_app

NAME = re.compile(r"[0-9a-f]{32}\.(webp|jpg)")


class Store(Protocol):
    """Where files are kept."""

    def put(self, name: str, content: bytes) -> None:
        """Keep `content`. Safe to repeat: a name belongs to one content."""
        ...

    def get(self, name: str) -> bytes | None:
        """What is kept under `name`; None for what is not there, or no name of ours."""
        ...


class Folder:
    """A folder of the machine itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        if not NAME.fullmatch(name):
            raise ValueError("not a name of ours")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / name
        if path.exists():
            return
        # Whole or not at all: nobody is served half a picture after a power cut.
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
    """The one of this house."""
    return Folder(Path(current_app.config["DATA_FOLDER"]) / "files")
