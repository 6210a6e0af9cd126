"""Begin and end of an event record, in whichever of its fields they are."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from dagvandebuurt.programme.exchange import durations, notations, parse
from dagvandebuurt.programme.exchange.document import Record
from dagvandebuurt.programme.exchange.repairs import Findings

GOOD_MOMENT = "2027-01-28T13:00:00+01:00"
EVENING_BEFORE = time(4)  # default of the time until which it counts as the day before


@dataclass(frozen=True)
class Frame:
    """Settings shared by the sessions of a file: its time zone (and whether it names one), its time step, the
    time until which it is the evening before, and whether durations have seconds.
    """

    zone: tzinfo
    slot: timedelta
    findings: Findings
    names_zone: bool = False
    day_change: time | None = None
    has_seconds: bool = False


def starts_at_of(raw: Record, line: int, frame: Frame, under: date | None) -> datetime | None:
    """Return the start: `date`, or a day with a time in `start`, or the day it is listed under with a time in
    `start`.
    """
    found = _said_moment(raw)
    if found is None and under is not None:
        found = _under_day(raw, under, line, frame)
    if found is None:
        return None
    if found.tzinfo is None:
        found = parse.placed(found, frame.zone, line, frame.findings)
        raw["date"] = found.isoformat()
        return found
    return _on_its_clock(found, raw, line, frame)


def _said_moment(raw: Record) -> datetime | None:
    said = raw.get("date")
    clock = parse.clock_time(raw.get("start"))
    found = parse.moment(said)
    if found is not None and len(str(said).strip()) > 10:
        return found
    day = found.date() if found is not None else parse.day(said)
    if day is not None:  # a day only: the time is in `start`
        if clock is None:
            both = notations.day_and_rest(said)
            clock = parse.clock_time(both[1]) if both is not None else None
        return datetime.combine(day, clock[0], clock[1]) if clock is not None else None
    return parse.moment(raw.get("start")) if not said else None


def _under_day(raw: Record, under: date, line: int, frame: Frame) -> datetime | None:
    clock = parse.clock_time(raw.get("start"))
    if clock is None or raw.get("date"):
        return None
    is_next = clock[0] < (frame.day_change or EVENING_BEFORE)
    found = datetime.combine(under + timedelta(days=is_next), clock[0], clock[1])
    raw["date"] = found.isoformat()
    if is_next:
        frame.findings.repaired(
            line, "na middernacht", f"{under:%d-%m-%Y} {clock[0]:%H:%M}", f"{found:%d-%m-%Y %H:%M}"
        )
    return found


def _on_its_clock(found: datetime, raw: Record, line: int, frame: Frame) -> datetime:
    """Correct a wrong UTC offset.

    Where `date` and `start` agree in local time but the offset is not that of the conference on that day (an
    hour off when summer time starts), the local time is right. Reported only where the file names no time
    zone.
    """
    clock = parse.clock_time(raw.get("start"))
    local = found.astimezone(frame.zone)
    if clock is None or clock[0] == local.time() or clock[0] != found.time():
        return found
    placed = found.replace(tzinfo=frame.zone)
    others = {datetime(found.year, month, 1, tzinfo=frame.zone).utcoffset() for month in (1, 7)}
    if found.utcoffset() not in others:  # another zone altogether, which may well be right
        return found
    if not frame.names_zone:
        frame.findings.repaired(line, "tijdverschil", raw.get("date"), f"{local:%H:%M} op de klok hier")
        return found
    raw["date"] = placed.isoformat()
    frame.findings.repaired(line, "verkeerd tijdverschil", found.isoformat(), raw["date"])
    return placed


def ends_at_of(raw: Record, starts_at: datetime, line: int, frame: Frame) -> tuple[datetime, bool]:
    """Return `end`, or else begin and `duration`; and True where neither was given and it is a default."""
    end = _end(raw.get("end"), starts_at)
    if end is not None:
        end = parse.placed(end, frame.zone, line, frame.findings)
        raw["end"] = end.isoformat() if not _has_zone(raw["end"]) else raw["end"]
        if end > starts_at:
            _tell_difference(raw, end - starts_at, line, frame)
            return end, False
    lasts = durations.length(raw.get("duration"), in_schedule=not frame.has_seconds)
    is_guessed = lasts is None
    if lasts is None:
        lasts = max(frame.slot, timedelta(minutes=5)) if frame.slot > timedelta(minutes=15) else parse.A_WHILE
        frame.findings.repaired(line, "duur", raw.get("duration") or raw.get("end"), duration_of(lasts))
        raw["duration"] = duration_of(lasts)
    raw.pop("end", None)
    return starts_at + lasts, is_guessed


def _tell_difference(raw: Record, lasts: timedelta, line: int, frame: Frame) -> None:
    said = durations.length(raw.get("duration"), in_schedule=not frame.has_seconds)
    if said is not None and said != lasts:
        frame.findings.repaired(line, "duur en einde verschillen", raw["duration"], duration_of(lasts))
        raw["duration"] = duration_of(lasts)


def _end(said: Any, starts_at: datetime) -> datetime | None:
    """Return a timestamp, or a time on the day of the begin."""
    found = parse.moment(said)
    clock = parse.clock_time(said) if found is None else None
    if clock is None:
        return found
    end = datetime.combine(starts_at.date(), clock[0], clock[1] or starts_at.tzinfo)
    return end if end > starts_at else end + timedelta(days=1)


def _has_zone(text: Any) -> bool:
    found = parse.moment(text)
    return found is not None and found.tzinfo is not None


def duration_of(lasts: timedelta) -> str:
    """Format `hh:mm`, also for more than a day."""
    minutes = int(lasts.total_seconds()) // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
