"""Audiences: groups of sockets with the same permissions. Named here only; a client never sends one."""

from enum import StrEnum
from uuid import UUID

NAMESPACE = "/live"


class Audience(StrEnum):
    """Audience as wide as one permission, so that a message needs no check per recipient."""

    HALL = "hall"  # everybody in the room
    DESK = "desk"  # its moderators


def name_of(room_id: UUID, audience: Audience) -> str:
    """Return the Socket.IO room of an audience."""
    return f"{audience}:{room_id}"


def own(room_id: UUID, author_key: str) -> str:
    """Return the audience of one person in a room: all of their devices."""
    return f"own:{room_id}:{author_key}"
