"""Dutch wall-clock time of a moment: pure functions, that commands may use."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def local(moment: datetime) -> datetime:
    """Convert `moment` to local time in Amsterdam."""
    return moment.astimezone(AMSTERDAM)


def moments_at(day: date, hour: time) -> list[datetime]:
    """Return the UTC moments of this local time in Amsterdam: none inside the hour that the March change
    skips, two inside the hour that October repeats, else one."""
    wall = datetime.combine(day, hour)
    found = {wall.replace(tzinfo=AMSTERDAM, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(moment for moment in found if local(moment).replace(tzinfo=None) == wall)
