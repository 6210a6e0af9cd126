"""Check before the server starts whether it can listen at HOST and PORT, so that it says so in a sentence."""

import errno
import os
import socket
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any

TRIES = 5  # as often as gunicorn tries, a second apart: what stops may need a moment
INHERITED = ("LISTEN_FDS", "GUNICORN_FD")  # a socket of systemd, or of the process that this one replaces


def refusal(settings: Mapping[str, Any], *, tries: int = TRIES) -> str | None:
    """Return why nothing can listen at HOST and PORT, and what to do. None when it can."""
    if any(name in os.environ for name in INHERITED):
        return None
    host, port = str(settings["HOST"]).strip("[]"), int(settings["PORT"])
    for left in range(tries - 1, -1, -1):
        try:
            _bind(host, port)
        except OSError as failure:
            if failure.errno != errno.EADDRINUSE:
                return f"HOST {host} and PORT {port} cannot be used: {failure.strerror or failure}."
            if left:
                time.sleep(1)
        else:
            return None
    return (
        f"Port {port} of {host} is in use by another program (ss -tlnp says which). Stop that one, or choose "
        f"another port: PORT={port + 1}"
    )


def _bind(host: str, port: int) -> None:
    family, kind, protocol, _name, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with closing(socket.socket(family, kind, protocol)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
