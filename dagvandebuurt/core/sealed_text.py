"""Encryption of short texts under the key of a room, which is not in the database (encrypt-then-MAC).

Who has the database alone, or a dump or backup of it, reads nothing. SHAKE-256 of key and nonce is the stream
cipher, HMAC-SHA256 the authentication; two keys are derived from the room's (`pseudonyms.room_key`). Lengths are
padded, so that they say little.
"""

import hashlib
import hmac
import secrets
from uuid import UUID

from dagvandebuurt.core import pseudonyms

NONCE_BYTES = 16
TAG_BYTES = 32
STEP = 128  # lengths are rounded up to this


def seal_text(room_id: UUID, thing_id: UUID, text: str) -> bytes:
    """Encrypt `text` for one thing: moved to another row it does not open."""
    plain = text.encode()
    nonce = secrets.token_bytes(NONCE_BYTES)
    padded = len(plain).to_bytes(4, "big") + plain + bytes(-(len(plain) + 4) % STEP)
    hidden = _xor(padded, _stream(room_id, nonce, len(padded)))
    return nonce + hidden + _tag(room_id, thing_id, nonce + hidden)


def open_text(room_id: UUID, thing_id: UUID, sealed: bytes) -> str | None:
    """Decrypt what `seal_text` returned. None when the key was destroyed, or the bytes are not what was written."""
    if not pseudonyms.exists(room_id) or len(sealed) < NONCE_BYTES + TAG_BYTES:
        return None
    body, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    if not hmac.compare_digest(tag, _tag(room_id, thing_id, body)):
        return None
    nonce, hidden = body[:NONCE_BYTES], body[NONCE_BYTES:]
    padded = _xor(hidden, _stream(room_id, nonce, len(hidden)))
    size = int.from_bytes(padded[:4], "big")
    return padded[4 : 4 + size].decode()


def _stream(room_id: UUID, nonce: bytes, length: int) -> bytes:
    key = hmac.digest(pseudonyms.room_key(room_id), b"sealed text, cipher", "sha256")
    return hashlib.shake_256(key + nonce).digest(length)


def _tag(room_id: UUID, thing_id: UUID, body: bytes) -> bytes:
    key = hmac.digest(pseudonyms.room_key(room_id), b"sealed text, authentication", "sha256")
    return hmac.digest(key, thing_id.bytes + body, "sha256")


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
