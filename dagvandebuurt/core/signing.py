"""Signing keys with rotation, and signed timestamps with tolerance for a clock that was set back: neither
logs anybody out.
"""

from datetime import datetime
from typing import Any

from flask import current_app
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeSerializer

AHEAD = 24 * 60 * 60  # seconds that a signature may lie in the future: more than any time zone or summer time


def secret_keys() -> list[str]:
    """Return the signing keys as itsdangerous wants them: oldest first. It signs with the last, and accepts
    all of them."""
    return [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]


def link_serializer(salt: str) -> URLSafeSerializer:
    """Return the serializer of links that do not expire. `salt` separates their kinds."""
    return URLSafeSerializer(secret_keys(), salt=salt)


class TolerantSigner(TimestampSigner):
    """TimestampSigner that accepts signatures up to AHEAD seconds in the future.

    A server whose clock ran two hours ahead signed cookies that, once it is right again, come from the
    future; the library refuses those, and everybody is logged out for two hours. Expiry is as strict as
    before: `max_age` counts from the time in the signature, and no client can write that.
    """

    def unsign(self, signed_value: Any, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        """Verify like the library does. Raises SignatureExpired also for more than AHEAD seconds of future."""
        value, signed_at = super().unsign(signed_value, return_timestamp=True)
        if max_age is not None:
            self._judge(value, signed_at, max_age)
        return (value, signed_at) if return_timestamp else value

    def _judge(self, value: bytes, signed_at: datetime, max_age: int) -> None:
        age = self.get_timestamp() - int(signed_at.timestamp())
        if not -AHEAD <= age <= max_age:
            raise SignatureExpired(f"Signature age {age}", payload=value, date_signed=signed_at)
