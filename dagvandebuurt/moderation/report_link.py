"""The way back to a report: a link for who sent it, with or without an account. It names nobody."""

from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from dagvandebuurt.core.errors import NotFound


def path_to(report_id: UUID) -> str:
    """The path that belongs to this report."""
    return f"/meldingen/terug/{_serializer().dumps(report_id.hex)}"


def report_of(token: str) -> UUID:
    """Raises NotFound for a token we did not make."""
    try:
        return UUID(_serializer().loads(token))
    except (BadSignature, ValueError):
        raise NotFound from None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="report")
