"""When the last backup was made: one line in DATA_FOLDER, which all services of an installation share.

The server never sees where backups go; this is how it can tell its organisers whether there is one.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

NAME = "last-backup.txt"
LATE = timedelta(hours=36)  # every night, and half a day of patience
READABLE = 0o644  # a time and nothing else; often root makes the backup, and the server is somebody else


def write(folder: Path, at: datetime) -> None:
    """Note that a backup was made. Raises OSError."""
    fresh = folder / f".{NAME}.{os.getpid()}"
    try:
        fresh.write_text(f"{at.isoformat()}\n")
        fresh.chmod(READABLE)
        fresh.replace(folder / NAME)
    finally:
        fresh.unlink(missing_ok=True)


def read(folder: Path) -> datetime | None:
    """Return when the last backup was made; None where none was, or the line cannot be read."""
    try:
        at = datetime.fromisoformat((folder / NAME).read_text().strip())
    except (OSError, ValueError):
        return None
    return at if at.tzinfo is not None else None


def is_late(at: datetime, now: datetime) -> bool:
    """Return whether a backup from `at` is older than one a night."""
    return now - at > LATE
