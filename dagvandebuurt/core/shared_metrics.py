"""The folder in which the processes of a service keep their metrics, so that one scrape sums them all.

Imports nothing of prometheus_client at its top: that decides at its import where its values live.
"""

import atexit
import os
import shutil
import tempfile

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share_files() -> None:
    """Make the folder of this service. Before prometheus_client is imported anywhere."""
    folder = os.environ[FOLDER] = tempfile.mkdtemp(prefix="dvb-metrics-")
    atexit.register(_remove, folder, os.getpid())


def forget_process(pid: int) -> None:
    """Take a process that ended out of the sums of what is; what it counted stays counted."""
    if FOLDER in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


def _remove(folder: str, maker: int) -> None:
    if os.getpid() == maker:  # and not a worker, which inherits this at the fork
        shutil.rmtree(folder, ignore_errors=True)
