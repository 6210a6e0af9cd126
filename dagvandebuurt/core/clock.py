"""The clock: the only module that reads the current time, so that tests can set it."""

from datetime import UTC, date, datetime

from dagvandebuurt.core.timezone import AMSTERDAM, local, moments_at

__all__ = ["AMSTERDAM", "local", "moments_at", "now", "today"]


def now() -> datetime:
    """Return the current moment in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the current date in Amsterdam."""
    return local(now()).date()
