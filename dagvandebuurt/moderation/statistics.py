"""The numbers everybody may see: what was reported, what was decided, how fast, and how often that was
turned round. Small numbers are not told: they would tell of people."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.moderation.models import Appeal, AppealStatus, Kind, Report
from dagvandebuurt.moderation.states import UNDECIDED

FEWEST = 10  # below it a number is not told
Number = int | None  # None: fewer than FEWEST, and not none at all


@dataclass(frozen=True)
class Year:
    """One calendar year, by when it was reported. `hours` is the median from a report to its decision."""

    year: int
    reports: Number
    by_kind: dict[Kind, Number]
    by_reason: dict[str, Number]
    waiting: Number
    upheld: Number
    dismissed: Number
    hours: int | None
    appeals: Number
    overturned: Number


def figures() -> list[Year]:
    """Every year in which something was reported or contested, the newest first. Two plain queries."""
    reports = db.session.execute(
        select(Report.sent_at, Report.kind, Report.reason, Report.status, Report.is_upheld, Report.decided_at)
    ).all()
    appeals = db.session.execute(select(Appeal.sent_at, Appeal.status)).all()
    years = {clock.local(row.sent_at).year for row in (*reports, *appeals)}
    return [
        _year(
            year,
            [row for row in reports if clock.local(row.sent_at).year == year],
            [row.status for row in appeals if clock.local(row.sent_at).year == year],
        )
        for year in sorted(years, reverse=True)
    ]


def _year(year: int, reports: list, appeals: list[AppealStatus]) -> Year:  # type: ignore[type-arg]
    decided = [row for row in reports if row.decided_at is not None]
    waits = [row.decided_at - row.sent_at for row in decided]
    return Year(
        year=year,
        reports=told(len(reports)),
        by_kind=_counted(row.kind for row in reports),
        by_reason=_counted(row.reason for row in reports),
        waiting=told(sum(row.status in UNDECIDED for row in reports)),
        upheld=told(sum(row.is_upheld is True for row in decided)),
        dismissed=told(sum(row.is_upheld is False for row in decided)),
        hours=round(median(waits) / timedelta(hours=1)) if len(waits) >= FEWEST else None,
        appeals=told(len(appeals)),
        overturned=told(sum(status is AppealStatus.GRANTED for status in appeals)),
    )


def told(number: int) -> Number:
    """A number as everybody may have it."""
    return number if number == 0 or number >= FEWEST else None


def _counted(values: Iterable[str]) -> dict:  # type: ignore[type-arg]
    """The largest first. When one of them is too small to tell, so is the smallest that could be told:
    with the total, the one that is missing could be reckoned out."""
    counts = Counter(values).most_common()
    shown = {value: told(count) for value, count in counts}
    if sum(number is None for number in shown.values()) == 1:
        large = [value for value, number in shown.items() if number is not None]
        if large:
            shown[large[-1]] = None
    return shown
