"""Socket.IO server on our transport and clients on socket pairs, all in one process: no port, no clock."""

import base64
import contextlib
import os
from typing import Any

import gevent
import socketio
from gevent import socket

from dagvandebuurt.live import wire
from dagvandebuurt.live.wire import frames, handshake

NAMESPACE = "/live"
PATIENCE = 10.0


def masked(opcode: int, payload: bytes, *, final: bool = True) -> bytes:
    """A frame as a browser sends it."""
    plain = frames.frame(opcode, payload)
    head = len(plain) - len(payload)
    mask = os.urandom(4)
    first = plain[0] if final else plain[0] & ~frames.FINAL
    return bytes((first, plain[1] | frames.MASKED)) + plain[2:head] + mask + frames.apply_mask(payload, mask)


class Client:
    """Other end of one connection. `got` is every frame that came, as (opcode, payload), in order."""

    def __init__(self, sock: Any) -> None:
        self.sock = sock
        self.got: list[tuple[int, bytes]] = []
        self._rest = b""
        self.is_ended = False

    def send(self, text: str) -> None:
        self.sock.sendall(masked(frames.TEXT, text.encode()))

    def take(self) -> None:
        """Read what is there, at least something; raises gevent.Timeout when nothing comes."""
        with gevent.Timeout(PATIENCE):
            try:
                data = self.sock.recv(1 << 16)
            except OSError:
                data = b""
        self.is_ended = not data
        self._rest += data
        while (cut := _whole(self._rest)) is not None:
            start, end = cut
            self.got.append((self._rest[0] & 0x0F, self._rest[start:end]))
            self._rest = self._rest[end:]

    def wait_for(self, count: int) -> list[bytes]:
        """The payloads so far, once there are `count` or the connection ended."""
        while len(self.got) < count and not self.is_ended:
            self.take()
        return [payload for _, payload in self.got]

    def to_the_end(self) -> list[tuple[int, bytes]]:
        while not self.is_ended:
            self.take()
        return self.got


class Hall:
    """Server with clients. `told` is what the handlers received: connects and disconnects, in order."""

    def __init__(self, **settings: Any) -> None:
        self.server = socketio.Server(async_mode="gevent", cors_allowed_origins=[], **settings)
        self.told: list[tuple[str, str]] = []
        self.clients: list[Client] = []
        self.hot: list[Any] = []
        self.server.on("connect", self._come, namespace=NAMESPACE)
        self.server.on("disconnect", self._go, namespace=NAMESPACE)
        self.server.on("hot", self._hot, namespace=NAMESPACE)
        self.server.on("rare", self._hot, namespace=NAMESPACE)
        self.runs_on = wire.install(self.server, wire.DIRECT, NAMESPACE, {"hot": self._hot})

    @property
    def rooms(self) -> Any:
        return self.server.manager

    def open(self, *, kernel_bytes: int = 0) -> Client:
        """A client that finished the handshake, and did not join the namespace."""
        theirs, ours = socket.socketpair()
        if kernel_bytes:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, kernel_bytes)
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, kernel_bytes)
        environ = {
            "HTTP_UPGRADE": "websocket", "HTTP_CONNECTION": "Upgrade", "HTTP_SEC_WEBSOCKET_VERSION": "13",
            "HTTP_SEC_WEBSOCKET_KEY": base64.b64encode(bytes(16)).decode(), handshake.SOCKET: ours,
        }  # fmt: skip
        with contextlib.suppress(StopIteration):
            self.server.eio._handle_connect(environ, None, "websocket")
        client = Client(theirs)
        self.clients.append(client)
        with gevent.Timeout(PATIENCE):
            while b"\r\n\r\n" not in client._rest:
                client._rest += theirs.recv(4096)
        client._rest = client._rest.split(b"\r\n\r\n", 1)[1]
        return client

    def enter(self, room: str = "room", *, kernel_bytes: int = 0) -> Client:
        """A client in a room that has read everything else."""
        client = self.open(kernel_bytes=kernel_bytes)
        client.send(f"40{NAMESPACE},")
        client.wait_for(2)
        client.got.clear()
        client.sid = self.told[-1][1]  # type: ignore[attr-defined]
        self.server.enter_room(client.sid, room, namespace=NAMESPACE)  # type: ignore[attr-defined]
        return client

    def tell(self, what: Any, room: str = "room") -> None:
        self.server.emit("told", what, room=room, namespace=NAMESPACE)

    def close(self) -> None:
        """Disconnect everybody, so that a test leaves no socket open."""
        for client in self.clients:
            client.sock.close()
        with gevent.Timeout(PATIENCE):
            while self.server.eio.sockets:
                gevent.sleep(0.001)
        self.quiet()

    def quiet(self) -> None:
        """Let every greenlet that can run do so."""
        for _ in range(20):
            gevent.sleep(0.001)

    def _come(self, sid: str, _environ: Any) -> None:
        self.told.append(("connect", sid))

    def _go(self, sid: str, _reason: str) -> None:
        self.told.append(("disconnect", sid))

    def _hot(self, _sid: str, *arguments: Any) -> dict[str, Any]:
        self.hot.append(arguments)
        return {"ok": True}


def _whole(data: bytes) -> tuple[int, int] | None:
    """Where the payload of the first server frame starts and ends, if all of it is there."""
    if len(data) < 2:
        return None
    assert not data[1] & frames.MASKED, "a server masks nothing"
    more = {126: 2, 127: 8}.get(data[1], 0)
    if len(data) < 2 + more:
        return None
    size = int.from_bytes(data[2 : 2 + more], "big") if more else data[1]
    return (2 + more, 2 + more + size) if len(data) >= 2 + more + size else None
