"""Interface of video providers, and what they can show."""

from dataclasses import dataclass
from typing import Protocol

from dagvandebuurt.parts.stage.addresses import Address


@dataclass(frozen=True)
class Viewer:
    """Viewer of a stage. `key` is a pseudonym for this session alone: a provider learns no id of ours."""

    name: str
    key: str
    runs: bool


@dataclass(frozen=True)
class Room:
    """Video meeting of a session: its title, its id, and the page that people come from and return to."""

    key: str
    title: str
    back: str


@dataclass(frozen=True)
class Nothing:
    """No external video."""


@dataclass(frozen=True)
class Link:
    """Another website, in a new window."""

    href: str


@dataclass(frozen=True)
class Frame:
    """Embedded page of `origin`. `devices`: it may ask for camera and microphone."""

    src: str
    origin: str
    devices: bool = False


@dataclass(frozen=True)
class Video:
    """Stream (HLS) or file that the browser plays itself, without a third-party page around it. Without an
    `origin` it is of this site: nobody else is told who watches, so it needs no click first.
    """

    src: str
    origin: str
    is_stream: bool
    captions: str = ""
    poster: str = ""

    @property
    def is_own(self) -> bool:
        return not self.origin


@dataclass(frozen=True)
class Meeting:
    """Video meeting with a join address made per person, on click."""

    origin: str


Shown = Nothing | Link | Frame | Video | Meeting


class Provider(Protocol):
    """Video provider. `name` is stable, for labels and styles."""

    name: str

    def show(self, address: Address, room: Room, viewer: Viewer) -> Shown | None:
        """Return what to show for this address, or None: it is not of this provider."""
        ...
