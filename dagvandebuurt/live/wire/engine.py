"""Engine.IO server whose WebSockets are connections of ours. Everything else is the library's."""

from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import engineio
import gevent
from engineio import packet

from dagvandebuurt.core.network import UNKNOWN, network_of
from dagvandebuurt.live.wire import frames, handshake
from dagvandebuurt.live.wire.connection import Connection
from dagvandebuurt.live.wire.pinger import Pinger

TOO_MANY = {
    "status": "429 TOO MANY REQUESTS",
    "headers": [("Content-Type", "text/plain"), ("Retry-After", "60")],
    "response": b"Too many live connections from this network.",
}


class Engine(engineio.Server):
    """`engineio.Server` subclass; an instance becomes one by `adopt`, before its first client."""

    pinger: Pinger
    most_per_network: int
    lines_of: Counter[str]  # network → its open connections
    express: Callable[[Connection, str], bool] | None = None  # handles the events it knows, see fast_path.py

    @staticmethod
    def adopt(
        server: engineio.Server,
        *,
        has_joined: Callable[[Connection], bool] | None = None,
        most_per_network: int = 0,
    ) -> "Engine":
        """Turn this one server instance into an Engine; others in the process are not touched.

        `has_joined` tells whether a connection is in the namespace; one that does not join in time is
        closed. One network (an IPv4 address or an IPv6 /64, not loopback) may hold `most_per_network`
        connections; 0: no limit.
        """
        server.__class__ = Engine
        server.pinger = Pinger(server.ping_interval, server.ping_timeout, has_joined)
        server.most_per_network = most_per_network
        server.lines_of = Counter()
        server.start_service_task = False  # it walks through all sockets; the pinger knows the silent ones
        return server  # type: ignore[no-any-return]

    def _handle_connect(
        self, environ: dict[str, Any], start_response: Any, transport: str, jsonp_index: int | None = None
    ) -> Any:
        """Accept a new client. Ends gunicorn's part in it with StopIteration, as the library does."""
        if transport != "websocket" or handshake.SOCKET not in environ:
            return super()._handle_connect(environ, start_response, transport, jsonp_index)
        network = network_of(environ.get("REMOTE_ADDR"))
        if self._is_full(network):
            return dict(TOO_MANY)
        switching = handshake.answer(environ)
        if switching is None:
            return self._bad_request("Invalid websocket upgrade")
        line = self._line(environ)
        refusal = self._trigger_event("connect", line.sid, handshake.kept(environ), run_async=False)
        line.outlet.write(switching + self._opening(line.sid))
        if refusal is not None and refusal is not True:
            line.close()
        self.pinger.greet(line)
        self.lines_of[network] += 1
        gevent.spawn(self._read, line, network)
        raise StopIteration

    def _is_full(self, network: str) -> bool:
        if not self.most_per_network or self.lines_of[network] < self.most_per_network:
            return False
        return network != UNKNOWN and not ip_address(network.partition("/")[0]).is_loopback

    def _read(self, line: Connection, network: str) -> None:
        try:
            line.read()
        finally:
            self.lines_of[network] -= 1
            if not self.lines_of[network]:
                del self.lines_of[network]

    def _line(self, environ: dict[str, Any]) -> Connection:
        sid = self.generate_id()
        line = Connection(self, sid, handshake.take_over(environ), self.pinger)
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
