"""Page cache keyed by edition, version, language, clock epoch and filter: in-process, with placeholders.

Personal fragments (a name, a form's token, the reader's choices, the minute) are placeholders ("gaps") while
a page is rendered, and filled in for each reader by joining the pieces. As the key holds all a page depends
on, nothing needs invalidation; the least recently used pages are evicted.
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

MOST_LETTERS = 12_000_000  # pages, per process
MOST_DAYS = 3  # versions: a request that started before the newest one still finds its own

# Unforgeable: typed text has its < escaped, and the marker is random for each process.
_mark = secrets.token_hex(8)
_open = re.compile(f"<!--{_mark}:([a-z0-9:-]+)-->")


def gap(name: str) -> Markup:
    """Return a placeholder that is filled in for each reader."""
    return Markup("<!--{}:{}-->").format(_mark, name)


@dataclass(frozen=True)
class Page:
    """Page in pieces. `between[n]` is the name of the gap after `pieces[n]`; `tags` are the possible fillings
    of a session's gap, by the reader's place in it.
    """

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
        """Return the whole page; a gap without a value becomes empty."""
        woven = [part for piece, name in zip(self.pieces, self.between, strict=False)
                 for part in (piece, values.get(name, ""))]  # fmt: skip
        return "".join([*woven, self.pieces[-1]])


class PageCache:
    """Cache of one app: programmes by version, and pages."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._days: OrderedDict[tuple[UUID, int], Day] = OrderedDict()
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._letters = 0

    def day(self, edition_id: UUID, version: int) -> Day:
        """Return the programme in this version. Read after the version was, so it may be newer, never older."""
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

    def clear(self) -> None:
        """Empty the cache: for measuring what rendering a page costs."""
        with self._lock:
            self._days.clear()
            self._pages.clear()
            self._letters = 0


def page_cache(app: Flask | None = None) -> PageCache:
    """Return the cache of this app."""
    found = (app or current_app).extensions.setdefault("programme_pages", PageCache())
    assert isinstance(found, PageCache)
    return found
