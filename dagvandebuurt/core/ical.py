"""iCalendar building blocks (RFC 5545, RFC 7986), shared by every calendar file and feed."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app
from icalendar import Calendar, Timezone, TimezoneDaylight, TimezoneStandard, vDuration, vUri

from dagvandebuurt.core.clock import AMSTERDAM

PRODID = "-//dagvandebuurt//programme//NL"
REFRESH = "PT30M"


def new_calendar(name: str, *, source: str | None = None, method: str = "PUBLISH") -> Calendar:
    """Return an empty VCALENDAR. `source` is its address when it can be subscribed to."""
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    if source is not None:
        # The library leaves out the VALUE that RFC 7986 (5.7, 5.8) asks for.
        calendar.add("refresh-interval", vDuration(timedelta(minutes=30)), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", REFRESH)
        calendar.add("source", vUri(source), parameters={"VALUE": "URI"})
    return calendar


def as_bytes(calendar: Calendar) -> bytes:
    """Serialise `calendar` in UTF-8 with CRLF and at least one component (RFC 5545, 3.4 and 3.6).

    An empty calendar gets a VTIMEZONE, which shows nothing and which every program accepts.
    """
    if not calendar.subcomponents:
        calendar.add_component(_time_zone())
    return bytes(calendar.to_ical())


def _time_zone() -> Timezone:
    zone = Timezone()
    zone.add("tzid", AMSTERDAM.key)
    for part, begins, month, before, after in (
        (TimezoneDaylight(), datetime(1981, 3, 29, 2), 3, 1, 2),  # noqa: DTZ001 - RFC 5545, 3.6.5: local time
        (TimezoneStandard(), datetime(1996, 10, 27, 3), 10, 2, 1),  # noqa: DTZ001
    ):
        part.add("dtstart", begins)
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(part)
    return zone


def uid_of(identity: object) -> str:
    """Return the permanent UID of an event: its random id at our host name."""
    host = urlsplit(current_app.config["PUBLIC_URL"]).hostname or "localhost"
    return f"{identity}@{host}"


def utc(moment: datetime) -> datetime:
    """Convert to UTC: no VTIMEZONE for a calendar program to misread, also in October's repeated hour."""
    return moment.replace(microsecond=0)
