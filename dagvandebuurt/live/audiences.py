"""Names of groups of listeners. Built here only; a client never sends one."""

from enum import StrEnum
from uuid import UUID

NAMESPACE = "/live"


class Audience(StrEnum):
    """As wide as one permission, so that a message needs no check for each listener."""

    HALL = "hall"  # everybody in the room
    DESK = "desk"  # its moderators


def name_of(room_id: UUID, audience: Audience) -> str:
    """The Socket.IO room of an audience."""
    return f"{audience}:{room_id}"


def own(room_id: UUID, author_key: str) -> str:
    """One person's own things in a room, on all of their devices."""
    return f"own:{room_id}:{author_key}"
