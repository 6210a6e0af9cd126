"""The programme's pages, made once for everybody who reads the same: kept in this process, in pieces.

What is somebody's own (a name, a form's token, what they chose, the minute) is left open while a page is
made, and filled in for each reader by joining the pieces. A page is known by everything it depends on:
edition, version, language, what the clock changed, what was asked for. So nothing has to be thrown away in
time; what nobody asks for any more makes place for what they do.
"""

import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Flask, current_app
from markupsafe import Markup

from dagvandebuurt.programme.public.published import Day, read_day

MOST_LETTERS = 12_000_000  # of pages, in one process
MOST_DAYS = 3  # versions: who opened the page just before the newest one still finds theirs

# Nobody can write one: what people typed has its < escaped, and this is drawn anew for each process.
_mark = secrets.token_hex(8)
_open = re.compile(f"<!--{_mark}:([a-z0-9:-]+)-->")


def gap(name: str) -> Markup:
    """A place on a page that is filled in for each reader."""
    return Markup("<!--{}:{}-->").format(_mark, name)


@dataclass(frozen=True)
class Page:
    """A page in pieces. `between[n]` is the name of the gap after `pieces[n]`; `tags` are what may stand in
    a session's gap, by how somebody stands in it."""

    pieces: tuple[str, ...]
    between: tuple[str, ...]
    tags: Mapping[str, str]

    @classmethod
    def of(cls, html: str, tags: Mapping[str, str] | None = None) -> "Page":
        parts = _open.split(html)
        return cls(tuple(parts[::2]), tuple(parts[1::2]), tags or {})

    @property
    def size(self) -> int:
        return sum(map(len, self.pieces))

    def filled(self, values: Mapping[str, str]) -> str:
        """The whole page; a gap for which there is nothing closes."""
        woven = [part for piece, name in zip(self.pieces, self.between, strict=False)
                 for part in (piece, values.get(name, ""))]  # fmt: skip
        return "".join([*woven, self.pieces[-1]])


class Kept:
    """What one app keeps."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._days: OrderedDict[tuple[UUID, int], Day] = OrderedDict()
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._letters = 0

    def day(self, edition_id: UUID, version: int) -> Day:
        """The programme in this version. Read after the version was: it may be newer, never older."""
        key = (edition_id, version)
        day = self._days.get(key)
        if day is None:
            day = read_day(edition_id)
            with self._lock:
                self._days[key] = day
                while len(self._days) > MOST_DAYS:
                    self._days.popitem(last=False)
        return day

    def page(self, key: Hashable, make: Callable[[], Page]) -> Page:
        with self._lock:
            found = self._pages.get(key)
            if found is not None:
                self._pages.move_to_end(key)
                return found
        made = make()
        with self._lock:
            if key not in self._pages:
                self._letters += made.size
            self._pages[key] = made
            while self._letters > MOST_LETTERS and len(self._pages) > 1:
                self._letters -= self._pages.popitem(last=False)[1].size
        return made

    def forget(self) -> None:
        """Begin anew: for measuring what making a page costs."""
        with self._lock:
            self._days.clear()
            self._pages.clear()
            self._letters = 0


def kept(app: Flask | None = None) -> Kept:
    """What this app keeps."""
    found = (app or current_app).extensions.setdefault("programme_pages", Kept())
    assert isinstance(found, Kept)
    return found
