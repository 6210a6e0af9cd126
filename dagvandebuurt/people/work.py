"""Work: the desks that somebody has, from the pages that sections declare (`work_pages`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from flask import url_for

from dagvandebuurt.people.hooks import WorkPage, work_pages


@dataclass(frozen=True)
class DeskPage:
    """A page of a desk, as a link: with the number of things that wait there, 0 where nothing is counted."""

    url: str
    label: str
    icon: str
    waiting: int
    is_here: bool


@dataclass(frozen=True)
class Desk:
    """A desk with its pages, the front page first."""

    name: str
    about: str
    pages: Sequence[DeskPage]

    @property
    def url(self) -> str:
        return self.pages[0].url

    @property
    def icon(self) -> str:
        return self.pages[0].icon

    @property
    def waiting(self) -> int:
        return sum(page.waiting for page in self.pages)

    @property
    def is_here(self) -> bool:
        return any(page.is_here for page in self.pages)


def pages_for(actor: Any) -> list[WorkPage]:
    """Return the pages where `actor` works, in order. No query: this is asked for every page of the site."""
    found = [page for there in work_pages() for page in there if page.works_here(actor)]
    return sorted(found, key=attrgetter("order"))


def has_work(actor: Any) -> bool:
    return bool(actor.is_authenticated and pages_for(actor))


def page_here(actor: Any, path: str) -> WorkPage | None:
    """Return the page of `actor`'s work whose address `path` is, or else the one that begins it."""
    found = [(url_for(page.endpoint), page) for page in pages_for(actor)]
    here = [(url, page) for url, page in found if path == url or path.startswith(f"{url}/")]
    return max(here, key=lambda each: len(each[0]))[1] if here else None


def desks_for(actor: Any, path: str = "") -> list[Desk]:
    """Return the desks of `actor` with what waits at each. `path` is where they are: the page that it belongs
    to (`page_here`) is marked."""
    here = page_here(actor, path)
    by_desk: dict[str, list[tuple[WorkPage, DeskPage]]] = {}
    for page in pages_for(actor):
        waiting = page.waiting(actor) if page.waiting else 0
        is_here = here is not None and page.endpoint == here.endpoint
        entry = DeskPage(url_for(page.endpoint), str(page.label), page.icon, waiting, is_here)
        by_desk.setdefault(str(page.desk), []).append((page, entry))
    return [
        Desk(
            name,
            next((str(page.about) for page, _entry in of if page.about), ""),
            [entry for _page, entry in of],
        )
        for name, of in by_desk.items()
    ]


def first_page(actor: Any) -> str:
    """Return where somebody lands who logs in without having been on the way to a page: at their desk, at the
    list of their desks, or at their own day."""
    desks = {str(page.desk): page.endpoint for page in reversed(pages_for(actor))}
    if not desks:
        return url_for("people.mine")
    return url_for(desks.popitem()[1] if len(desks) == 1 else "people.work")
