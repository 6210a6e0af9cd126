"""What every calendar file of the house shares (RFC 5545, RFC 7986)."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app
from icalendar import Calendar, vDuration, vUri

PRODID = "-//dagvandebuurt//programme//NL"
REFRESH = "PT30M"


def new_calendar(name: str, *, source: str | None = None, method: str = "PUBLISH") -> Calendar:
    """An empty VCALENDAR. `source` is its address when it can be subscribed to."""
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


def uid_of(identity: object) -> str:
    """The UID of something for life: its own random id at the host people know."""
    host = urlsplit(current_app.config["PUBLIC_URL"]).hostname or "localhost"
    return f"{identity}@{host}"


def utc(moment: datetime) -> datetime:
    """Times go out in UTC: no time zone table for a calendar to misread, also in October's extra hour."""
    return moment.replace(microsecond=0)
