"""Public statistics of moderation with small-cell suppression: reports, decisions, speed, reversals."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.moderation.models import Appeal, AppealStatus, Report, ReportedKind
from dagvandebuurt.moderation.states import UNDECIDED

FEWEST = 10  # smaller numbers are suppressed
Number = int | None  # None: fewer than FEWEST, but not zero


@dataclass(frozen=True)
class Year:
    """Calendar year, by date of the report. `hours` is the median from a report to its decision."""

    year: int
    reports: Number
    by_kind: dict[ReportedKind, Number]
    by_reason: dict[str, Number]
    waiting: Number
    upheld: Number
    dismissed: Number
    hours: int | None
    appeals: Number
    overturned: Number


def figures() -> list[Year]:
    """Return every year with a report or appeal, newest first. Two simple queries."""
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
    """Return a number as published."""
    return number if number == 0 or number >= FEWEST else None


def _counted(values: Iterable[str]) -> dict:  # type: ignore[type-arg]
    """Return the counts, largest first. When one is suppressed, so is the smallest other one: otherwise the
    total would reveal it (secondary suppression).
    """
    counts = Counter(values).most_common()
    shown = {value: told(count) for value, count in counts}
    if sum(number is None for number in shown.values()) == 1:
        large = [value for value, number in shown.items() if number is not None]
        if large:
            shown[large[-1]] = None
    return shown
