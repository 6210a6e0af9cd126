"""What a stage is asked, and what it answers."""

from dataclasses import dataclass
from typing import Protocol

from dagvandebuurt.parts.stage.addresses import Address


@dataclass(frozen=True)
class Viewer:
    """Who looks. `key` is a pseudonym of this session alone: a provider learns no id of ours."""

    name: str
    key: str
    runs: bool


@dataclass(frozen=True)
class Room:
    """The session it is for: what a meeting is called, its id, and where people come from and go back to."""

    key: str
    title: str
    back: str


@dataclass(frozen=True)
class Nothing:
    """No picture from elsewhere: the house's own."""


@dataclass(frozen=True)
class Link:
    """Another website, in a window of its own."""

    href: str


@dataclass(frozen=True)
class Frame:
    """A page of `origin` inside ours. `devices`: it may ask for camera and microphone."""

    src: str
    origin: str
    devices: bool = False


@dataclass(frozen=True)
class Video:
    """A stream (HLS) or a file that the browser plays itself, without a page of others around it."""

    src: str
    origin: str
    is_stream: bool


@dataclass(frozen=True)
class Meeting:
    """A server on which people meet, reached by an address that is made for each of them at the click."""

    origin: str


Shown = Nothing | Link | Frame | Video | Meeting


class Provider(Protocol):
    """One way of showing. `name` is stable, for words and style."""

    name: str

    def show(self, address: Address, room: Room, viewer: Viewer) -> Shown | None:
        """What whoever clicks gets, or None: this address is not one of ours."""
        ...
