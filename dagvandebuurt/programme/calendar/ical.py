"""iCalendar files, feeds and invitations of the programme (RFC 5545, RFC 5546)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import blake2b
from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, current_app, request
from icalendar import Alarm, Event, vCalAddress, vText, vUri

from dagvandebuurt.core import ical
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import language
from dagvandebuurt.parts.branding.mailbox import published_mailbox, sending_mailbox
from dagvandebuurt.parts.branding.queries import brand
from dagvandebuurt.programme.labels import place_in_words
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionStatus, VenueKind

ICAL_STATUS = {SessionStatus.SCHEDULED: "CONFIRMED", SessionStatus.CANCELLED: "CANCELLED"}
ALARM_MINUTES = 15


@dataclass(frozen=True)
class Guest:
    """Attendee of an invitation, as a calendar names them."""

    name: str
    email: str


def calendar_of(
    name: str,
    sessions: Iterable[ProgrammeSession],
    *,
    source: str | None = None,
    alarm: bool = False,
    tentative: frozenset[UUID] = frozenset(),
) -> bytes:
    """Build a calendar of `sessions` in UTF-8 with CRLF, byte-identical for the same data.

    A cancelled session stays, as CANCELLED: calendars that already have it must be told. `tentative` are
    those in which the reader is on the waiting list. With `alarm` each has an alarm a quarter of an hour
    before.
    """
    calendar = ical.new_calendar(name, source=source)
    for session in sessions:
        if session.status in ICAL_STATUS:
            waits = session.id in tentative
            calendar.add_component(_vevent(session, alarm=alarm, waits=waits))
    return ical.as_bytes(calendar)


def calendar_response(
    name: str, sessions: Iterable[ProgrammeSession], *, filename: str, alarm: bool = False
) -> Response:
    """Return `calendar_of` as a download. `filename` is ours, never a visitor's."""
    return as_download(calendar_of(name, sessions, alarm=alarm), filename=filename)


def as_download(calendar: bytes, *, filename: str) -> Response:
    """Return a calendar file with an ETag, or 304 when the client already has it."""
    response = Response(calendar, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(blake2b(calendar, digest_size=16).hexdigest())
    return response.make_conditional(request)  # type: ignore[return-value]


def invitation(session: ProgrammeSession, guest: Guest, *, now: datetime) -> bytes:
    """Build the iTIP message for one guest: REQUEST to add or move it, CANCEL when it is cancelled.

    RFC 5546, 3.2.2 and 3.2.5. `now` distinguishes a second message of the same SEQUENCE from the first.
    """
    method = "CANCEL" if session.status is SessionStatus.CANCELLED else "REQUEST"
    return _message(method, session, guest, now=now)


def withdrawal(session: ProgrammeSession, guest: Guest, *, now: datetime) -> bytes:
    """Build the iTIP message for one guest who no longer comes, while the session is still held."""
    return _message("CANCEL", session, guest, now=now)


def _message(method: str, session: ProgrammeSession, guest: Guest, *, now: datetime) -> bytes:
    calendar = ical.new_calendar(brand.name, method=method)
    vevent = _vevent(session, waits=False)
    del vevent["dtstamp"]
    vevent.add("dtstamp", ical.utc(now))
    if method == "CANCEL":
        vevent["status"] = "CANCELLED"
    attendee = vCalAddress(f"mailto:{guest.email}")
    attendee.params["cn"] = vText(guest.name)
    # They chose it themselves: no reply is expected.
    attendee.params["partstat"] = "DECLINED" if method == "CANCEL" else "ACCEPTED"
    attendee.params["rsvp"] = "FALSE"
    vevent.add("attendee", attendee, encode=False)
    calendar.add_component(vevent)
    return ical.as_bytes(calendar)


def room_address(session: ProgrammeSession) -> str:
    """Return the page on which one joins: the same one in every calendar, mail and button."""
    return f"{current_app.config['PUBLIC_URL']}/sessies/{session.slug}/live"


def described(session: ProgrammeSession) -> str:
    """Return in plain text what it is about and how to join."""
    lines = [
        session.summary,
        place_in_words(session),
        _("Ga naar de sessie: %(url)s", url=room_address(session)),
    ]
    return "\n\n".join(line for line in lines if line)


def location_of(session: ProgrammeSession) -> str:
    """Return the location: the page to join on, or the building with it."""
    venue = session.venue
    if venue is not None and venue.kind is VenueKind.LOCATION:
        return f"{place_in_words(session)} ({room_address(session)})"
    return room_address(session)


def _vevent(session: ProgrammeSession, *, waits: bool, alarm: bool = False) -> Event:
    room = room_address(session)
    vevent = Event()
    vevent.add("uid", ical.uid_of(session.id))
    # When it changed, not when it was requested: the same data gives the same file.
    vevent.add("dtstamp", ical.utc(session.changed_at))
    vevent.add("last-modified", ical.utc(session.changed_at))
    vevent.add("sequence", session.sequence)
    vevent.add("status", _status(session, waits))
    vevent.add("dtstart", ical.utc(session.starts_at))
    vevent.add("dtend", ical.utc(session.ends_at))
    vevent.add("summary", _("Wachtlijst: %(title)s", title=session.title) if waits else session.title)
    vevent.add("description", described(session))
    vevent.add("location", location_of(session))
    vevent.add("url", vUri(room))
    vevent.add("organizer", _organiser(session), encode=False)
    vevent.add("categories", [theme.label for theme in session.themes])
    vevent.add("transp", "TRANSPARENT" if waits else "OPAQUE")
    if alarm and session.status is SessionStatus.SCHEDULED and not waits:
        vevent.add_component(_alarm(session.title))
    return vevent


def _status(session: ProgrammeSession, waits: bool) -> str:
    return "TENTATIVE" if waits and session.status is SessionStatus.SCHEDULED else ICAL_STATUS[session.status]


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(minutes=-ALARM_MINUTES))
    return alarm


def _organiser(session: ProgrammeSession) -> vCalAddress:
    """Return the platform as organiser. RFC 5546 requires one, also in published calendars."""
    name = parseaddr(current_app.config["MAIL_FROM"])[0]
    address = sending_mailbox() or published_mailbox(session.edition.contact_email)
    address = address or f"noreply@{urlsplit(current_app.config['PUBLIC_URL']).hostname}"
    organiser = vCalAddress(f"mailto:{address}")
    organiser.params["cn"] = vText(brand.sender_or(name))
    return organiser


_whole: dict[tuple[UUID, str, bool, str], tuple[str, bytes]] = {}


def whole_programme(
    edition: Edition,
    find: Callable[[], Iterable[ProgrammeSession]],
    *,
    alarm: bool = False,
    path: str = "/programma.ics",
) -> bytes:
    """Return the calendar of the whole edition, cached by version, language and process. `find` is called on
    a miss only.
    """
    public = current_app.config["PUBLIC_URL"]
    key, version = (
        (edition.id, language(), alarm, path),
        f"{edition.programme_version} {public} {brand.fingerprint}",
    )
    made = _whole.get(key)
    if made is None or made[0] != version:
        made = version, calendar_of(brand.name, find(), source=f"{public}{path}", alarm=alarm)
        _whole[key] = made
    return made[1]
