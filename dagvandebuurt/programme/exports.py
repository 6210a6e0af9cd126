"""The programme as a calendar file."""

from collections.abc import Iterable

from flask import Response, current_app
from icalendar import Event, vUri

from dagvandebuurt.core import ical
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus

ICAL_STATUS = {SessionStatus.SCHEDULED: "CONFIRMED", SessionStatus.CANCELLED: "CANCELLED"}


def calendar_of(name: str, sessions: Iterable[ProgrammeSession], *, source: str | None = None) -> bytes:
    """A calendar file of `sessions` in UTF-8 with CRLF, the same bytes for the same data.

    A cancelled session stays, as CANCELLED: calendars that already have it must hear of it.
    """
    calendar = ical.new_calendar(name, source=source)
    for session in sessions:
        if session.status in ICAL_STATUS:
            calendar.add_component(_vevent(session))
    return bytes(calendar.to_ical())


def calendar_response(name: str, sessions: Iterable[ProgrammeSession], *, filename: str) -> Response:
    """`calendar_of` as a download. `filename` is ours, never a visitor's."""
    response = Response(calendar_of(name, sessions), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _vevent(session: ProgrammeSession) -> Event:
    public = current_app.config["PUBLIC_URL"]
    room = f"{public}/sessies/{session.slug}/live"
    vevent = Event()
    vevent.add("uid", ical.uid_of(session.id))
    # When it changed, not when somebody looked: the same data gives the same file.
    vevent.add("dtstamp", ical.utc(session.changed_at))
    vevent.add("last-modified", ical.utc(session.changed_at))
    vevent.add("sequence", session.sequence)
    vevent.add("status", ICAL_STATUS[session.status])
    vevent.add("dtstart", ical.utc(session.starts_at))
    vevent.add("dtend", ical.utc(session.ends_at))
    vevent.add("summary", session.title)
    vevent.add("description", f"{session.summary}\n\n{room}")
    vevent.add("location", room)
    vevent.add("url", vUri(room))
    vevent.add("categories", [theme.label for theme in session.themes])
    vevent.add("transp", "OPAQUE")
    return vevent
