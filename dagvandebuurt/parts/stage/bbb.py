"""BigBlueButton API client: create, join, inspect and end meetings, with signed calls.

The one place where the server itself calls another machine for a stage, and only at the address in the
settings: no redirect is followed and no proxy used.
"""

import hashlib
import hmac
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, build_opener
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.parts.stage.addresses import Address
from dagvandebuurt.parts.stage.protocol import Meeting, Room, Shown, Viewer

PATIENCE_SECONDS = 5.0
MAX_ANSWER = 100_000


class MeetingAway(RuleBroken):
    """Server error: no response, or an unexpected one."""

    code = "stage.meeting_away"
    status = 503
    is_final = False
    message = _l("We krijgen de vergadering nu niet te pakken. Probeer het zo nog eens.")


class MeetingNotBegun(RuleBroken):
    code = "stage.meeting_not_begun"
    message = _l("De vergadering is nog niet begonnen, of al voorbij. Probeer het zo nog eens.")


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class BigBlueButton:
    """Meetings on one server. A host of the session opens and ends them; others can join while one is
    running."""

    name = "bbb"

    def __init__(self, url: str, secret: str) -> None:
        self._url, self._secret = url, secret
        self._opener = build_opener(ProxyHandler({}), _NoRedirect())

    def show(self, address: Address, room: Room, viewer: Viewer) -> Shown | None:
        parts = urlsplit(self._url)
        return Meeting(f"{parts.scheme}://{parts.netloc}") if address.is_meeting else None

    def way_in(self, name: str, room: Room, viewer: Viewer) -> str:
        """Return this person's join address. Raises MeetingAway, MeetingNotBegun."""
        meeting = _id(name, room)
        if viewer.runs:
            self._create(meeting, room)
        elif not self.is_running(name, room):
            raise MeetingNotBegun
        return self._join(meeting, viewer, "MODERATOR" if viewer.runs else "VIEWER")

    def _join(self, meeting: str, viewer: Viewer, role: str) -> str:
        return self.signed(
            "join",
            {
                "meetingID": meeting,
                "fullName": viewer.name,
                "userID": viewer.key,
                "role": role,
                "password": self._password(meeting, role),
            },
        )

    def way_into_open(self, name: str, room: Room, viewer: Viewer) -> str:
        """Return this person's join address of a meeting that anybody of a small group may open, by joining
        it. Raises MeetingAway."""
        meeting = _id(name, room)
        self._create(meeting, room)
        return self._join(meeting, viewer, "VIEWER")

    def is_running(self, name: str, room: Room) -> bool:
        """Return whether anybody is in. Raises MeetingAway."""
        return self._call("isMeetingRunning", {"meetingID": _id(name, room)}).findtext("running") == "true"

    def end(self, name: str, room: Room) -> None:
        """End the meeting for everybody; without effect when there is none. Raises MeetingAway."""
        meeting = _id(name, room)
        self._call(
            "end", {"meetingID": meeting, "password": self._password(meeting, "MODERATOR")}, or_not="notFound"
        )

    def _create(self, meeting: str, room: Room) -> None:
        """Create the meeting; idempotent with the same passwords."""
        self._call(
            "create",
            {
                "meetingID": meeting,
                "name": room.title,
                "attendeePW": self._password(meeting, "VIEWER"),
                "moderatorPW": self._password(meeting, "MODERATOR"),
                "logoutURL": room.back,
                "muteOnStart": "true",
                "record": "false",
            },
        )  # fmt: skip

    def signed(self, call: str, fields: dict[str, str]) -> str:
        """Return the address of a call, with its checksum over name, query and secret."""
        query = urlencode(fields)
        checksum = hashlib.sha256(f"{call}{query}{self._secret}".encode()).hexdigest()
        return f"{self._url}/api/{call}?{query}&checksum={checksum}"

    def _call(self, call: str, fields: dict[str, str], *, or_not: str | None = None) -> Element:
        """Return the response. `or_not` is an acceptable refusal. Raises MeetingAway."""
        # The cause is not chained: an address in it would write a checksum to the log.
        try:
            with self._opener.open(self.signed(call, fields), timeout=PATIENCE_SECONDS) as answer:
                found: Element = fromstring(answer.read(MAX_ANSWER))
        except HTTPError as answered:
            answered.close()
            raise MeetingAway from None
        except (URLError, OSError, ParseError, DefusedXmlException, ValueError):
            raise MeetingAway from None
        refused = found.findtext("messageKey") or "unknown"
        if found.findtext("returncode") != "SUCCESS" and refused != or_not:
            raise MeetingAway
        return found

    def _password(self, meeting: str, role: str) -> str:
        """Derive a password: the same at every call and unguessable; servers before 2.4 know roles by these."""
        return hmac.digest(self._secret.encode(), f"{meeting} {role}".encode(), "sha256").hex()[:32]


def _id(name: str, room: Room) -> str:
    return f"{room.key}-{name}" if name else room.key
