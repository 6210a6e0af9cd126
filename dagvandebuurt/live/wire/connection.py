"""WebSocket connection: an Engine.IO socket that writes straight to the kernel.

The library keeps a queue, a writer greenlet and a sleeping ping for each client. Here are a reader and, only
for a slow client, a flusher.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import gevent
from engineio.exceptions import SocketIsClosedError
from engineio.socket import Socket

from dagvandebuurt.live.wire import frames
from dagvandebuurt.live.wire.pinger import Pinger
from dagvandebuurt.live.wire.send_buffer import SendBuffer

READ_BYTES = 8192
LAST_WORDS_SECONDS = 1.0
PING = frames.frame(frames.TEXT, b"2")
GOODBYE = frames.frame(frames.TEXT, b"1") + frames.close_frame(frames.NORMAL)


def frame_of(pkt: Any) -> bytes:
    """Encode an Engine.IO packet as one WebSocket frame."""
    encoded = pkt.encode()
    if isinstance(encoded, str):
        return frames.frame(frames.TEXT, encoded.encode())
    return frames.frame(frames.BINARY, bytes(encoded))


class Connection(Socket):
    """One connection. `sock` is ours alone. `read` runs until it ends; all other methods may be called from
    anywhere."""

    closed: bool
    closing: bool

    def __init__(self, server: Any, sid: str, sock: Any, pinger: Pinger) -> None:
        super().__init__(server, sid)
        self.queue = None  # of the library's own writer, which is not used here
        self.connected = self.upgraded = True
        self.outlet = SendBuffer(sock)
        self._sock = sock
        self._pinger = pinger

    def send(self, pkt: Any) -> None:
        """Send a packet. Raises SocketIsClosedError, like the library's."""
        if self.closed:
            raise SocketIsClosedError
        self.outlet.write(frame_of(pkt))

    def ping(self) -> None:
        self.outlet.write(PING)

    def give_up(self) -> None:
        """Drop the connection: no pong, or no close frame after ours."""
        self.close(abort=True, reason=self.server.reason.PING_TIMEOUT)
        self.outlet.cut()

    def close(self, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:
        """Close, with a close frame unless `abort`. Calls the handlers once; `wait` is the library's."""
        if self.closed or self.closing:
            return
        self.closing = True
        self.server._trigger_event(
            "disconnect", self.sid, reason or self.server.reason.SERVER_DISCONNECT, run_async=False
        )
        self.closed = True
        self.server.sockets.pop(self.sid, None)
        if abort:
            self._pinger.unwatch(self)
            self.outlet.cut()
        else:
            self._pinger.expect_end(self)
            self.outlet.write(GOODBYE)
            self.outlet.end()

    def read(self) -> None:
        """Handle incoming packets in order, until either side closes."""
        reason = self.server.reason.TRANSPORT_CLOSE
        try:
            self._read(self._handle)
        except frames.Broken as broken:
            reason = self.server.reason.TRANSPORT_ERROR
            self._say_why(broken.code)
        except OSError:
            pass  # it is gone, however it went
        finally:
            self.close(abort=True, reason=reason)
            self._pinger.unwatch(self)
            self.outlet.cut()
            self._sock.close()

    def _read(self, handle: Callable[[str | bytes], None]) -> None:
        incoming = frames.ClientFrames(self.server.max_http_buffer_size)
        while data := self._sock.recv(READ_BYTES):
            for opcode, payload in incoming.feed(data):
                if opcode in (frames.TEXT, frames.BINARY):
                    handle(payload)
                elif opcode == frames.PING:
                    self.outlet.write(frames.frame(frames.PONG, payload))  # type: ignore[arg-type]
                elif opcode == frames.CLOSE:
                    self.outlet.write(frames.answer_to_close(payload))  # type: ignore[arg-type]
                    return
            if self.closing and not self.outlet.is_open:
                return

    def _handle(self, message: str | bytes) -> None:
        """Handle one Engine.IO packet, as `receive` and `Packet.decode` would."""
        if self.closing:
            return
        if message == "3":
            self._pinger.answered(self)
        elif isinstance(message, bytes):
            raise frames.Broken(frames.ONLY_TEXT, "nothing is sent as bytes")
        elif message[:1] == "4":
            if self.server.express is None or not self.server.express(self, message):
                self._give(message[1:])
        elif message[:1] == "1":
            self.close(abort=True, reason=self.server.reason.CLIENT_DISCONNECT)
        elif message[:1] not in ("2", "3", "5", "6"):
            raise frames.Broken(frames.PROTOCOL_ERROR, "no Engine.IO packet")

    def _give(self, data: str) -> None:
        self.server._trigger_event("message", self.sid, data, run_async=False)

    def _say_why(self, code: int) -> None:
        """Send the close reason and wait a moment: closing on unread bytes would discard it."""
        self.outlet.write(frames.close_frame(code))
        self.outlet.end()
        with suppress(OSError), gevent.Timeout(LAST_WORDS_SECONDS, False):
            while self._sock.recv(READ_BYTES):
                pass
