"""What organisers can find out about who was there."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dagvandebuurt.attendance.models import Visit
from dagvandebuurt.attendance.spans import time_present
from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import ProgrammeSession


@dataclass(frozen=True)
class Attendance:
    """One person in one session: all their visits together, from the lobby to the end."""

    session: ProgrammeSession
    person: Person
    first_seen_at: datetime
    last_seen_at: datetime
    present: timedelta

    @property
    def minutes(self) -> int:
        """Whole minutes, rounded down: never more than real."""
        return int(self.present.total_seconds() // 60)


def attendance_of(sessions: list[ProgrammeSession]) -> list[Attendance]:
    """Everybody who was in one of `sessions`, by session and name."""
    known = {session.id: session for session in sessions}
    visits = db.session.scalars(
        select(Visit).where(Visit.session_id.in_(known)).options(joinedload(Visit.person))
    )
    together: dict[tuple[object, object], list[Visit]] = defaultdict(list)
    for visit in visits:
        together[visit.session_id, visit.person_id].append(visit)
    found = [_joined(known[each[0].session_id], each) for each in together.values()]
    return sorted(
        found, key=lambda a: (a.session.starts_at, a.session.title, a.person.name, str(a.person.id))
    )


def _joined(session: ProgrammeSession, visits: list[Visit]) -> Attendance:
    return Attendance(
        session,
        visits[0].person,
        min(visit.first_seen_at for visit in visits),
        max(visit.last_seen_at for visit in visits),
        time_present(
            [(visit.first_seen_at, visit.last_seen_at) for visit in visits],
            opens=session.opens_at,
            closes=session.ends_at,
        ),
    )
