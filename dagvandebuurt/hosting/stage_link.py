"""Link for the speakers of a session: a capability URL to read along on stage, without an account.

It shows what the hall sees or will see next, and the clock; nothing that is unread, and nobody's private line.
"""

from uuid import UUID

from itsdangerous import BadSignature

from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.signing import link_serializer
from dagvandebuurt.core.urls import path_for

SALT = "stage"


def path_to(session_id: UUID) -> str:
    """Return the private path of the speakers of this session."""
    return path_for("hosting.speaker", token=link_serializer(SALT).dumps(session_id.hex))


def session_of(token: str) -> UUID:
    """Return the session of a token. Raises NotFound for a token that was not issued here."""
    try:
        return UUID(link_serializer(SALT).loads(token))
    except (BadSignature, ValueError):
        raise NotFound from None
