"""gunicorn customisation: bounded connections per network (slowloris), a log without IP addresses, the file
limit.

Separate from `serve.py`, which patches the whole process when it is imported.
"""

import logging
import resource
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.ggevent import GeventWorker

from dagvandebuurt.core.network import network_of
from dagvandebuurt.people.demo_data import holds_the_demo

HEAD_SECONDS = 15  # for the head of a request, and between two requests on one connection


class Connections(GeventWorker):
    """gunicorn's gevent worker with a limit on HTTP connections per network, so that half-sent requests from
    one network (slowloris) leave file descriptors for the others. WebSockets are counted elsewhere.

    Not behind a proxy: there every connection is the proxy's, and `limit_conn` is its task.
    """

    most_of_one = 0  # 0: no limit

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._open: Counter[str] = Counter()

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        network = network_of(addr[0] if addr else None)
        if not self.most_of_one or not _is_counted(network):
            super().handle(listener, client, addr)
            return
        if self._open[network] >= self.most_of_one:
            client.close()
            return
        self._open[network] += 1
        try:
            super().handle(listener, client, addr)
        finally:
            self._open[network] -= 1
            if not self._open[network]:
                del self._open[network]


def _is_counted(network: str) -> bool:
    try:
        return not ip_address(network).is_loopback
    except ValueError:
        return "/" in network  # an IPv6 /64; a Unix socket is a proxy's


class AnonymousLogger(Logger):
    """gunicorn's log without personal data: "Invalid request from ip=…: …" quotes address and request."""

    formatter: logging.Formatter | None = None  # the server's own

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            if self.formatter is not None:
                handler.setFormatter(self.formatter)
        self.error_log.addFilter(_leave_out_addresses)


def _leave_out_addresses(record: logging.LogRecord) -> bool:
    said = record.getMessage()
    if said.startswith("Invalid request from ip="):
        record.msg, record.args = "Invalid request refused.", ()
    elif said.startswith("Error handling request "):
        record.msg, record.args = "Error handling a request.", ()  # a URL may hold a secret of its owner
    return True


def raise_open_files() -> int:
    """Raise the limit on open files to the hard limit; return it.

    Each visitor needs one. Shells and systemd give 1,024, which a thousand idle sockets use up for
    everybody.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def refuse_demo_data(settings: Mapping[str, Any]) -> None:
    """Refuse to serve a demo database without DVB_DEMO: it has an admin whom nobody invited.

    Raises SystemExit with a sentence.
    """
    is_no_service = settings["DEMO"] or settings["REHEARSAL"]  # a copy of the demo may be rehearsed
    if not is_no_service and holds_the_demo(settings["SQLALCHEMY_DATABASE_URI"]):
        raise SystemExit(
            "This database was filled by the demo, with invented people who have roles. Set DVB_DEMO=1 to "
            "show the demo, or give the real service a DATA_FOLDER or DATABASE_URL of its own."
        )
