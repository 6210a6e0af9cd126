"""Brute-force protection of passwords and one-time codes, and the check of a second factor."""

from uuid import UUID

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people import letters
from dagvandebuurt.people.access import second_factor
from dagvandebuurt.people.access.login_throttle import GuessThrottle, seen_today
from dagvandebuurt.people.access.trusted_devices import known_device
from dagvandebuurt.people.errors import (
    TOO_MANY_CODES,
    CodeWrong,
)
from dagvandebuurt.people.models import Person

WRONG_CODES_BEFORE_MAIL = 2  # anybody mistypes
PASSWORDS = GuessThrottle(
    "password", slow="10 per minute", shut="60 per hour", crowd="300 per day", shut_in_crowd="10 per hour"
)
PHONE_CODES = GuessThrottle(
    "code", slow="6 per minute", shut="30 per hour", crowd="60 per day", shut_in_crowd="6 per hour"
)


def prove(person_id: UUID, typed: str) -> tuple[int, str] | None:
    """Verify a second factor. Return None when it is valid, else the status and sentence of the response."""
    target, device = str(person_id), known_device(person_id)
    with transaction():
        if second_factor.is_recovery_code(typed):
            is_good = second_factor.use_recovery_code(person_id, typed, now=clock.now())
        elif PHONE_CODES.is_shut(target, device):
            return 429, str(TOO_MANY_CODES)
        else:
            is_good = second_factor.use_totp_code(person_id, typed, now=clock.now())
    if is_good:
        return None
    is_too_many = PHONE_CODES.was_wrong(target, device)
    if seen_today(WRONG_CODES_BEFORE_MAIL, "wrong codes", target):
        with transaction():
            letters.warn_owner(db.session.get_one(Person, person_id), "codes", now=clock.now())
    return (429, str(TOO_MANY_CODES)) if is_too_many else (422, str(CodeWrong.message))
