"""The clock: the only module that reads the current time, so that tests can set it."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """Return the current moment in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """Convert `moment` to local time in Amsterdam."""
    return moment.astimezone(AMSTERDAM)


def today() -> date:
    """Return the current date in Amsterdam."""
    return local(now()).date()


def moments_at(day: date, hour: time) -> list[datetime]:
    """Return the UTC moments of this local time in Amsterdam: none inside the hour that the March change
    skips, two inside the hour that October repeats, else one."""
    wall = datetime.combine(day, hour)
    found = {wall.replace(tzinfo=AMSTERDAM, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(moment for moment in found if local(moment).replace(tzinfo=None) == wall)
