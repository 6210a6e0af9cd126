"""Keeps the beats of the live rooms, and counts who is there."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from dagvandebuurt.attendance import rules
from dagvandebuurt.attendance.models import Visit
from dagvandebuurt.core.db import db
from dagvandebuurt.live.presence import Beat, counts_presence, keeps_beats
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import ProgrammeSession


@keeps_beats
def keep(beats: Iterable[Beat]) -> None:
    """Beats of rooms or people that are gone meanwhile are dropped."""
    wanted = {(beat.room_id, beat.person_id): beat.at for beat in beats}
    sessions = set(_present(ProgrammeSession.id, {room for room, _ in wanted}))
    people = set(_present(Person.id, {person for _, person in wanted}))
    rules.keep_beats({key: at for key, at in wanted.items() if key[0] in sessions and key[1] in people})


def _present(column: object, ids: set[UUID]) -> Iterable[UUID]:
    return db.session.scalars(select(column).where(column.in_(ids)))  # type: ignore[call-overload,attr-defined,no-any-return]


@counts_presence
def count(room_id: UUID, since: datetime) -> int:
    """Different people, not devices."""
    found = db.session.scalar(
        select(func.count(Visit.person_id.distinct())).where(
            Visit.session_id == room_id, Visit.last_seen_at >= since
        )
    )
    return found or 0
