"""The short way of a known event: from its frame to its acknowledgement in one step.

The library takes a packet apart in five layers, for every kind of packet there is. What people send
thousands of times a second has one shape, `42/live,7["name",{…}]`; anything else goes the long way.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from dagvandebuurt.live.wire import frames
from dagvandebuurt.live.wire.line import Line

logger = logging.getLogger(__name__)

Handler = Callable[..., Any]  # (sid, *arguments) → what the acknowledgement carries
MOST_DIGITS = 18  # of an acknowledgement's number


class Express:
    """The events of one namespace that may take it. `server` is the socketio.Server behind the line."""

    def __init__(self, server: Any, namespace: str, handlers: Mapping[str, Handler]) -> None:
        self._server, self._namespace = server, namespace
        self._handlers = dict(handlers)
        self._head = f"42{namespace},"
        self._answer = f"43{namespace},"

    def take(self, line: Line, message: str) -> bool:
        """Handle `message` and acknowledge it; False when it is not one for here, and nothing happened."""
        if not message.startswith(self._head):
            return False
        start = message.find("[", len(self._head))
        number = message[len(self._head) : start]
        if start < 0 or (number and not (number.isdigit() and number.isascii())) or len(number) > MOST_DIGITS:
            return False
        manager = self._server.manager
        sid = manager.sid_from_eio_sid(line.sid, self._namespace)
        if not manager.is_connected(sid, self._namespace) or line.sid in self._server._binary_packet:
            return False
        try:
            name, *arguments = self._server.packet_class.json.loads(message[start:])
        except ValueError:
            return False
        handler = self._handlers.get(name) if isinstance(name, str) else None
        if handler is None:
            return False
        try:
            outcome = handler(sid, *arguments)
        except Exception:
            logger.exception("%s could not be handled", name)
            return True
        if number:
            answer = f"{self._answer}{number}{self._server.packet_class.json.dumps([outcome])}"
            line.outlet.write(frames.frame(frames.TEXT, answer.encode()))
        return True
