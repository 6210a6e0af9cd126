"""The rehearsal as a process beside the site: its folder, its lock, and what it says of itself.

Whether one runs is told by a lock (flock) that its processes hold and the operating system releases; a process id
alone may be somebody else's by now.
"""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from flask import Flask

from dagvandebuurt.core import clock
from dagvandebuurt.core.hosts import LOOPBACK

STATE = "rehearsal.json"
ENDS_BY_ITSELF = 20 * 60  # seconds after the day is over
GOODBYE = 15.0
_children: list[subprocess.Popen[bytes]] = []  # begun by this process, to be reaped when they end
LOOK_SECONDS = 0.1


class AlreadyRuns(Exception):
    """A rehearsal runs in this folder, or is being made."""


class Elsewhere(Exception):
    """The rehearsal runs on another machine, which shares this folder."""


@dataclass(frozen=True)
class Rehearsal:
    """What a rehearsal says of itself. `began` is the moment (seconds since 1970) at which its day started at
    `starts`; since then its clock runs `pace` times as fast. `crew` is (name, roles, link) of each."""

    title: str
    url: str
    host: str
    pid: int
    began: float
    starts: float
    ends: float
    pace: float
    crew: list[list[str]]
    mailboxes: list[str]
    server: int | None = None
    is_ready: bool = False

    @property
    def over_at(self) -> float:
        """Return the moment at which it throws itself away."""
        return self.began + (self.ends - self.starts) / self.pace + ENDS_BY_ITSELF


def home(data_folder: str | Path) -> Path:
    return Path(data_folder) / "rehearsal"


def hold(data_folder: str | Path) -> IO[Any]:
    """Take the lock of the rehearsal, until the file is closed by this process and those that inherit it. Raises
    AlreadyRuns."""
    Path(data_folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    file = _lock(data_folder).open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise AlreadyRuns from None
    file.truncate(0)
    file.write(str(os.getpid()))  # whom to stop while it says nothing of itself yet
    file.flush()
    return file


def is_running(data_folder: str | Path) -> bool:
    if not _lock(data_folder).exists():
        return False
    with _lock(data_folder).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def read(data_folder: str | Path) -> Rehearsal | None:
    """Return what the rehearsal in this folder says of itself; None while it says nothing (yet)."""
    return read_file(home(data_folder) / STATE)


def read_file(path: Path) -> Rehearsal | None:
    with suppress(OSError, ValueError, TypeError):
        return Rehearsal(**json.loads(path.read_text(encoding="utf-8")))
    return None


def write(data_folder: str | Path, rehearsal: Rehearsal) -> None:
    """Write it down, whole or not at all; readable by its owner only: there are links in it."""
    path = home(data_folder) / STATE
    scratch = path.with_suffix(f".{os.getpid()}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(rehearsal), file)
    scratch.replace(path)


def began_now(rehearsal: Rehearsal, *, server: int) -> Rehearsal:
    return replace(rehearsal, server=server, is_ready=True)


def address(settings: Mapping[str, Any]) -> str | None:
    """Return where a rehearsal is served: REHEARSAL_URL, or beside a site on this very machine."""
    if settings["REHEARSAL_URL"]:
        return str(settings["REHEARSAL_URL"])
    public = urlsplit(str(settings["PUBLIC_URL"]))
    if public.hostname in LOOPBACK:
        return f"http://{public.hostname}:{settings['REHEARSAL_PORT']}"
    return None


def begin(data_folder: str | Path, slug: str) -> None:
    """Start the rehearsal of an edition as a process of its own, which outlives this one."""
    log = os.open(
        Path(data_folder) / "rehearsal.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600
    )
    try:
        started = subprocess.Popen(  # noqa: S603 - our own program; the slug stays one argument
            [sys.executable, "-m", "dagvandebuurt.cli", "rehearse", f"--edition={slug}"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        _children.append(started)
    finally:
        os.close(log)


def wait_until_ready(data_folder: str | Path, seconds: float) -> bool:
    """Wait until it serves, at most so long; return whether it does."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = read(data_folder)
        if found is not None and found.is_ready:
            return True
        if _children and _children[-1].poll() is not None and not is_running(data_folder):
            return False  # it ended: the log says why
        time.sleep(LOOK_SECONDS)
    return False


def throw_away(data_folder: str | Path) -> None:
    """Stop the rehearsal and delete all it made. Harmless when there is none. Raises Elsewhere."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        found = read(data_folder)
        if not is_running(data_folder):
            break
        if found is not None and found.host != socket.gethostname():
            raise Elsewhere
        for pid in [_maker(data_folder)] if found is None else [found.pid, found.server]:
            if pid:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, sign)
        until = time.monotonic() + GOODBYE
        while is_running(data_folder) and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)
    _children[:] = [child for child in _children if child.poll() is None]
    if not is_running(data_folder):
        shutil.rmtree(home(data_folder), ignore_errors=True)


def prepare(app: Flask) -> None:
    """Make an app that of a rehearsal: its clock runs fast, and it mails the crew alone."""
    found = read_file(Path(app.config["REHEARSAL"]))
    app.config["MAIL_ONLY_TO"] = frozenset(found.mailboxes if found else ())
    if found is not None:
        clock.run_fast(began=found.began, starts=found.starts, pace=found.pace)


def _maker(data_folder: str | Path) -> int | None:
    """Return the process that took the lock."""
    with suppress(OSError, ValueError):
        return int(_lock(data_folder).read_text(encoding="utf-8"))
    return None


def _lock(data_folder: str | Path) -> Path:
    return Path(data_folder) / "rehearsal.lock"
