"""The private way back: a link that shows one question to whoever has it, on any device.

An anonymous asker without an account has nothing else to find their question by. The link names no
person, and nothing that is kept says who has it. It shows what became of that question, and nothing of
the others of the same asker.
"""

import hmac
from functools import lru_cache
from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.qanda.models import Question

NUMBER_DIGITS = 10
NUMBERS = UUID("7b1d0f1e-0000-4000-8000-6e756d626572")  # its key outlives those of the rooms


def path_to(question_id: UUID) -> str:
    """The path that belongs to this question. 160 bits of it cannot be guessed."""
    return f"/vragen/terug/{_serializer().dumps(question_id.hex)}"


def question_of(token: str) -> UUID:
    """Raises NotFound for a token we did not make."""
    try:
        return UUID(_serializer().loads(token))
    except BadSignature:
        raise NotFound from None


def number_of(question_id: UUID) -> str:
    """The same way as ten digits, to write down or read aloud. Derived from a key outside the database and
    stored nowhere, so it works until the question is gone."""
    return _number(pseudonyms.room_key(NUMBERS), question_id)


def question_by_number(number: str) -> UUID | None:
    """Whose number this is; None for one that belongs to no question. Guessing is slowed at the door."""
    if len(number) != NUMBER_DIGITS or not number.isdecimal():
        return None
    key = pseudonyms.room_key(NUMBERS)
    return next(
        (each for each in db.session.scalars(select(Question.id)) if _number(key, each) == number), None
    )


@lru_cache(maxsize=50_000)
def _number(key: bytes, question_id: UUID) -> str:
    digest = hmac.digest(key, f"way back {question_id}".encode(), "sha256")
    return f"{int.from_bytes(digest[:16]) % 10**NUMBER_DIGITS:0{NUMBER_DIGITS}d}"


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="way-back")
