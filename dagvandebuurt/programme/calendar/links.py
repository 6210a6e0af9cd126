"""Ways into somebody's own calendar by a link, where a calendar offers one. Nothing is loaded from there:
who presses goes there."""

from urllib.parse import quote, urlencode, urlsplit

from flask import current_app

from dagvandebuurt.programme.calendar.ical import described, location_of
from dagvandebuurt.programme.models import ProgrammeSession

GOOGLE, OUTLOOK = "https://calendar.google.com/calendar", "https://outlook.live.com/calendar/0"


def to_google(session: ProgrammeSession) -> str:
    """A form with this session filled in, at Google."""
    moments = f"{session.starts_at:%Y%m%dT%H%M%SZ}/{session.ends_at:%Y%m%dT%H%M%SZ}"
    return f"{GOOGLE}/render?" + urlencode(
        {
            "action": "TEMPLATE",
            "text": session.title,
            "dates": moments,
            "details": described(session),
            "location": location_of(session),
        },
        quote_via=quote,
    )


def to_outlook(session: ProgrammeSession) -> str:
    """The same at Outlook on the web."""
    return f"{OUTLOOK}/deeplink/compose?" + urlencode(
        {
            "path": "/calendar/action/compose",
            "rru": "addevent",
            "subject": session.title,
            "startdt": f"{session.starts_at:%Y-%m-%dT%H:%M:%SZ}",
            "enddt": f"{session.ends_at:%Y-%m-%dT%H:%M:%SZ}",
            "body": described(session),
            "location": location_of(session),
        },
        quote_via=quote,
    )


def webcal(path: str) -> str:
    """The address under which a calendar program follows the feed at `path`: Apple's, and most others."""
    parts = urlsplit(current_app.config["PUBLIC_URL"])
    return f"webcal://{parts.netloc}{path}"


def follow_at_google(path: str) -> str:
    """Google asks for the feed by itself; it then knows its address."""
    return f"{GOOGLE}/r?" + urlencode({"cid": webcal(path)})


def follow_at_outlook(path: str, name: str) -> str:
    public = current_app.config["PUBLIC_URL"]
    return f"{OUTLOOK}/addfromweb?" + urlencode({"url": f"{public}{path}", "name": name})
