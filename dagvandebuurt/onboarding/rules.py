"""Commands of the set-up in a browser. They run before there is anybody with a permission: the code decides."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.onboarding.errors import SetupCodeWrong
from dagvandebuurt.onboarding.models import SetupCode
from dagvandebuurt.onboarding.queries import has_administrator
from dagvandebuurt.people import roles
from dagvandebuurt.people.models import Person

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 letters and digits that nobody mistakes for another
LETTERS = 12  # 60 bits
LIVES = timedelta(hours=24)


def make_code(*, now: datetime) -> str | None:
    """Make a code of LETTERS letters in groups of four, for the terminal of the server. None once there is an
    administrator."""
    if has_administrator():
        return None
    db.session.execute(delete(SetupCode).where(SetupCode.expires_at <= now))
    code = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    db.session.add(SetupCode(code_hash=_hash(code), expires_at=now + LIVES))
    return "-".join(code[at : at + 4] for at in range(0, LETTERS, 4))


def begin(code: str, *, name: str, email: str, now: datetime) -> Person:
    """Make the first administrator, once. Two at once come one after the other: the second finds nothing.

    Raises NotFound once there is an administrator, and SetupCodeWrong.
    """
    printed = db.session.scalars(select(SetupCode).order_by(SetupCode.id).with_for_update()).all()
    if has_administrator():
        raise NotFound
    typed = _hash(normalised(code))
    valid = [each for each in printed if each.expires_at > now]
    if not any([hmac.compare_digest(each.code_hash, typed) for each in valid]):  # noqa: C419 - all are compared
        raise SetupCodeWrong
    for each in printed:
        db.session.delete(each)
    return roles.make_first_administrator(name=name, email=email, now=now)


def normalised(typed: str) -> str:
    """Return a code as it was made: people leave out dashes and type small letters."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
