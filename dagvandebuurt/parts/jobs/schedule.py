"""Crontab schedule of jobs, in UTC: the minute and hour fields."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

A_MINUTE = timedelta(minutes=1)
LOOKS_BACK = timedelta(days=1)  # what was missed for longer waits for its next time


def is_due(when: Mapping[str, str], minute: datetime) -> bool:
    """Return whether `minute` matches `when`: {"minute": "*/5", "hour": "3"}; a missing field matches all.

    Raises ValueError for anything but `*`, `*/n`, a number, `a-b`, and several of these with commas.
    """
    moment = minute.astimezone(UTC)
    return _fits(when.get("minute", "0" if "hour" in when else "*"), moment.minute) and _fits(
        when.get("hour", "*"), moment.hour
    )


def was_due(when: Mapping[str, str], after: datetime, until: datetime) -> bool:
    """Return whether a due minute began after `after` and not later than `until`."""
    minute = until.replace(second=0, microsecond=0)
    earliest = max(after, until - LOOKS_BACK)
    while minute > earliest:
        if is_due(when, minute):
            return True
        minute -= A_MINUTE
    return False


def check(when: Mapping[str, str]) -> None:
    """Validate a schedule at the start, not at three in the night. Raises ValueError."""
    unknown = set(when) - {"minute", "hour"}
    if unknown:
        raise ValueError(f"a job has a minute and an hour, not {', '.join(sorted(unknown))}")
    for field in when.values():
        _fits(field, -1)


def _fits(field: str, value: int) -> bool:
    fits = [_fits_part(part.strip(), value) for part in field.split(",")]  # validate all parts
    return any(fits)


def _fits_part(part: str, value: int) -> bool:
    if part == "*":
        return True
    if part.startswith("*/"):
        return value % int(part[2:]) == 0
    first, dash, last = part.partition("-")
    lowest, highest = int(first), int(last if dash else first)
    return lowest <= value <= highest
