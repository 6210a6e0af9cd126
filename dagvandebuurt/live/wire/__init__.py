"""Socket transport: messages from this process into people's sockets, and back.

- `frames`: WebSocket frames, as bytes.
- `handshake`: from an HTTP request to a socket of our own.
- `send_buffer`: buffered writing.
- `connection`: one connection.
- `pinger`: keep-alive.
- `engine`, `rooms`: the two hooks into python-engineio and python-socketio.
- `fast_path`: a short code path for frequent events.
- `contract`: the library internals this depends on. `LIVE_WIRE=stock` switches all of it off.
"""

import logging
from collections.abc import Mapping
from typing import Any

from dagvandebuurt.live.wire import contract
from dagvandebuurt.live.wire.connection import Connection
from dagvandebuurt.live.wire.engine import Engine
from dagvandebuurt.live.wire.fast_path import FastPath, Handler
from dagvandebuurt.live.wire.rooms import Rooms

logger = logging.getLogger(__name__)

DIRECT, STOCK = "direct", "stock"


def install(
    server: Any,
    wanted: str,
    namespace: str,
    hot: Mapping[str, Handler],
    others: Handler | None = None,
    *,
    most_per_network: int = 0,
) -> str:
    """Install the transport on `server` (a socketio.Server without clients); return what it runs on.

    `hot` are events of `namespace` with their handlers, the same as were registered on `server`; `others`
    takes every other event, after its name.
    Stays stock when that was asked for, outside gevent, and with unknown library versions.
    """
    if wanted != DIRECT or server.async_mode != "gevent":
        return STOCK
    problems = contract.problems()
    if problems:
        logger.warning("the live core runs on the stock wire: %s", " ".join(problems))
        return STOCK
    rooms = Rooms()
    rooms.set_server(server)
    server.manager = rooms

    def has_joined(line: Connection) -> bool:
        return rooms.is_connected(rooms.sid_from_eio_sid(line.sid, namespace), namespace)

    engine = Engine.adopt(server.eio, has_joined=has_joined, most_per_network=most_per_network)
    engine.express = FastPath(server, namespace, hot, others).take
    return DIRECT
