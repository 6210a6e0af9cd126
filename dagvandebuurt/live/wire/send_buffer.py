"""Send buffer of one socket: written at once if possible, queued in order if not (backpressure).

A slow reader costs a bounded buffer and one greenlet, and nobody else anything.
"""

from collections import deque
from contextlib import suppress
from socket import SHUT_RDWR, SHUT_WR
from typing import Any

import gevent

MOST_WAITING = 1 << 20  # bytes buffered for one slow reader; beyond that it is disconnected
AT_ONCE = 1 << 16  # bytes handed to the kernel in one call when catching up


class SendBuffer:
    """Buffered writer to `sock` (a gevent socket), in the order of `write`. Never blocks, never raises."""

    __slots__ = ("_is_ending", "_send", "_sock", "_waiting", "_waiting_bytes", "is_open")

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        # The kernel's own send, which returns or raises BlockingIOError: gevent's wrapper doubles its cost.
        self._send = sock._sock.send
        self._waiting: deque[bytes] | None = None  # None: nothing is queued, the kernel takes it
        self._waiting_bytes = 0
        self._is_ending = False
        self.is_open = True

    @property
    def waiting_bytes(self) -> int:
        """Return the number of unsent bytes."""
        return self._waiting_bytes

    def write(self, frame: bytes) -> None:
        """Send now, or as soon as the other side reads. Ignored after it is closed."""
        if not self.is_open or self._is_ending:
            return
        if self._waiting is not None:
            self._keep(frame)
            return
        try:
            sent = self._send(frame)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.cut()
            return
        if sent < len(frame):
            self._waiting = deque()
            # Frames are shared by all sockets that wait for them; only a half-sent one is a copy.
            self._keep(frame[sent:] if sent else frame)
            gevent.spawn(self._catch_up)

    def end(self) -> None:
        """Flush the buffer, then shut down writing. Later writes are dropped."""
        self._is_ending = True
        if self._waiting is None:
            self._shut(SHUT_WR)

    def cut(self) -> None:
        """Close both directions at once: a reader of this socket gets end of file."""
        if self.is_open:
            self.is_open = False
            self._shut(SHUT_RDWR)

    def _keep(self, frame: bytes) -> None:
        assert self._waiting is not None
        if self._waiting_bytes + len(frame) > MOST_WAITING:
            self.cut()
            return
        self._waiting.append(frame)
        self._waiting_bytes += len(frame)

    def _catch_up(self) -> None:
        waiting = self._waiting
        assert waiting is not None
        try:
            while waiting and self.is_open:
                piece = waiting.popleft()
                while waiting and len(piece) + len(waiting[0]) <= AT_ONCE:
                    piece += waiting.popleft()
                self._sock.sendall(piece)
                self._waiting_bytes -= len(piece)
        except OSError:
            self.cut()
        self._waiting = None
        self._waiting_bytes = 0
        if self._is_ending and self.is_open:
            self._shut(SHUT_WR)

    def _shut(self, how: int) -> None:
        with suppress(OSError):
            self._sock.shutdown(how)
