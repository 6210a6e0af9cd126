"""Admission to live rooms: authentication of the handshake and authorisation per room, provided by the
sections."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Request

from dagvandebuurt.core.errors import NotFound, RuleBroken
from dagvandebuurt.live.audiences import Audience


@dataclass(frozen=True)
class Admission:
    """Granted admission. `info` is what everybody inside may know about the room itself."""

    room_id: UUID
    audience: Audience
    info: dict[str, Any]


Recogniser = Callable[[Request, str], Any]
Doorkeeper = Callable[[Sequence[Any], UUID], Sequence[Admission | RuleBroken] | None]

_recognise: list[Recogniser] = []
_doorkeepers: list[Doorkeeper] = []


def recognise_with(recogniser: Recogniser) -> Recogniser:
    """Register the function that authenticates a handshake: `(request, token) → actor`.

    The token was printed in the page, so a foreign site that opens a socket does not have it (cross-site
    WebSocket hijacking, CVE-2019-13611). Raises NotAllowed for a wrong one.
    """
    _recognise[:] = [recogniser]
    return recogniser


def keeps_door(doorkeeper: Doorkeeper) -> Doorkeeper:
    """Register a function that decides for each of these people whether they may enter a live room, or why
    not; None for rooms of another section."""
    if doorkeeper not in _doorkeepers:
        _doorkeepers.append(doorkeeper)
    return doorkeeper


RoomTeller = Callable[[Sequence[UUID]], Mapping[UUID, dict[str, Any]]]
_tellers: list[RoomTeller] = []


def tells_rooms(teller: RoomTeller) -> RoomTeller:
    """Register a function that returns the public state of rooms: whether and when they end.

    It is called with every tick, so that no change of it needs a notification of its own.
    """
    _tellers[:] = [teller]
    return teller


def rooms_as_they_are(room_ids: Sequence[UUID]) -> Mapping[UUID, dict[str, Any]]:
    """Return the public state of these rooms now. Needs an app context."""
    return _tellers[0](room_ids) if _tellers and room_ids else {}


def who_is(request: Request, token: str) -> Any:
    return _recognise[0](request, token)


def admit(actor: Any, room_id: UUID) -> Admission:
    """Admit one person. Raises NotFound for an unknown room, NotAllowed where this person may not enter
    (yet)."""
    decision = admit_all([actor], room_id)[0]
    if isinstance(decision, RuleBroken):
        raise decision
    return decision


def admit_all(actors: Sequence[Any], room_id: UUID) -> Sequence[Admission | RuleBroken]:
    """Admit many at once, in their order; each gets an admission or a refusal."""
    for doorkeeper in _doorkeepers:
        decisions = doorkeeper(actors, room_id)
        if decisions is not None:
            return decisions
    return [NotFound() for _ in actors]
