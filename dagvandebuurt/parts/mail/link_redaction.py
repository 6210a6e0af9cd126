"""Redaction of bearer links: login and confirmation links stay in the outbox only until the mail is sent."""

import re

# Prefixes of such addresses; a test holds this against the routes.
PATHS = (
    "link", "uitnodiging", "kom", "meldingen/terug", "vragen/terug", "post/uit", "kalender", "blijf", "voorproef", "proef",
    "mijn-foto", "op-het-podium", "markt/briefje", "sms",
)  # fmt: skip
STRUCK = "…"
_PREFIX = rf"/(?:{'|'.join(PATHS)})/"
_SECRET = re.compile(rf"({_PREFIX})[A-Za-z0-9_.~%=-]+")
_REDACTED = re.compile(_PREFIX + STRUCK)
_RENEWABLE = re.compile(rf"(/(?:link|uitnodiging)/){STRUCK}")


def redact_links(text: str) -> str:
    """Cut every such link in `text` off before its token. Idempotent."""
    return _SECRET.sub(rf"\g<1>{STRUCK}", text)


def restore_links(text: str, token: str) -> str | None:
    """Put a new token where a personal link was redacted. None: another link was redacted as well."""
    restored = _RENEWABLE.sub(lambda found: found[1] + token, text)
    return None if _REDACTED.search(restored) else restored
