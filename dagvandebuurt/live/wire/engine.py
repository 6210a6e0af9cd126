"""Engine.IO whose WebSockets are lines of ours. Everything else is the library's."""

from collections.abc import Callable
from typing import Any

import engineio
import gevent
from engineio import packet

from dagvandebuurt.live.wire import frames, handshake
from dagvandebuurt.live.wire.line import Line
from dagvandebuurt.live.wire.pinger import Pinger


class Engine(engineio.Server):
    """An `engineio.Server` becomes one by `adopt`, before its first client."""

    pinger: Pinger
    express: Callable[[Line, str], bool] | None = None  # handles what it knows, see express.py

    @staticmethod
    def adopt(server: engineio.Server) -> "Engine":
        """Turn this one server into an Engine: no other in the process is touched."""
        server.__class__ = Engine
        server.pinger = Pinger(server.ping_interval, server.ping_timeout)
        server.start_service_task = False  # it walks past all sockets; the pinger knows who is silent
        return server  # type: ignore[no-any-return]

    def _handle_connect(
        self, environ: dict[str, Any], start_response: Any, transport: str, jsonp_index: int | None = None
    ) -> Any:
        """A new client. Ends gunicorn's part in it with StopIteration, as the library does."""
        if transport != "websocket" or handshake.SOCKET not in environ:
            return super()._handle_connect(environ, start_response, transport, jsonp_index)
        switching = handshake.answer(environ)
        if switching is None:
            return self._bad_request("Invalid websocket upgrade")
        line = self._line(environ)
        refusal = self._trigger_event("connect", line.sid, handshake.kept(environ), run_async=False)
        line.outlet.write(switching + self._opening(line.sid))
        if refusal is not None and refusal is not True:
            line.close()
        self.pinger.watch(line)
        gevent.spawn(line.read)
        raise StopIteration

    def _line(self, environ: dict[str, Any]) -> Line:
        sid = self.generate_id()
        line = Line(self, sid, handshake.take_over(environ), self.pinger)
        self.sockets[sid] = line
        return line

    def _opening(self, sid: str) -> bytes:
        opening = packet.Packet(
            packet.OPEN,
            {
                "sid": sid,
                "upgrades": [],
                "pingTimeout": int(self.ping_timeout * 1000),
                "pingInterval": int(self.ping_interval * 1000),
                "maxPayload": self.max_http_buffer_size,
            },
        )
        return frames.frame(frames.TEXT, opening.encode().encode())
