"""Moments kept no more exactly than they are needed: to the second they say who did what."""

from datetime import UTC, datetime, timedelta


def to_nearest(moment: datetime, step: timedelta) -> datetime:
    """`moment`, in UTC, to the nearest whole number of `step`: as exactly as something is kept that would
    otherwise time a person. Steps divide a day. Never out by more than half a step, and never turns order."""
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + round((moment - day) / step) * step


def to_the_hour(moment: datetime) -> datetime:
    """The hour that `moment` is in."""
    return moment.replace(minute=0, second=0, microsecond=0)
