"""Private link of a report (capability URL), with or without an account. It names nobody."""

from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.signing import link_serializer
from dagvandebuurt.core.urls import path_for


def token_of(report_id: UUID) -> str:
    """Return the signed token of this report."""
    return _serializer().dumps(report_id.hex)


def path_to(report_id: UUID) -> str:
    """Return the private path of this report."""
    return path_for("moderation.report_back", token=token_of(report_id))


def report_of(token: str) -> UUID:
    """Return the report of a token. Raises NotFound for a token that was not issued here."""
    try:
        return UUID(_serializer().loads(token))
    except (BadSignature, ValueError):
        raise NotFound from None


def _serializer() -> URLSafeSerializer:
    return link_serializer("report")
