"""Encryption of numbers, under a key of their edition that is kept outside the database (`core.pseudonyms`)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID, uuid5

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.sms.models import SmsNumber

_KEYS = UUID("736d7320-0000-4000-8000-000000000001")


def seal(edition_id: UUID, row_id: UUID, number: str) -> UUID:
    """Encrypt a number for one row: its fifteen digits at most fit in 128 bits."""
    sealed = pseudonyms.seal(_key(edition_id), row_id, UUID(int=int(number.lstrip("+"))))
    return UUID(bytes=urlsafe_b64decode(sealed + "=="))


def number_of(row: SmsNumber) -> str | None:
    """Decrypt a number; None once the key of its edition is destroyed."""
    letters = urlsafe_b64encode(row.sealed.bytes).decode().rstrip("=")
    found = pseudonyms.unseal(_key(row.edition_id), row.id, letters)
    return None if found is None else f"+{found.int}"


def print_of(edition_id: UUID, number: str) -> str:
    """Return the keyed hash of a number."""
    return pseudonyms.fingerprint(_key(edition_id), number.encode())


def code_of(row: SmsNumber, code: str) -> str:
    """Return the keyed hash of a code that proves a number."""
    return pseudonyms.fingerprint(_key(row.edition_id), f"{row.id}|{code}".encode())


def destroy_key(edition_id: UUID) -> None:
    """Make every number of an edition unreadable, also in a backup of the database (crypto-shredding)."""
    pseudonyms.destroy_key(_key(edition_id))


def _key(edition_id: UUID) -> UUID:
    return uuid5(_KEYS, edition_id.hex)
