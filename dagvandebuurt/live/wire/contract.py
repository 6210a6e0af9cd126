"""Undocumented internals of python-socketio and python-engineio that the transport relies on.

Both are pinned exactly. To raise a pin, read what changed in the names below, run the tests and the
benchmark, and raise the version here as well; until then the server runs on the libraries' own code.
"""

import inspect
import re
from importlib.metadata import version

import engineio
import gevent.socket
import socketio
from engineio.base_socket import BaseSocket

from dagvandebuurt.live.wire.rooms import Rooms

VERSIONS = {"python-socketio": "5.18.1", "python-engineio": "4.15.1"}
# name → its parameters: what we call or replace.
LEANS_ON = {
    (engineio.Server, "_handle_connect"): ["self", "environ", "start_response", "transport", "jsonp_index"],
    (engineio.Server, "_trigger_event"): ["self", "event", "args", "kwargs"],
    (engineio.Server, "_bad_request"): ["self", "message"],
    (engineio.Server, "generate_id"): ["self"],
    (engineio.socket.Socket, "close"): ["self", "wait", "abort", "reason"],
    (engineio.socket.Socket, "send"): ["self", "pkt"],
    (socketio.Server, "_send_eio_packet"): ["self", "eio_sid", "eio_pkt"],
    (socketio.Server, "_handle_eio_connect"): ["self", "eio_sid", "environ"],
    (socketio.Server, "_handle_eio_message"): ["self", "eio_sid", "data"],
    (socketio.Server, "_handle_eio_disconnect"): ["self", "eio_sid", "reason"],
    (gevent.socket.socket, "send"): ["self", "data", "flags", "timeout"],
}
SOCKET_STATE = {
    "server", "sid", "queue", "last_ping", "connected", "upgrading", "upgraded", "closing", "closed", "session",
}  # fmt: skip
ENGINE_STATE = {"sockets", "ping_interval", "ping_timeout", "max_http_buffer_size", "start_service_task"}
NOT_OURS = {"set_server", "initialize", "get_namespaces", "trigger_callback", "can_disconnect"}


def problems() -> list[str]:
    """Return sentences about differences from the known internals; empty is good. Checked at every start."""
    found = [
        f"{name} is {version(name)}; the wire was written for {known}."
        for name, known in VERSIONS.items()
        if version(name) != known
    ]
    for (owner, name), parameters in LEANS_ON.items():
        there = getattr(owner, name, None)
        if there is None:
            found.append(f"{owner.__module__}.{owner.__name__} has no {name} any more.")
        elif (now := list(inspect.signature(there).parameters)) != parameters:
            found.append(f"{owner.__module__}.{owner.__name__}.{name} takes {now}, not {parameters}.")
    return found


def problems_in_source() -> list[str]:
    """Return the same, found by reading the libraries' source: for the tests."""
    found = []
    socket_state = set(re.findall(r"self\.(\w+) =", inspect.getsource(BaseSocket.__init__)))
    if socket_state != SOCKET_STATE:
        found.append(f"An Engine.IO socket keeps other things now: {sorted(socket_state ^ SOCKET_STATE)}.")
    engine_state = set(re.findall(r"self\.(\w+) =", inspect.getsource(engineio.Server.__mro__[1].__init__)))
    if not engine_state >= ENGINE_STATE:
        found.append(f"An Engine.IO server keeps no {sorted(ENGINE_STATE - engine_state)} any more.")
    sources = inspect.getsource(socketio.Server) + inspect.getsource(socketio.Server.__mro__[1])
    asked = set(re.findall(r"self\.manager\.(\w+)", sources))
    unknown = asked - NOT_OURS - set(vars(Rooms))
    if unknown:
        found.append(
            f"A Socket.IO server asks its manager for {sorted(unknown)}, which Rooms does not answer."
        )
    return found
