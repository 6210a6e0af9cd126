"""Pseudonymisation keys per session (HMAC), kept outside the database.

The database alone does not reveal who asked, supported or voted; one person has one pseudonym within a
session and another in the next. `destroy_key` makes that final for everybody, the operator of the machine
included (AVG article 4, 5: pseudonymisation; article 11 afterwards).
"""

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from flask import current_app

KEY_BYTES = 32
_cache: dict[tuple[str, UUID], bytes] = {}


def room_key(room_id: UUID) -> bytes:
    """Return the secret key of one room: made at first use, shared by all processes with this folder."""
    folder = current_app.config["KEY_FOLDER"]
    cached = _cache.get((folder, room_id))
    if cached is not None:
        return cached
    key = _read_or_make(Path(folder), room_id)
    _cache[folder, room_id] = key
    return key


def pseudonym(room_id: UUID, purpose: str, person_id: UUID) -> str:
    """Return a pseudonym of `person_id` for this room and purpose: 128 bits in 22 letters."""
    return _pseudonym(current_app.config["KEY_FOLDER"], room_id, purpose, person_id)


@lru_cache(maxsize=50_000)  # the people in a room act there again and again
def _pseudonym(_folder: str, room_id: UUID, purpose: str, person_id: UUID) -> str:
    digest = hmac.digest(room_key(room_id), f"{purpose}|{person_id}".encode(), "sha256")
    return _letters(digest[:16])


def pseudonym_once(room_id: UUID, purpose: str, person_id: UUID, deed: str) -> str:
    """Return a pseudonym for one action of `person_id`, unlinkable to their other actions.

    Finding it again takes the person, the action and the key.
    """
    digest = hmac.digest(room_key(room_id), f"{purpose}|{person_id}|{deed}".encode(), "sha256")
    return _letters(digest[:16])


def seal(room_id: UUID, thing_id: UUID, person_id: UUID) -> str:
    """Encrypt `person_id` for one thing of this room, in 22 letters that look random without the key, and
    differ from thing to thing.

    `thing_id` must be used once in a room. `unseal` decrypts it.
    """
    return _letters(_xor(person_id.bytes, _pad(room_id, thing_id)))


def unseal(room_id: UUID, thing_id: UUID, sealed: str) -> UUID | None:
    """Decrypt what `seal` returned; None once the key is destroyed. A value of another thing decrypts to 128
    random bits, an unknown id."""
    return unsealed(room_id, thing_id, sealed) if exists(room_id) else None


def unsealed(room_id: UUID, thing_id: UUID, sealed: str) -> UUID | None:
    """Decrypt as `unseal` does, where the caller looked with `exists` whether there is a key: of a room with
    a thousand things it looks once, not a thousand times."""
    return _unseal(current_app.config["KEY_FOLDER"], room_id, thing_id, sealed)


@lru_cache(maxsize=20_000)
def _unseal(_folder: str, room_id: UUID, thing_id: UUID, sealed: str) -> UUID | None:
    try:
        hidden = urlsafe_b64decode(sealed + "==")
    except ValueError:
        return None
    return UUID(bytes=_xor(hidden, _pad(room_id, thing_id))) if len(hidden) == 16 else None


def _pad(room_id: UUID, thing_id: UUID) -> bytes:
    return hmac.digest(room_key(room_id), b"seal|" + thing_id.bytes, "sha256")[:16]


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _letters(sixteen: bytes) -> str:
    return urlsafe_b64encode(sixteen).decode().rstrip("=")


def fingerprint(room_id: UUID, content: bytes) -> str:
    """Return a keyed hash of `content`: it compares for equality, and reveals nothing without the key."""
    return hashlib.blake2b(content, key=room_key(room_id), digest_size=16).hexdigest()


def exists(room_id: UUID) -> bool:
    """Return whether there is a key: without one nothing was written under its pseudonyms, or it was
    destroyed."""
    return (Path(current_app.config["KEY_FOLDER"]) / f"{room_id}.key").exists()


def destroy_key(room_id: UUID) -> None:
    """Destroy the key of a room (crypto-shredding). Its pseudonyms can never be traced again."""
    folder = current_app.config["KEY_FOLDER"]
    (Path(folder) / f"{room_id}.key").unlink(missing_ok=True)
    _cache.pop((folder, room_id), None)
    _pseudonym.cache_clear()
    _unseal.cache_clear()


def _read_or_make(folder: Path, room_id: UUID) -> bytes:
    path = folder / f"{room_id}.key"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{room_id}.{secrets.token_hex(4)}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails if another process was first: then that key is used
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()
