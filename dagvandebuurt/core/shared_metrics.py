"""The folder in which the processes of a service keep their metrics, so that one scrape sums them all.

Imports nothing of prometheus_client at its top: that decides at its import where its values live.
"""

import atexit
import os
import re
import shutil
import tempfile

MEMORY = "/dev/shm"  # noqa: S108 - a folder of our own is made in it
OURS = re.compile(r"dvb-metrics-(\d+)-\w+")
FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share_files() -> None:
    """Make the folder of this service. Before prometheus_client is imported anywhere."""
    where = _where()
    _clean_up(where)
    folder = os.environ[FOLDER] = tempfile.mkdtemp(prefix=f"dvb-metrics-{os.getpid()}-", dir=where)
    atexit.register(_remove, folder, os.getpid())


def forget_process(pid: int) -> None:
    """Take a process that ended out of the sums of what is; what it counted stays counted."""
    if FOLDER in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


def _clean_up(where: str) -> None:
    """Remove what services left that were killed."""
    for name in os.listdir(where):
        if (match := OURS.fullmatch(name)) and not _lives(int(match[1])):
            shutil.rmtree(os.path.join(where, name), ignore_errors=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # of another user
        return True
    return True


def _where() -> str:
    """Return a file system in memory, where there is one: the files are mapped, and a process that writes to
    a mapped file on a full disk is killed."""
    return MEMORY if os.access(MEMORY, os.W_OK | os.X_OK) else tempfile.gettempdir()


def _remove(folder: str, maker: int) -> None:
    if os.getpid() == maker:  # and not a worker, which inherits this at the fork
        shutil.rmtree(folder, ignore_errors=True)
