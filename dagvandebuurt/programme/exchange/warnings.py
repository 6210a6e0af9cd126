"""Plausibility warnings of an import. None of them stops it: they are shown at the session."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median_low
from uuid import UUID

from dagvandebuurt.core.clock import AMSTERDAM
from dagvandebuurt.programme.editing.snapshot import EditionPlan, Plan, RecordKind
from dagvandebuurt.programme.exchange.document import ParsedSession

LONG, SHORT = timedelta(hours=6), timedelta(minutes=5)
NIGHT_BEGINS, NIGHT_ENDS = 23, 7  # local hours
FAR = timedelta(days=7)


class Doubt(StrEnum):
    LONG = "long"
    SHORT = "short"
    NIGHT = "night"
    FAR = "far"  # distance from the other sessions of the file
    OUTSIDE = "outside"  # the days of the edition
    ROUND = "round"  # outside the round it is in
    OTHER_DAY = "other_day"  # listed under a day that is not its own
    GUESSED = "guessed"  # the end is a default


def doubts_of(sessions: Sequence[ParsedSession], laid: Sequence[UUID], plan: Plan) -> list[list[Doubt]]:
    """Return the warnings for each session of the file, in its order."""
    middle = median_low([_day(said.values["starts_at"]).toordinal() for said in sessions]) if sessions else 0
    found = []
    for said, session_id in zip(sessions, laid, strict=True):
        starts_at, ends_at = said.values["starts_at"], said.values["ends_at"]
        lasts, day = ends_at - starts_at, _day(starts_at)
        hour = starts_at.astimezone(AMSTERDAM).hour
        is_far = len(sessions) > 2 and abs(day.toordinal() - middle) > FAR.days
        holds = {
            Doubt.LONG: lasts > LONG,
            Doubt.SHORT: lasts < SHORT,
            Doubt.NIGHT: hour >= NIGHT_BEGINS or hour < NIGHT_ENDS,
            Doubt.FAR: is_far,
            Doubt.OUTSIDE: not is_far and not _is_in(plan.edition, day),
            Doubt.ROUND: _is_outside_its_round(plan, session_id),
            Doubt.OTHER_DAY: said.is_under_another_day,
            Doubt.GUESSED: said.is_guessed,
        }
        found.append([doubt for doubt, is_so in holds.items() if is_so])
    return found


def _day(moment: datetime) -> date:
    return moment.astimezone(AMSTERDAM).date()


def _is_in(edition: EditionPlan, day: date) -> bool:
    return _day(edition.starts_at) <= day <= _day(edition.ends_at)


def _is_outside_its_round(plan: Plan, session_id: UUID) -> bool:
    session = plan.sessions[session_id]
    part = plan.things[RecordKind.ROUND].get(session.round)
    return part is not None and not part.starts_at <= session.starts_at < session.ends_at <= part.ends_at
