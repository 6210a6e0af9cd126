"""WebSocket frames (RFC 6455), server side. Bytes in, bytes out: no sockets here."""

from collections.abc import Callable, Iterator
from struct import pack

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
NORMAL, GOING_AWAY, PROTOCOL_ERROR, ONLY_TEXT, NOT_TEXT, TOO_BIG = 1000, 1001, 1002, 1003, 1007, 1009
FINAL = 0x80
MASKED = 0x80
RESERVED = 0x70
MOST_IN_CONTROL = 125

Mask = Callable[[bytes, bytes], bytes]


def apply_mask_in_python(data: bytes, mask: bytes) -> bytes:
    """Unmask in Python, a quarter as fast as the C function: for machines without the compiled one."""
    size = len(data)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(data, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")


apply_mask: Mask
try:
    from websockets.speedups import apply_mask
except ImportError:
    apply_mask = apply_mask_in_python


class Broken(Exception):
    """Protocol error or oversized message from the other side. `code` belongs in our close frame."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


def frame(opcode: int, payload: bytes) -> bytes:
    """Return a whole message in one unmasked frame: from server to client."""
    size = len(payload)
    if size <= MOST_IN_CONTROL:
        return bytes((FINAL | opcode, size)) + payload
    if size < 0x10000:
        return pack("!BBH", FINAL | opcode, 126, size) + payload
    return pack("!BBQ", FINAL | opcode, 127, size) + payload


def close_frame(code: int) -> bytes:
    return frame(CLOSE, pack("!H", code))


def answer_to_close(payload: bytes) -> bytes:
    """Return the close frame that answers one: the same code, or 1002 for an invalid one."""
    if not payload:
        return frame(CLOSE, b"")
    code = int.from_bytes(payload[:2], "big")
    known = 1000 <= code <= 1014 and code not in (1004, 1005, 1006)
    return close_frame(code if len(payload) >= 2 and (known or 3000 <= code <= 4999) else PROTOCOL_ERROR)


class ClientFrames:
    """Incremental parser of one client's frames. No message above `most` bytes."""

    __slots__ = ("_begun", "_begun_as", "_most", "_rest")

    def __init__(self, most: int) -> None:
        self._most = most
        self._rest = b""
        self._begun: bytearray | None = None  # fragments of a message so far
        self._begun_as = TEXT

    def feed(self, data: bytes) -> Iterator[tuple[int, str | bytes]]:
        """Yield the complete messages and control frames: (opcode, text or bytes).

        Exhaust it before the next call. Raises Broken after yielding what came before.
        """
        if self._rest:
            data = self._rest + data
        at, end = 0, len(data)
        while end - at >= 2:
            first, second = data[at], data[at + 1]
            size, start = second & 0x7F, at + 6
            _check_head(first, second)
            if size == 126:
                start += 2
            elif size == 127:
                start += 8
            if end < start:
                break
            if size > MOST_IN_CONTROL:
                size = int.from_bytes(data[at + 2 : start - 4], "big")
                if size > self._most:
                    raise Broken(TOO_BIG, "the frame is too big")
            at_end = start + size
            if end < at_end:
                break
            payload = apply_mask(data[start:at_end], data[start - 4 : start])
            at = at_end
            opcode = first & 0x0F
            if first & FINAL and opcode == TEXT and self._begun is None:
                yield TEXT, _text(payload)
            elif opcode >= CLOSE:
                yield opcode, payload
            else:
                whole = self._gather(opcode, payload, bool(first & FINAL))
                if whole is not None:
                    yield whole
        self._rest = data[at:]

    def _gather(self, opcode: int, payload: bytes, is_last: bool) -> tuple[int, str | bytes] | None:
        if opcode == CONTINUATION:
            if self._begun is None:
                raise Broken(PROTOCOL_ERROR, "nothing to continue")
        elif self._begun is not None:
            raise Broken(PROTOCOL_ERROR, "another message inside a message")
        else:
            self._begun, self._begun_as = bytearray(), opcode
        self._begun += payload
        if len(self._begun) > self._most:
            raise Broken(TOO_BIG, "the message is too big")
        if not is_last:
            return None
        whole, self._begun = bytes(self._begun), None
        return (TEXT, _text(whole)) if self._begun_as == TEXT else (BINARY, whole)


def _check_head(first: int, second: int) -> None:
    """Raise Broken for the first two bytes of a frame that no client may send."""
    opcode = first & 0x0F
    if first & RESERVED:
        raise Broken(PROTOCOL_ERROR, "reserved bits: no extension was agreed")
    if not second & MASKED:
        raise Broken(PROTOCOL_ERROR, "a client masks its frames")
    if BINARY < opcode < CLOSE or opcode > PONG:
        raise Broken(PROTOCOL_ERROR, "no such kind of frame")
    if opcode >= CLOSE and (not first & FINAL or second & 0x7F > MOST_IN_CONTROL):
        raise Broken(PROTOCOL_ERROR, "a control frame is short and whole")


def _text(payload: bytes) -> str:
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise Broken(NOT_TEXT, "text that is not UTF-8") from None
