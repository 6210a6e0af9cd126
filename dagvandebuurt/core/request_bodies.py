"""Request body timeouts (slowloris, R.U.D.Y.), and safe parsing of JSON bodies."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from socket import SHUT_RD
from typing import Any

import gevent
from flask import request
from werkzeug.exceptions import RequestTimeout

PIECE = 16_384  # bytes read between two looks at the clock
SLOWEST = 4_096  # bytes a second that every connection manages; a picture of 8 MB may take half an hour
LONGEST = 600.0  # seconds, however much was received
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class TimedBody:
    """`wsgi.input` wrapper that raises RequestTimeout (408) when a body is too slow.

    The deadline is `grace` seconds, plus a second for every SLOWEST bytes received, and LONGEST at most.
    `on_late` is called before it raises.
    """

    def __init__(self, body: Any, grace: float, on_late: Callable[[], None]) -> None:
        self._body, self._grace, self._on_late = body, grace, on_late
        self._began = time.monotonic()
        self._received = 0

    def read(self, size: int | None = -1) -> bytes:
        """Read like a file: everything, or at most `size` bytes."""
        wanted = -1 if size is None or size < 0 else size
        found: list[bytes] = []
        while wanted:
            piece = self._timed(self._body.read, PIECE if wanted < 0 else min(PIECE, wanted))
            if not piece:
                break
            found.append(piece)
            wanted = wanted - len(piece) if wanted > 0 else wanted
        return b"".join(found)

    def readline(self, size: int | None = -1) -> bytes:
        return self._timed(self._body.readline, PIECE if size is None or size < 0 else size)

    def readlines(self, _hint: int | None = None) -> list[bytes]:
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        while line := self.readline():
            yield line

    def _timed(self, read: Callable[[int], bytes], size: int) -> bytes:
        allowed = min(self._grace + (self._received + size) / SLOWEST, LONGEST)
        left = allowed - (time.monotonic() - self._began)
        late = RequestTimeout()
        try:
            with gevent.Timeout(max(0.001, left), late):
                piece = read(size)
        except RequestTimeout:
            self._on_late()
            raise
        self._received += len(piece)
        return piece


def timed_bodies(app: Wsgi, grace: float) -> Wsgi:
    """Wrap the WSGI `app` with body timeouts. Only where gunicorn gives the socket."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        sock = environ.get("gunicorn.socket")
        if sock is not None and (environ.get("CONTENT_LENGTH") or "HTTP_TRANSFER_ENCODING" in environ):
            environ["wsgi.input"] = TimedBody(environ["wsgi.input"], grace, lambda: _shut_down_reading(sock))
        return app(environ, start_response)

    return answer


def _shut_down_reading(sock: Any) -> None:
    """Shut down the receiving side: the response still goes out, then the connection closes."""
    with suppress(OSError):
        sock.shutdown(SHUT_RD)


def json_body() -> Any:
    """Return the JSON body of the current request; None if it is malformed or nests deeper than Python
    reads."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None
