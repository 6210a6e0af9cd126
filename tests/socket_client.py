"""Minimal Socket.IO client over a raw WebSocket, which hides nothing of the transport."""

import json
import time
from typing import Any

import websocket

NAMESPACE = "/live"


class Refused(Exception):
    """Refused handshake, with the response of the server."""


class Socket:
    """One connection. `call` waits for the acknowledgement and keeps what arrives meanwhile."""

    def __init__(
        self,
        url: str,
        *,
        cookie: str = "",
        token: str | None = "",
        origin: str | None = None,
        timeout: float = 5,
    ):
        base = url.replace("http://", "ws://")
        self.ws = websocket.create_connection(
            f"{base}/socket.io/?EIO=4&transport=websocket",
            timeout=timeout,
            cookie=cookie,
            origin=origin or url,
        )
        self.count = 0
        self.events: list[tuple[str, Any]] = []
        try:
            self.most = json.loads(self._receive()[1:])["maxPayload"]  # Engine.IO open
            auth = json.dumps({"token": token}) if token is not None else ""
            self.ws.send(f"40{NAMESPACE},{auth}")
            answer = self._receive()
            if answer.startswith("44"):
                raise Refused(answer)
        except BaseException:
            self.close()
            raise

    def call(self, event: str, *args: Any, timeout: float = 5) -> Any:
        """Send and wait. Raises TimeoutError."""
        self.count += 1
        number = self.count
        self.ws.send(f"42{NAMESPACE},{number}{json.dumps([event, *args])}")
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            self.ws.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                frame = self._receive()
            except websocket.WebSocketTimeoutException:
                break
            if frame.startswith(f"43{NAMESPACE},{number}["):
                return json.loads(frame[frame.index("[") :])[0]
            self._keep(frame)
        raise TimeoutError(event)

    def raw(self, frame: str) -> None:
        self.ws.send(frame)

    def listen(self, seconds: float) -> list[tuple[str, Any]]:
        """Return everything that arrives within `seconds`, with what was kept before. Raises when
        disconnected."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.ws.settimeout(left)
            try:
                self._keep(self._receive())
            except websocket.WebSocketTimeoutException:
                break
        heard, self.events = self.events, []
        return heard

    def close(self) -> None:
        self.ws.close()
        self.ws.shutdown()  # also when the other side was first

    def _keep(self, frame: str) -> None:
        if frame.startswith(f"42{NAMESPACE},"):
            name, *args = json.loads(frame[len(f"42{NAMESPACE},") :])
            self.events.append((name, args[0] if args else None))

    def _receive(self) -> str:
        while True:
            frame = self.ws.recv()
            if frame == "":
                raise websocket.WebSocketConnectionClosedException("closed")
            if frame == "2":
                self.ws.send("3")
                continue
            return frame
