"""Statistics per organisation. Never per neighbourhood: none is ranked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dagvandebuurt.agenda.deadlines import days_late, days_until_answer, owes
from dagvandebuurt.agenda.models import FollowUp, FollowUpStatus

FINISHED = (FollowUpStatus.DONE, FollowUpStatus.CONFIRMED)
STATES = ("open", "late", "answered", "busy", "done")  # filters of the list


@dataclass(frozen=True)
class Figures:
    """Numbers of one organisation. `days` is its average time to answer; None without an answer. `promised`
    is within how many days it says it answers."""

    name: str
    asked: int
    answered: int
    late: int
    days: int | None
    promised: int


def by_organisation(points: Iterable[FollowUp], now: datetime) -> list[Figures]:
    """Calculate the numbers of each organisation that was asked something, by name."""
    theirs: dict[str, list[FollowUp]] = {}
    for point in points:
        if point.organisation is not None:
            theirs.setdefault(point.organisation.name, []).append(point)
    return [_figures(name, theirs[name], now) for name in sorted(theirs)]


def _figures(name: str, points: list[FollowUp], now: datetime) -> Figures:
    took = [days for point in points if (days := days_until_answer(point)) is not None]
    return Figures(
        name=name,
        asked=len(points),
        answered=len(took),
        late=sum(days_late(point, now) > 0 for point in points),
        days=round(sum(took) / len(took)) if took else None,
        promised=points[0].organisation.response_days if points[0].organisation else 0,
    )


def is_in(point: FollowUp, state: str, now: datetime) -> bool:
    """Tell whether a point belongs to one of STATES."""
    return {
        "open": owes(point),
        "late": days_late(point, now) > 0,
        "answered": point.status is FollowUpStatus.ANSWERED,
        "busy": point.status in (FollowUpStatus.IN_PROGRESS, FollowUpStatus.REOPENED),
        "done": point.status in FINISHED,
    }.get(state, True)
