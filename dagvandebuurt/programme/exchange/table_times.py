"""Begin and end of a table row, from day, times and duration in whichever columns."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from dagvandebuurt.core.clock import AMSTERDAM
from dagvandebuurt.programme.exchange import durations, notations, parse
from dagvandebuurt.programme.exchange.grid import is_blank, shown
from dagvandebuurt.programme.exchange.notations import Day
from dagvandebuurt.programme.exchange.repairs import Findings
from dagvandebuurt.programme.exchange.table_rows import TableRow

_PLAIN_TIME = re.compile(r"^\d{1,2}[:.uh]\d{2}(:00)?( ?u(ur)?)?([+-]\d{2}:?\d{2})?$")
Clock = tuple[time, tzinfo | None]


@dataclass(frozen=True)
class When:
    """Begin and end. `is_guessed`: the end is a default."""

    begins: datetime
    ends: datetime
    is_guessed: bool = False


def when_of(told: TableRow, findings: Findings, near: date | None) -> When | None:
    """Return local begin and end (Europe/Amsterdam); None with the error noted."""
    cells = told.cells
    begin, end = _apart(cells)
    day = _day(cells, begin, told, near)
    start = _clock(begin)
    if day is None or start is None:
        name, cell, good = ("Datum", cells.get("date"), notations.GOOD_DATE) if day is None else (
            "Begin", cells.get("start"), notations.GOOD_TIME)  # fmt: skip
        findings.failed(told.line, f"{name} is niet te lezen", shown(cell), good=good)
        return None
    _tell(told.line, cells, day, start, findings)
    begins = parse.placed(datetime.combine(day.date, start[0], start[1]), AMSTERDAM, told.line, findings)
    return _ending(told, day.date, begins, start, end, findings)


def _apart(cells: dict[str, Any]) -> tuple[Any, Any]:
    """Split begin and end: a cell may hold two times, or a day and a time."""
    begin, end = cells.get("start"), cells.get("end")
    if is_blank(begin) and not isinstance(cells.get("date"), date):
        begin = _behind(cells.get("date"))
    both = notations.clock_range(begin) or notations.clock_range(_behind(begin))
    if both is not None:
        return both[0], (end if not is_blank(end) else both[1])
    return begin, end


def _behind(cell: Any) -> str:
    found = notations.day_and_rest(cell)
    return found[1] if found is not None else ""


def _clock(cell: Any, *, is_end: bool = False) -> Clock | None:
    return notations.clock_time(cell, is_end=is_end) or notations.clock_time(_behind(cell), is_end=is_end)


def _day(cells: dict[str, Any], begin: Any, told: TableRow, near: date | None) -> Day | None:
    """Return its own day, else the day before its time, else the one above it."""
    cell = cells.get("date")
    if not is_blank(cell):
        found = notations.day(cell, near)
        if found is None:
            both = notations.day_and_rest(cell, near)
            found = both[0] if both is not None else None
        return found
    for each in (cells.get("start"), begin):
        if isinstance(each, datetime) and each.year in notations.YEARS:
            return Day(each.date())
        both = notations.day_and_rest(each, near)
        if both is not None:
            return both[0]
    return Day(told.day) if told.day is not None else None


def _tell(line: int, cells: dict[str, Any], day: Day, start: Clock, findings: Findings) -> None:
    """Report how an unusual notation was read."""
    if not day.has_year:
        findings.repaired(line, "datum zonder jaar", shown(cells.get("date")), f"{day.date:%d-%m-%Y}")
    if day.is_serial:
        findings.repaired(line, "datum als getal", shown(cells.get("date")), f"{day.date:%d-%m-%Y}")
    if day.wrong_weekday:
        right = f"{parse.day_in_words(day.date)} {day.date.year}"
        findings.repaired(line, "dag van de week klopt niet", shown(cells.get("date")), right)
    cell = cells.get("start")
    if isinstance(cell, str) and not is_blank(cell) and not _PLAIN_TIME.match(notations.tidy(cell)):
        findings.repaired(line, "begin", cell, f"{start[0]:%H:%M}")


def _ending(told: TableRow, day: date, begins: datetime, start: Clock, end: Any, findings: Findings) -> When:
    cells, line = told.cells, told.line
    clock = _clock(end, is_end=True)
    cell = cells.get("duration")
    lasts = durations.length(cell, unit=told.unit)
    if (
        lasts is not None
        and isinstance(cell, str)
        and re.search(r"\d[.,]\d", cell)
        and not re.search("[a-z]", cell)
    ):
        findings.repaired(line, "duur", cell, f"{round(lasts.total_seconds() / 60)} minuten")
    if clock is not None:
        ends = _end_of(day, start, clock, end, line, findings)
        if lasts is not None and ends - begins != lasts:
            findings.repaired(line, "duur en einde verschillen", shown(cell), f"einde {shown(end)}")
        return When(begins, ends)
    for name, said in (("einde", end), ("duur", cell)):
        if not is_blank(said) and (name == "einde" or lasts is None):
            findings.repaired(line, name, shown(said), _in_minutes(lasts or parse.A_WHILE))
    if lasts is None and is_blank(end) and is_blank(cell):
        findings.repaired(line, "einde", "", _in_minutes(parse.A_WHILE))
    return When(begins, begins + (lasts or parse.A_WHILE), is_guessed=lasts is None)


def _in_minutes(lasts: timedelta) -> str:
    return f"{round(lasts.total_seconds() / 60)} minuten na het begin"


def _end_of(day: date, start: Clock, end: Clock, cell: Any, line: int, findings: Findings) -> datetime:
    """Return the end on its own day, else on that of the begin or, past midnight, the next."""
    both = notations.day_and_rest(cell)
    own = both[0].date if both is not None else cell.date() if isinstance(cell, datetime) else None
    if own is not None and timedelta() <= own - day <= durations.LONGEST:
        found = datetime.combine(own, end[0], end[1])
        if own > day or end[0] > start[0]:
            return parse.placed(found, AMSTERDAM, line, findings)
    ends = datetime.combine(day, end[0], end[1])
    if ends.replace(tzinfo=None) <= datetime.combine(day, start[0]) and not (end[1] and start[1]):
        ends += timedelta(days=1)  # past midnight
    return parse.placed(ends, AMSTERDAM, line, findings)
