"""Run of show: the parts of a session against the clock, early or late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.hosting.models import PartKind, RunOfShow, ShowPart
from dagvandebuurt.programme.models import Phase, ProgrammeSession

MOST_PARTS = 30
PART_KINDS = {
    PartKind.WELCOME: _l("Welkom"),
    PartKind.TALK: _l("Praatje"),
    PartKind.FILM: _l("Film"),
    PartKind.QUESTIONS: _l("Vragen"),
    PartKind.POLL: _l("Peiling"),
    PartKind.PAUSE: _l("Pauze"),
    PartKind.CLOSING: _l("Afsluiting"),
}


@dataclass(frozen=True, slots=True)
class Pace:
    """How a session goes against its plan.

    `late` is in whole minutes: below zero it is early. `left` are the minutes of the current part, below zero
    when it takes longer than planned. `ends_at` is when the last part ends at this pace.
    """

    parts: Sequence[tuple[ShowPart, datetime]]  # each with the moment at which it is planned
    current: ShowPart | None
    coming: ShowPart | None
    late: int
    left: int
    ends_at: datetime | None

    @property
    def is_pause(self) -> bool:
        return self.current is not None and self.current.kind is PartKind.PAUSE


def parts_of(session_id: UUID) -> list[ShowPart]:
    return list(
        db.session.scalars(
            select(ShowPart).where(ShowPart.session_id == session_id).order_by(ShowPart.position, ShowPart.id)
        ).all()
    )


def show_of(session_id: UUID) -> RunOfShow:
    """Return the plan of this session, or an empty one when nobody made any."""
    return db.session.get(RunOfShow, session_id) or RunOfShow(session_id=session_id, revision=0)


def pace_of(session: ProgrammeSession, now: datetime) -> Pace:
    return pace(parts_of(session.id), session.starts_at, session.phase_at(now), now)


def pace(parts: Sequence[ShowPart], starts_at: datetime, phase: Phase, now: datetime) -> Pace:
    """Calculate the pace. Before the first part began it is as late as the clock says; after the session
    nothing is current.
    """
    planned, moment = [], starts_at
    for part in parts:
        planned.append((part, moment))
        moment += timedelta(minutes=part.minutes)
    begun = [place for place, part in enumerate(parts) if part.begun_at is not None]
    at = begun[-1] if begun and phase is not Phase.ENDED else None
    if at is None:
        coming = parts[0] if parts and not begun else None
        late = _minutes(now - starts_at) if coming and phase is Phase.LIVE else 0
        return Pace(planned, None, coming, max(0, late), 0, None)
    current, begins = parts[at], parts[at].begun_at
    assert begins is not None
    should_end = planned[at][1] + timedelta(minutes=current.minutes)
    ends = begins + timedelta(minutes=current.minutes)
    really = max(ends, now)
    rest = sum((timedelta(minutes=part.minutes) for part in parts[at + 1 :]), timedelta())
    return Pace(
        planned,
        current,
        parts[at + 1] if at + 1 < len(parts) else None,
        _minutes(really - should_end),
        _minutes(ends - now),
        really + rest,
    )


def _minutes(span: timedelta) -> int:
    """Return whole minutes, towards zero: 59 seconds late is in time."""
    return int(span.total_seconds() / 60)
