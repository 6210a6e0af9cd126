"""Private link: a capability URL that shows one question to anybody who has it, on any device.

An anonymous asker without an account has nothing else to find their question by. The link names no person,
and nothing stored says who has it. It shows the outcome of that question, and nothing of other questions of
the same asker.
"""

import hmac
from functools import lru_cache
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.signing import link_serializer
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.qanda.models import Question

NUMBER_DIGITS = 10
NUMBERS = UUID("7b1d0f1e-0000-4000-8000-6e756d626572")  # its key outlives those of the rooms


def token_of(question_id: UUID) -> str:
    """Return the signed token of this question."""
    return _serializer().dumps(question_id.hex)


def path_to(question_id: UUID) -> str:
    """Return the private path of this question. It has 160 bits, so it cannot be guessed."""
    return path_for("qanda.by_way_back", token=token_of(question_id))


def question_of(token: str) -> UUID:
    """Return the question of a token. Raises NotFound for a token that was not issued here."""
    try:
        return UUID(_serializer().loads(token))
    except BadSignature:
        raise NotFound from None


def number_of(question_id: UUID) -> str:
    """Return the private link as ten digits, to write down or read aloud.

    Derived from a key outside the database and stored nowhere, so it works until the question is deleted.
    """
    return _number(pseudonyms.room_key(NUMBERS), question_id)


def question_by_number(number: str) -> UUID | None:
    """Find the question of this number, or None. The route has a rate limit against guessing."""
    if len(number) != NUMBER_DIGITS or not number.isdecimal():
        return None
    key = pseudonyms.room_key(NUMBERS)
    return next(
        (each for each in db.session.scalars(select(Question.id)) if _number(key, each) == number), None
    )


@lru_cache(maxsize=10_000)  # the questions of a day: looked through for each number that somebody types
def _number(key: bytes, question_id: UUID) -> str:
    digest = hmac.digest(key, f"way back {question_id}".encode(), "sha256")
    return f"{int.from_bytes(digest[:16]) % 10**NUMBER_DIGITS:0{NUMBER_DIGITS}d}"


def _serializer() -> URLSafeSerializer:
    return link_serializer("way-back")
