"""Timestamp coarsening: stored moments are rounded so that they cannot be joined to a person's actions."""

from datetime import UTC, datetime, timedelta


def to_nearest(moment: datetime, step: timedelta) -> datetime:
    """Round `moment`, in UTC, to the nearest whole `step`, for timestamps that could identify a person by
    their timing.

    `step` divides a day. The error is at most half a step, and order is preserved.
    """
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + round((moment - day) / step) * step


def to_the_hour(moment: datetime) -> datetime:
    """Round `moment` down to the hour."""
    return moment.replace(minute=0, second=0, microsecond=0)
