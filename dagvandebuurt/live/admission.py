"""Admission to live rooms: authentication of the handshake and authorisation per room, provided by the
sections."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Request

from dagvandebuurt.core.errors import NotFound, RuleBroken
from dagvandebuurt.live.provider import Admission, provider


def rooms_as_they_are(room_ids: Sequence[UUID]) -> Mapping[UUID, dict[str, Any]]:
    """Return the public state of these rooms now. Needs an app context."""
    return provider().rooms_as_they_are(room_ids) if room_ids else {}


def who_is(request: Request, token: str) -> Any:
    return provider().who_is(request, token)


def admit(actor: Any, room_id: UUID) -> Admission:
    """Admit one person. Raises NotFound for an unknown room, NotAllowed where this person may not enter
    (yet)."""
    decision = admit_all([actor], room_id)[0]
    if isinstance(decision, RuleBroken):
        raise decision
    return decision


def admit_all(actors: Sequence[Any], room_id: UUID) -> Sequence[Admission | RuleBroken]:
    """Admit many at once, in their order; each gets an admission or a refusal."""
    decisions = provider().admit_all(actors, room_id)
    return [NotFound() for _ in actors] if decisions is None else decisions
