"""Heartbeats of the live rooms, stored as visits; presence counted from them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.attendance import rules
from dagvandebuurt.attendance.queries import present_in
from dagvandebuurt.core.db import db
from dagvandebuurt.live.provider import Beat
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import ProgrammeSession


def keep(beats: Iterable[Beat]) -> None:
    """Store heartbeats; those of deleted rooms or people are dropped."""
    beats = list(beats)
    wanted = {(beat.room_id, beat.person_id): beat.at for beat in beats if beat.person_id}
    read = {(beat.room_id, beat.reader): beat.at for beat in beats if beat.reader and not beat.person_id}
    sessions = set(
        db.session.scalars(
            select(ProgrammeSession.id).where(ProgrammeSession.id.in_({beat.room_id for beat in beats}))
        )
    )
    # Lock against a concurrent opt-out of the list.
    people = set(
        db.session.scalars(
            select(Person.id)
            .where(Person.id.in_({person for _, person in wanted}))
            .order_by(Person.id)
            .with_for_update(read=True, key_share=True)
        )
    )
    rules.keep_beats({key: at for key, at in wanted.items() if key[0] in sessions and key[1] in people})
    rules.keep_readers({key: at for key, at in read.items() if key[0] in sessions})
    rules.forget_readers({(beat.room_id, beat.reader) for beat in beats if beat.reader and beat.person_id})


def count(room_id: UUID, since: datetime, *, named: bool = False) -> int:
    """Count different people, not devices; of those without a name different browsers."""
    return present_in([room_id], since=since, named=named).get(room_id, 0)
