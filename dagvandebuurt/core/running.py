"""Lock that tells a running server from a stopped one (flock), for what must not happen beside it.

Servers hold it together, a restore or a move holds it alone. The operating system releases it when a process
dies. Servers on other machines are seen only where they share the folder.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

NAME = ".running"
UNFINISHED = ".restoring"


class IsRunning(Exception):
    """A server runs in this folder, or something that needs it to be stopped."""


def hold(folder: Path) -> IO[Any]:
    """Tell that a server runs here, until the returned file is closed, by this process and those it forked.
    Raises IsRunning while somebody needs that none does."""
    return _locked(folder, fcntl.LOCK_SH)


def unfinished(folder: Path) -> str | None:
    """Return what to do about a restore that was killed while it put things in place."""
    if not (folder / UNFINISHED).exists():
        return None
    return (
        f"A restore in {folder} was broken off while it put things in place. Run it once more: "
        "dagvandebuurt restore BACKUP --replace"
    )


@contextmanager
def stopped(folder: Path) -> Iterator[None]:
    """Keep servers from starting inside the block. Raises IsRunning when one runs."""
    with _locked(folder, fcntl.LOCK_EX):
        yield


def _locked(folder: Path, how: int) -> IO[Any]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = (folder / NAME).open("a")
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise IsRunning from None
    return file
