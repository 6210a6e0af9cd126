"""Links that add a session or feed to a person's own calendar. Nothing is loaded from there before the click."""

from urllib.parse import quote, urlencode, urlsplit

from flask import current_app

from dagvandebuurt.programme.calendar.ical import described, location_of
from dagvandebuurt.programme.models import ProgrammeSession

GOOGLE, OUTLOOK = "https://calendar.google.com/calendar", "https://outlook.live.com/calendar/0"
OUTLOOK_AT_WORK = "https://outlook.office.com/calendar/0"  # an account of one's work or school


def to_google(session: ProgrammeSession) -> str:
    """Return the link to Google Calendar's form with this session filled in."""
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


def to_outlook(session: ProgrammeSession, *, at_work: bool = False) -> str:
    """Return the link to the same form in Outlook on the web: of one's own, or of work or school."""
    return f"{OUTLOOK_AT_WORK if at_work else OUTLOOK}/deeplink/compose?" + urlencode(
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
    """Return the `webcal:` address of the feed at `path`, for Apple's and most other calendar programs."""
    parts = urlsplit(current_app.config["PUBLIC_URL"])
    return f"webcal://{parts.netloc}{path}"


def follow_at_google(path: str) -> str:
    """Return the link to subscribe in Google Calendar, which fetches the feed itself and so learns its
    address.
    """
    return f"{GOOGLE}/r?" + urlencode({"cid": webcal(path)})


def follow_at_outlook(path: str, name: str) -> str:
    public = current_app.config["PUBLIC_URL"]
    return f"{OUTLOOK}/addfromweb?" + urlencode({"url": f"{public}{path}", "name": name})
