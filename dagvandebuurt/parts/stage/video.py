"""Video providers on the hosts in STAGE_HOSTS, each embedded in its privacy-friendly form."""

import re
from collections.abc import Collection
from urllib.parse import urlencode

from dagvandebuurt.parts.stage.addresses import Address
from dagvandebuurt.parts.stage.protocol import Frame, Link, Room, Shown, Video, Viewer

_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_VIMEO_ID = re.compile(r"[0-9]{5,12}")
_VIMEO_KEY = re.compile(r"[0-9a-f]{6,16}")
_PEERTUBE_ID = re.compile(r"[A-Za-z0-9]{22}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{1,12}")
_FILES = (".mp4", ".webm", ".m4a", ".mp3", ".ogg")


class Embedded:
    """Base of the providers: the hosts that may be embedded."""

    def __init__(self, hosts: Collection[str]) -> None:
        self._hosts = hosts


class YouTube(Embedded):
    """YouTube video, in any notation; embedded from the host that sets no cookie before playing."""

    name = "youtube"
    HOST = "www.youtube-nocookie.com"
    HOSTS = ("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be", "youtube-nocookie.com", HOST)

    def show(self, address: Address, room: Room, viewer: Viewer) -> Shown | None:
        if address.host not in self.HOSTS or self.HOST not in self._hosts:
            return None
        parts = address.parts
        if address.host == "youtu.be":
            video = parts[0] if len(parts) == 1 else ""
        elif parts == ["watch"]:
            video = address.value("v")
        else:
            video = parts[1] if len(parts) == 2 and parts[0] in ("live", "embed", "shorts") else ""
        if not _YOUTUBE_ID.fullmatch(video):
            return None
        return Frame(f"https://{self.HOST}/embed/{video}?rel=0", f"https://{self.HOST}")


class Vimeo(Embedded):
    """Vimeo video, also an unlisted one with its key; `dnt=1` disables tracking."""

    name = "vimeo"
    HOST = "player.vimeo.com"

    def show(self, address: Address, room: Room, viewer: Viewer) -> Shown | None:
        if address.host not in ("vimeo.com", "www.vimeo.com", self.HOST) or self.HOST not in self._hosts:
            return None
        parts = [part for part in address.parts if part not in ("video", "event")]
        if not parts or len(parts) > 2 or not _VIMEO_ID.fullmatch(parts[0]) or "event" in address.parts:
            return None
        key = parts[1] if len(parts) == 2 else address.value("h")
        if key and not _VIMEO_KEY.fullmatch(key):
            return None
        query = urlencode({"dnt": "1"} | ({"h": key} if key else {}))
        return Frame(f"https://{self.HOST}/video/{parts[0]}?{query}", f"https://{self.HOST}")


class PeerTube(Embedded):
    """Video of a PeerTube host in the settings; `p2p=0`: viewers do not exchange pieces, and so their IP
    addresses."""

    name = "peertube"

    def show(self, address: Address, room: Room, viewer: Viewer) -> Shown | None:
        parts = address.parts
        if address.host not in self._hosts or parts[:-1] not in (
            ["w"],
            ["videos", "watch"],
            ["videos", "embed"],
        ):
            return None
        if not _PEERTUBE_ID.fullmatch(parts[-1]):
            return None
        return Frame(f"{address.origin}/videos/embed/{parts[-1]}?p2p=0&warningTitle=0", address.origin)


class Stream(Embedded):
    """HLS (RFC 8216): a playlist that the browser plays, or our copy of hls.js where it cannot."""

    name = "hls"

    def show(self, address: Address, room: Room, viewer: Viewer) -> Shown | None:
        if address.host not in self._hosts or not address.path.lower().endswith(".m3u8"):
            return None
        return Video(address.text, address.origin, is_stream=True)


class File(Embedded):
    """Recording, or audio stream, as one file."""

    name = "file"

    def show(self, address: Address, room: Room, viewer: Viewer) -> Shown | None:
        if address.host not in self._hosts or not address.path.lower().endswith(_FILES):
            return None
        return Video(address.text, address.origin, is_stream=False)


class Page(Embedded):
    """Any other page of an allowed host, with its own player."""

    name = "page"

    def show(self, address: Address, room: Room, viewer: Viewer) -> Shown | None:
        return Frame(address.text, address.origin) if address.host in self._hosts else None


class Elsewhere:
    """Any other address, as a link."""

    name = "link"

    def show(self, address: Address, room: Room, viewer: Viewer) -> Shown | None:
        return None if address.is_meeting else Link(address.text)
