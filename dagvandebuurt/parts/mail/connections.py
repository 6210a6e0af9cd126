"""Pool of SMTP connections: each sender borrows one, and a returned one stays open for a while.

A login link that is asked for a moment after another then needs no new TCP, TLS and AUTH. The pool is as
large as the number of senders, which `SMTP_CONNECTIONS` bounds.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app

from dagvandebuurt.parts.mail import transports
from dagvandebuurt.parts.mail.transports import Transport

IDLE_SECONDS = 20.0  # below the few minutes after which mail servers hang up by themselves
NAME = "smtp_connections"


class Connections:
    """Idle connections of this process, the last one used on top."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._guard = threading.Lock()
        self._idle: list[tuple[float, Transport]] = []
        self._url: str | None = None
        self._timer: threading.Timer | None = None

    @contextmanager
    def lent(self) -> Iterator[Transport | None]:
        """Lend a connection, which opens when it is used. None: the settings name no way to send mail."""
        transport = self._take()
        try:
            yield transport
        except BaseException:
            if transport is not None:
                transport.close()
            raise
        if transport is not None:
            self._give_back(transport)

    def close(self, unused_for: float = 0.0) -> None:
        """Close the connections that nobody used for so many seconds."""
        with self._guard:
            before = time.monotonic() - unused_for
            stale = [transport for since, transport in self._idle if since <= before]
            self._idle = [each for each in self._idle if each[0] > before]
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            self._close_later()
        for transport in stale:
            transport.close()

    def _take(self) -> Transport | None:
        url = self._app.config["SMTP_URL"]
        if url != self._url:
            self.close()
            self._url = url
        with self._guard:
            if self._idle:
                return self._idle.pop()[1]
        return transports.transport_of(self._app.config)

    def _give_back(self, transport: Transport) -> None:
        if not transport.is_open or self._app.config["SMTP_URL"] != self._url:
            transport.close()
            return
        with self._guard:
            self._idle.append((time.monotonic(), transport))
            self._close_later()

    def _close_later(self) -> None:
        if self._idle and self._timer is None:
            self._timer = threading.Timer(IDLE_SECONDS, self.close, [IDLE_SECONDS / 2])
            self._timer.daemon = True
            self._timer.start()


def connections() -> Connections:
    """Return the pool of this app in this process."""
    found: Connections = current_app.extensions.setdefault(
        NAME,
        Connections(current_app._get_current_object()),  # type: ignore[attr-defined]
    )
    return found


def close_all(app: Flask) -> None:
    """Close every idle connection of `app`."""
    found = app.extensions.get(NAME)
    if found is not None:
        found.close()
