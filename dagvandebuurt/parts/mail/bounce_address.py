"""Address for bounces with a tag that names the mail (VERP): a report that comes back says by itself about
which mail it is, and nobody can make up a tag (HMAC)."""

import base64
import hashlib
import hmac
import re
from uuid import UUID

from flask import current_app

from dagvandebuurt.core.signing import secret_keys

TAG = "{tag}"  # in MAIL_BOUNCE_ADDRESS, where the tag goes
TAG_LENGTH = 42  # base32 of the id (26) and of what signs it (16)
_ID = 26
_SIGNED = 10  # bytes


def bounce_address_of(mail_id: UUID) -> str | None:
    """Return the envelope sender of a mail; None: MAIL_BOUNCE_ADDRESS is not set."""
    configured: str | None = current_app.config["MAIL_BOUNCE_ADDRESS"]
    return configured and configured.replace(TAG, _tag_of(mail_id, secret_keys()[-1]))


def mail_named_by(address: str) -> UUID | None:
    """Return the mail that a bounce address names; None unless the tag is one of ours."""
    before, tag, after = (current_app.config["MAIL_BOUNCE_ADDRESS"] or "").partition(TAG)
    if not tag:
        return None
    pattern = f"{re.escape(before)}([a-z2-7]{{{TAG_LENGTH}}}){re.escape(after)}"
    found = re.fullmatch(pattern, address.strip(), re.IGNORECASE)
    if found is None:
        return None
    try:
        mail_id = UUID(bytes=base64.b32decode(found[1][:_ID].upper() + "======"))
    except ValueError:
        return None
    tags = [_tag_of(mail_id, key) for key in secret_keys()]
    return mail_id if any(hmac.compare_digest(each, found[1].lower()) for each in tags) else None


def _tag_of(mail_id: UUID, key: str) -> str:
    signed = hmac.digest(key.encode(), b"bounce " + mail_id.bytes, hashlib.sha256)[:_SIGNED]
    return "".join(base64.b32encode(part).decode().rstrip("=").lower() for part in (mail_id.bytes, signed))
