"""What holds people's words can be read by its owner alone, whoever made the folder and with whatever umask."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

OWNER_ONLY = 0o600
UMASK = 0o077


def close_to_others(settings: Mapping[str, Any]) -> None:
    """From here on this process makes files for its owner alone, and those that are there become so: the
    database and the jobs with their journals (`-wal`, `-shm`), and the demo's key.

    A file of somebody else is left as it is: chmod is not ours to do there.
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
