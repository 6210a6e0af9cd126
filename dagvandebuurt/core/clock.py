"""The only place that asks what time it is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """`moment` as a clock on a wall in Amsterdam shows it."""
    return moment.astimezone(AMSTERDAM)


def today() -> date:
    """The date in Amsterdam: what people here mean by today."""
    return local(now()).date()
