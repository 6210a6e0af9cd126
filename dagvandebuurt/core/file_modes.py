"""File permissions: personal data on disk is readable by its owner alone, whatever the umask."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

OWNER_ONLY = 0o600
UMASK = 0o077


def make_private(settings: Mapping[str, Any]) -> None:
    """Set umask 077 for this process, and mode 600 on existing files: the database and the job queue with
    their journals (`-wal`, `-shm`), and the demo's key.

    A file of another owner is left as it is: we may not chmod it.
    """
    os.umask(UMASK)
    for path in _files(settings):
        with suppress(OSError):
            path.chmod(OWNER_ONLY)


def _files(settings: Mapping[str, Any]) -> Iterator[Path]:
    folder = Path(settings["DATA_FOLDER"])
    for pattern in ("*.db", "*.db-wal", "*.db-shm", "*.db-journal", "demo-secret-key"):
        yield from folder.glob(pattern)
    url = make_url(str(settings["SQLALCHEMY_DATABASE_URI"]))
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        for ending in ("", "-wal", "-shm", "-journal"):
            yield Path(url.database + ending)
