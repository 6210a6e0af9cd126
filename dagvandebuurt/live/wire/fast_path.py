"""Fast path of a known event: from its frame to its acknowledgement in one step.

The library takes a packet apart in five layers, for every kind of packet there is. What people send
thousands of times a second has one shape, `42/live,7["name",{…}]`; anything else takes the library's path.
"""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from socketio import packet

from dagvandebuurt.live.wire import frames
from dagvandebuurt.live.wire.connection import Connection

logger = logging.getLogger(__name__)

Handler = Callable[..., Any]  # (sid, *arguments) → payload of the acknowledgement
SENT_BY_CLIENTS = (packet.CONNECT, packet.DISCONNECT, packet.EVENT, packet.ACK)
MOST_DIGITS = 18  # of an acknowledgement's number


class FastPath:
    """Fast path for events of one namespace. `server` is the socketio.Server behind the connection."""

    def __init__(
        self, server: Any, namespace: str, handlers: Mapping[str, Handler], others: Handler | None = None
    ) -> None:
        self._server, self._namespace = server, namespace
        self._handlers, self._others = dict(handlers), others
        self._head = f"42{namespace},"
        self._answer = f"43{namespace},"

    def take(self, line: Connection, message: str) -> bool:
        """Handle `message` and acknowledge it; return False, without effect, when it is not eligible.

        Raises Broken for what the library could not read either.
        """
        if not message.startswith(self._head):
            return self._for_the_long_way(message)
        start = message.find("[", len(self._head))
        number = message[len(self._head) : start]
        if start < 0 or (number and not (number.isdigit() and number.isascii())) or len(number) > MOST_DIGITS:
            return self._for_the_long_way(message)
        manager = self._server.manager
        sid = manager.sid_from_eio_sid(line.sid, self._namespace)
        if not manager.is_connected(sid, self._namespace):
            return self._for_the_long_way(message)
        try:
            name, *arguments = self._server.packet_class.json.loads(message[start:])
        except (ValueError, RecursionError):
            return self._for_the_long_way(message)
        if not isinstance(name, str):
            return self._for_the_long_way(message)
        handler = self._handlers.get(name) or (partial(self._others, name) if self._others else None)
        if handler is None:
            return self._for_the_long_way(message)
        try:
            outcome = handler(sid, *arguments)
        except Exception:
            logger.exception("%s could not be handled", name[:40])
            return True
        if number:
            answer = f"{self._answer}{number}{self._server.packet_class.json.dumps([outcome])}"
            line.outlet.write(frames.frame(frames.TEXT, answer.encode()))
        return True

    def _for_the_long_way(self, message: str) -> bool:
        """Return False. Raises Broken for an invalid packet, and for one that announces binary attachments,
        which nobody sends here: the library would write a page of log for each, and wait for the bytes
        for ever."""
        try:
            read = self._server.packet_class(encoded_packet=message[1:])
        except (ValueError, RecursionError, IndexError):
            raise frames.Broken(frames.PROTOCOL_ERROR, "no Socket.IO packet") from None
        if read.packet_type not in SENT_BY_CLIENTS:
            raise frames.Broken(frames.PROTOCOL_ERROR, "not a packet of a client of ours")
        if read.packet_type == packet.EVENT and not _has_a_name(read.data):
            raise frames.Broken(frames.PROTOCOL_ERROR, "an event without a name")
        return False


def _has_a_name(event: Any) -> bool:
    return isinstance(event, list) and bool(event) and isinstance(event[0], str)
