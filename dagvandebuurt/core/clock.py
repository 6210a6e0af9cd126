"""The only place that asks what time it is."""

from datetime import UTC, date, datetime, time
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


def moments_at(day: date, hour: time) -> list[datetime]:
    """The moments at which a clock on a wall in Amsterdam shows this, in UTC: none in the hour that March
    skips, two in the hour that October has twice, else one."""
    wall = datetime.combine(day, hour)
    found = {wall.replace(tzinfo=AMSTERDAM, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(moment for moment in found if local(moment).replace(tzinfo=None) == wall)
