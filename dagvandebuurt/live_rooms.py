"""Live rooms of this app: the sections that know people, sessions and presence, put together for the live core."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Request

from dagvandebuurt.attendance import heartbeats
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.live.provider import Admission, Beat
from dagvandebuurt.people import queries as people
from dagvandebuurt.people.access import login
from dagvandebuurt.programme import session_rooms


class SessionRooms:
    """The live room of each session (`live.provider.LiveRoomProvider`)."""

    def who_is(self, request: Request, token: str) -> Any:
        return login.authenticate_socket(request, token)

    def admit_all(self, actors: Sequence[Any], room_id: UUID) -> Sequence[Admission | RuleBroken] | None:
        return session_rooms.admit_all(actors, room_id)

    def rooms_as_they_are(self, room_ids: Sequence[UUID]) -> Mapping[UUID, dict[str, Any]]:
        return session_rooms.as_they_are(room_ids)

    def keep_beats(self, beats: Iterable[Beat]) -> None:
        heartbeats.keep(beats)

    def count_present(self, room_id: UUID, since: datetime, *, named: bool = False) -> int:
        return heartbeats.count(room_id, since, named=named)

    def rights_revision(self) -> int:
        return people.rights_revision()

    def rights_changed_since(self, revision: int) -> set[UUID]:
        return people.rights_changed_since(revision)

    def actor_now(self, actor: Any) -> Any:
        return login.actor_now(actor)
