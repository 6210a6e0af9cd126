"""Where somebody speaks whose turn it is: in a video meeting with a token of their own, at an address, by phone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dagvandebuurt.core import security
from dagvandebuurt.hands.models import HandRules
from dagvandebuurt.parts.stage.addresses import read
from dagvandebuurt.parts.stage.bbb import BigBlueButton
from dagvandebuurt.parts.stage.jitsi import Jitsi
from dagvandebuurt.parts.stage.protocol import Frame, Meeting, Room, Viewer
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.stage.view import room_of, viewer_of

NOBODY = Viewer("", "", runs=False)
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,20}")


@dataclass(frozen=True)
class Way:
    """Where somebody speaks: by the button that leads into a `meeting`, by a `link`, or as `text` says; `phone`
    is the number in it, to ring.
    """

    meeting: bool = False
    link: str = ""
    text: str = ""
    phone: str = ""


def has_meeting(settings: Mapping[str, Any], session: ProgrammeSession) -> bool:
    """Return whether the session has a video meeting of its own in which people can speak."""
    return _meeting(settings, session.stage_url, Room("", "", ""), NOBODY) is not None


def way_of(settings: Mapping[str, Any], session: ProgrammeSession, rules: HandRules) -> Way:
    """Return where somebody speaks in this session. Lets its meeting be opened from this response."""
    address = rules.way or session.stage_url
    shown = _meeting(settings, address, Room("", "", ""), NOBODY)
    if shown is not None:
        security.allow("form-action", shown.origin)  # the button goes through a redirect of our own
        return Way(meeting=True)
    if not rules.way:
        return Way()
    found = read(rules.way)
    if found is not None:
        return Way() if found.is_meeting else Way(link=found.text)
    number = _PHONE.search(rules.way)
    return Way(text=rules.way, phone=re.sub(r"[^0-9+]", "", number[0]) if number else "")


def meeting_for(settings: Mapping[str, Any], actor: Any, session: ProgrammeSession, rules: HandRules) -> str:
    """Return the address by which this person joins the meeting, with a token of their own. Empty: there is no
    meeting. Raises MeetingAway, MeetingNotBegun.
    """
    address = rules.way or session.stage_url
    viewer = viewer_of(actor, session)
    shown = _meeting(settings, address, room_of(session), viewer)
    if isinstance(shown, Meeting):
        server = BigBlueButton(settings["BBB_URL"], settings["BBB_SECRET"])
        return server.way_in((address or "").partition(":")[2], room_of(session), viewer)
    return shown.src if isinstance(shown, Frame) else ""


def _meeting(settings: Mapping[str, Any], address: str | None, room: Room, viewer: Viewer) -> Any:
    """Return what the provider of a meeting with tokens shows at this address; None where it is none. Needs no
    request: a live write asks too.
    """
    found = read(address)
    shown = None
    if found is not None and settings["BBB_URL"]:
        shown = BigBlueButton(settings["BBB_URL"], settings["BBB_SECRET"]).show(found, room, viewer)
    if found is not None and shown is None and settings["JITSI_URL"]:
        jitsi = Jitsi(settings["JITSI_URL"], settings["JITSI_APP_ID"], settings["JITSI_SECRET"])
        shown = jitsi.show(found, room, viewer)
    return shown
