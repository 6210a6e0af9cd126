"""The private way back: a link that shows one question to whoever has it, on any device.

An anonymous asker without an account has nothing else to find their question by. The link names no
person, and nothing that is kept says who has it. It shows what became of that question, and nothing of
the others of the same asker.
"""

from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from dagvandebuurt.core.errors import NotFound


def path_to(question_id: UUID) -> str:
    """The path that belongs to this question. 160 bits of it cannot be guessed."""
    return f"/vragen/terug/{_serializer().dumps(question_id.hex)}"


def question_of(token: str) -> UUID:
    """Raises NotFound for a token we did not make."""
    try:
        return UUID(_serializer().loads(token))
    except BadSignature:
        raise NotFound from None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="way-back")
