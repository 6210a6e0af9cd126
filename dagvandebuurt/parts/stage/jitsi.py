"""Jitsi with JWT authentication (prosody's `mod_auth_token`): nobody joins without a token, which names the
moderator."""

import re
from datetime import timedelta

import jwt

from dagvandebuurt.core import clock
from dagvandebuurt.parts.stage.addresses import Address
from dagvandebuurt.parts.stage.protocol import Frame, Room, Shown, Viewer

# Long enough to press the button; joined participants stay after it expires.
LIVES = timedelta(minutes=10)
BACK = timedelta(minutes=1)  # clock skew
_ROOM = re.compile(r"[A-Za-z0-9_-]{1,80}")


class Jitsi:
    """Meetings on the one server that knows our application."""

    name = "jitsi"

    def __init__(self, url: str, app_id: str, secret: str) -> None:
        self._url, self._app_id, self._secret = url, app_id, secret

    def show(self, address: Address, room: Room, viewer: Viewer) -> Shown | None:
        if address.is_meeting or address.origin != self._url.lower():
            return None
        if len(address.parts) != 1 or not _ROOM.fullmatch(address.parts[0]):
            return None
        token = self.token(address.parts[0], address.host, viewer)
        return Frame(f"{self._url}/{address.parts[0]}?jwt={token}", self._url, devices=True)

    def token(self, room: str, host: str, viewer: Viewer) -> str:
        """Return a JWT for one person and one room. It holds a name and a pseudonym, and no e-mail address."""
        now = clock.now()
        claims = {
            "aud": self._app_id,
            "iss": self._app_id,
            "sub": host,
            "room": room.lower(),  # prosody uses lower-case room names
            "nbf": now - BACK,
            "exp": now + LIVES,
            "moderator": viewer.runs,
            "context": {
                "user": {
                    "id": viewer.key,
                    "name": viewer.name,
                    "moderator": viewer.runs,
                    "affiliation": "owner" if viewer.runs else "member",
                }
            },
        }
        return jwt.encode(claims, self._secret, algorithm="HS256")
