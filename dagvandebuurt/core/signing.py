"""Signatures with a time that bear a clock which is put back: nobody is logged out for it."""

from datetime import datetime
from typing import Any

from itsdangerous import SignatureExpired, TimestampSigner

AHEAD = 24 * 60 * 60  # seconds that a signature may lie in the future: more than any zone or summer time


class PatientSigner(TimestampSigner):
    """A TimestampSigner that takes what was signed up to AHEAD seconds from now.

    A server whose clock ran two hours ahead signed cookies that, once it is right again, come from the
    future; the library refuses those, and everybody is out for two hours. Expiry is as strict as before:
    `max_age` counts from the time in the signature, and no client can write that.
    """

    def unsign(self, signed_value: Any, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        """As the library's. Raises SignatureExpired also for more than AHEAD seconds of future."""
        value, signed_at = super().unsign(signed_value, return_timestamp=True)
        if max_age is not None:
            self._judge(value, signed_at, max_age)
        return (value, signed_at) if return_timestamp else value

    def _judge(self, value: bytes, signed_at: datetime, max_age: int) -> None:
        age = self.get_timestamp() - int(signed_at.timestamp())
        if not -AHEAD <= age <= max_age:
            raise SignatureExpired(f"Signature age {age}", payload=value, date_signed=signed_at)
