"""Video providers of a session's stage, recognised by the address that an organiser typed.

An address becomes something for a browser only when one of the providers recognises it, exactly; the server
itself connects to none of them, but for the BigBlueButton server in the settings.
"""

from collections.abc import Mapping
from typing import Any

from dagvandebuurt.parts.stage import bbb, demo_film, jitsi, video
from dagvandebuurt.parts.stage.addresses import read
from dagvandebuurt.parts.stage.protocol import Nothing, Provider, Room, Shown, Viewer


def providers(settings: Mapping[str, Any]) -> list[Provider]:
    """Return the providers that these settings allow, the more specific first."""
    hosts = settings["STAGE_HOSTS"]
    found: list[Provider] = [
        video.YouTube(hosts),
        video.Vimeo(hosts),
        video.Stream(hosts),
        video.File(hosts),
        video.PeerTube(hosts),
        video.Page(hosts),
    ]
    if settings["JITSI_URL"]:
        found.insert(
            0, jitsi.Jitsi(settings["JITSI_URL"], settings["JITSI_APP_ID"], settings["JITSI_SECRET"])
        )
    if settings["BBB_URL"]:
        found.insert(0, bbb.BigBlueButton(settings["BBB_URL"], settings["BBB_SECRET"]))
    if settings["DEMO"]:
        found.insert(0, demo_film.DemoFilm())
    return [*found, video.Elsewhere()]


def shown_by(
    settings: Mapping[str, Any], address: str | None, room: Room, viewer: Viewer
) -> tuple[str, Shown]:
    """Return the provider's name and what it shows; ("nothing", Nothing()) for an unrecognised address."""
    known = read(address)
    if known is not None:
        for provider in providers(settings):
            shown = provider.show(known, room, viewer)
            if shown is not None:
                return provider.name, shown
    return "nothing", Nothing()
