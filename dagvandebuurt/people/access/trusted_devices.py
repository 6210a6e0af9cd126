"""Device cookies (OWASP): browsers that proved to be somebody's, which login throttling counts separately.

A browser in which somebody logged in keeps a mark for them in its signed session, also after logging out. It
grants no access. It only has a count of its own, so that attempts from elsewhere are not held against it.
"""

import hashlib
import hmac
import secrets
from uuid import UUID

from flask import current_app, session

from dagvandebuurt.core.signing import secret_keys

MOST = 5  # people of one household, in one browser
NONCE_BYTES = 9
MARKS = "devices"


def remember(person_id: UUID, marks: list[str]) -> None:
    """Mark this browser as trusted for a person, beside its earlier marks."""
    if _found(person_id, marks) is None:
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        marks = [f"{nonce}.{_sign(person_id, nonce, current_app.config['SECRET_KEY'])}", *marks][:MOST]
    session[MARKS] = marks


def marks_here() -> list[str]:
    """Return all marks of this browser: to keep them where its session is cleared."""
    return list(session.get(MARKS, ()))


def known_device(person_id: UUID | None) -> str | None:
    """Return the throttling key of this browser, if it is trusted for this person."""
    nonce = _found(person_id, marks_here()) if person_id is not None else None
    return f"device {nonce}" if nonce else None


# The first match in a User-Agent counts, because it also names others (Edge says Chrome and Safari).
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
             ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
            ("CrOS", "Chromebook"), ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip


def browser_description(user_agent: str) -> str:
    """Describe a browser as its owner would: "Firefox, Windows". Empty for an unknown one."""
    found = (
        next((said for sign, said in signs if sign in user_agent), "") for signs in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(part for part in found if part)


def _found(person_id: UUID, marks: list[str]) -> str | None:
    for mark in marks:
        nonce, _dot, signature = mark.partition(".")
        if any(hmac.compare_digest(signature, _sign(person_id, nonce, key)) for key in secret_keys()):
            return nonce
    return None


def _sign(person_id: UUID, nonce: str, secret: str) -> str:
    key = hashlib.sha256(f"device|{secret}".encode()).digest()
    return hmac.digest(key, f"{person_id}|{nonce}".encode(), "sha256").hex()[:32]
