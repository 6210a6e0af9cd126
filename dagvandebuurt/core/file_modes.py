"""File permissions: personal data on disk is readable by its owner alone, whatever the umask."""

import os
import pwd
import shlex
import sys
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


def refuse_wrong_user(settings: Mapping[str, Any]) -> None:
    """Refuse root where the data is another user's: what root writes there, the server could not read or
    replace any more. Raises SystemExit with the command to type."""
    folder = Path(settings["DATA_FOLDER"])
    try:
        owner = folder.stat().st_uid
        name = pwd.getpwuid(owner).pw_name
    except (OSError, KeyError):  # not made yet, or of a user whom this machine does not know
        return
    if os.geteuid() == 0 and owner != 0 and not settings["DEMO"]:
        command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
        raise SystemExit(
            f"{folder} belongs to {name}. Run this as {name}, or the server cannot write there any more:\n"
            f"runuser -u {name} -- {command}"
        )


def _files(settings: Mapping[str, Any]) -> Iterator[Path]:
    folder = Path(settings["DATA_FOLDER"])
    for pattern in ("*.db", "*.db-wal", "*.db-shm", "*.db-journal", "demo-secret-key"):
        yield from folder.glob(pattern)
    url = make_url(str(settings["SQLALCHEMY_DATABASE_URI"]))
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        for ending in ("", "-wal", "-shm", "-journal"):
            yield Path(url.database + ending)
