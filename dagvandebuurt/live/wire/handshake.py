"""WebSocket opening handshake (RFC 6455): request, response, and the socket itself."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

from gevent import socket

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
SOCKET = "gunicorn.socket"


def answer(environ: Mapping[str, Any]) -> bytes | None:
    """Return the 101 response to this request; None when it is not a valid WebSocket request.

    No extension is agreed: compressing each message for each listener would cost more than sending.
    """
    upgrade = environ.get("HTTP_UPGRADE", "").lower()
    connection = [word.strip() for word in environ.get("HTTP_CONNECTION", "").lower().split(",")]
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "").strip()
    if upgrade != "websocket" or "upgrade" not in connection or not _is_key(key):
        return None
    if environ.get("HTTP_SEC_WEBSOCKET_VERSION", "").strip() != "13":
        return None
    digest = hashlib.sha1((key + MAGIC).encode(), usedforsecurity=False).digest()
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
    )


def take_over(environ: Mapping[str, Any]) -> Any:
    """Detach the connection of this request as a socket of our own.

    gunicorn is left with an empty shell: its parser, its request and its greenlet go, and with them half of
    what an open connection would weigh.
    """
    theirs = environ[SOCKET]
    ours = socket.socket(theirs.family, theirs.type, theirs.proto, fileno=theirs.detach())
    if ours.family in (socket.AF_INET, socket.AF_INET6):
        ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return ours


def kept(environ: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain values of a WSGI environment, without the server objects it refers to."""
    return {name: value for name, value in environ.items() if isinstance(value, str)}


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False
