"""A service whose socket systemd holds: while it restarts, visitors wait and none is turned away."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing

import pytest

from tests.served import ROOT, TEST_KEY, copy_migrated

ASK = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def ask(port):
    line = socket.create_connection(("127.0.0.1", port), timeout=60)
    line.sendall(ASK)
    return line


def answer_of(line):
    with closing(line):
        return b"".join(iter(lambda: line.recv(4096), b"")).decode()


@pytest.fixture
def listening(tmp_path):
    copy_migrated(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def started(listener, folder):
    """Start the service as systemd does one with a socket: it lies at descriptor 3, and the service is told."""
    told = (
        f"import os; os.dup2({listener.fileno()}, 3); os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1');"
        f"os.execv({sys.executable!r}, [{sys.executable!r}, '-m', 'dagvandebuurt.serve'])"
    )
    environ = {
        **os.environ,
        "DATA_FOLDER": str(folder),
        "SECRET_KEY": TEST_KEY,
        "PYTHONPATH": str(ROOT),
        "PORT": "1",
    }
    with (folder / "server.log").open("a") as log:
        return subprocess.Popen(
            [sys.executable, "-c", told], env=environ, cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            pass_fds=[listener.fileno()],
        )  # fmt: skip


def test_requests_of_a_restart_wait_for_the_new_process(listening, tmp_path):
    port = listening.getsockname()[1]
    processes = []
    try:
        processes.append(started(listening, tmp_path))
        assert answer_of(ask(port)).endswith("ok\n")
        processes[0].send_signal(signal.SIGTERM)
        assert processes[0].wait(60) == 0

        waiting = [ask(port) for _ in range(20)]  # nobody serves, and nobody is refused
        processes.append(started(listening, tmp_path))

        assert [answer_of(line).split()[1] for line in waiting] == ["200"] * 20
    finally:
        for process in processes:
            if process.poll() is None:
                os.killpg(process.pid, 9)
                process.wait(10)
