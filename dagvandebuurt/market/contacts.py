"""Contact details that visitors leave at a stand: sealed for that stand."""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from uuid import UUID

from dagvandebuurt.core.sealed_text import open_text, seal_text
from dagvandebuurt.market.models import MarketContact

NAME_MAX_CHARS = 100
EMAIL_MAX_CHARS = 254
PHONE_MAX_CHARS = 40
LINE_MAX_CHARS = 300


@dataclass(frozen=True)
class Contact:
    """What a visitor leaves: a phone number or an address, and if they like a name and a sentence."""

    name: str
    phone: str
    email: str
    line: str


def seal(stand_id: UUID, contact_id: UUID, contact: Contact) -> bytes:
    """Encrypt it for the holders of one stand."""
    return seal_text(stand_id, contact_id, json.dumps(asdict(contact), ensure_ascii=False))


def opened(row: MarketContact) -> Contact | None:
    """Decrypt it. None when the key of the stand is gone."""
    text = open_text(row.stand_id, row.id, row.sealed)
    return None if text is None else Contact(**json.loads(text))


def new_token() -> str:
    """Return what is in the link by which a visitor finds back what they left: 128 bits of chance."""
    return secrets.token_urlsafe(16)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
