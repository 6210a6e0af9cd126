"""Hooks of people: what the sections above add to somebody's account, their login and their own page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect

from dagvandebuurt.core.hooks import Runs, hook
from dagvandebuurt.people.models import PendingAction, PersonalLink, Role


class PersonalPage(StrEnum):
    """The pages of one's own: *Mijn dag*, and the settings by the last part of their address."""

    TODAY = "vandaag"
    ABOUT = "over-mij"
    REGISTRATION = "aanmelding"
    MAIL = "berichten"
    LOGIN = "inloggen"
    DATA = "gegevens"


@dataclass(frozen=True)
class PageSection:
    """A part of *Mijn dag* or of a page of settings, shown by `template`; a `context` of None leaves it out."""

    template: str
    order: int
    context: Callable[[Any], Mapping[str, Any] | None]
    page: PersonalPage = PersonalPage.TODAY


@hook(Runs.ON_REQUEST)
def personal_page_sections() -> Sequence[PageSection]:
    """What *Mijn dag* and the pages of settings are made of."""


@dataclass(frozen=True)
class WorkPage:
    """A page where somebody with a role works: on *Mijn werk* and in the side navigation of the desks.

    Pages with the same `desk` are one desk; its first page is its front page. `works_here` looks at the actor
    alone and never at the database: the header asks it on every page. `waiting` counts what waits there.
    `about` is given by the front page of a desk; texts are lazily translated. A handbook has a section about
    it (`handbooks/content.py`).
    """

    desk: Any
    endpoint: str
    label: Any
    order: int
    works_here: Callable[[Any], bool]
    icon: str = "list"
    about: Any = ""
    waiting: Callable[[Any], int] | None = None


@hook(Runs.ON_REQUEST)
def work_pages() -> Sequence[WorkPage]:
    """The pages where people with a role do their work."""


@dataclass(frozen=True)
class LinkPagePart:
    """A part of the page of a mailed link, shown by `template` inside its form. `context` only looks; None leaves
    the part out."""

    template: str
    context: Callable[[PersonalLink], Mapping[str, Any] | None]


@hook(Runs.ON_REQUEST)
def link_page_parts() -> Sequence[LinkPagePart]:
    """What the button page of a mailed link shows besides whose link it is."""


@dataclass(frozen=True)
class Saved:
    """A page somebody can come back to."""

    id: UUID
    title: str
    path: str


@dataclass(frozen=True)
class BookmarkKind:
    """A kind of page that can be saved. `find(actor, ids)` selects those that `actor` may read."""

    kind: str
    find: Callable[[Any, Sequence[UUID]], Sequence[Saved]]


@hook(Runs.ON_REQUEST)
def bookmark_kinds() -> Sequence[BookmarkKind]:
    """The kinds of pages that can be saved."""


@dataclass(frozen=True)
class LoginColumn:
    """A single value that `endpoints` read in the query that finds who is logged in. `column` gets the person's
    id in the query around it, or None for a stranger; it may then answer None: nothing is asked of them."""

    name: str
    endpoints: Sequence[str]
    column: Callable[[Any], ScalarSelect[Any] | None]


@hook(Runs.ON_REQUEST)
def login_columns() -> Sequence[LoginColumn]:
    """What a page that thousands open at once wants to know besides who somebody is, in the same query."""


@dataclass(frozen=True)
class PendingActionKind:
    """A kind of action that waits until a visitor is logged in. `grant` does it and says so in a sentence;
    `says` is what it would do, in a few (lazily translated) words, for a reader who did not ask for it."""

    kind: str
    says: Any
    grant: Callable[[Any, PendingAction, datetime], str]


@hook(Runs.ON_REQUEST)
def pending_actions() -> Sequence[PendingActionKind]:
    """The kinds of actions that wait until a visitor is logged in."""


@hook(Runs.ON_REQUEST)
def handbook_paths(role: Role) -> Sequence[str]:
    """Where somebody who is asked for a role reads what it is like."""


@hook(Runs.ON_REQUEST)
def reserved_names() -> Iterable[str]:
    """Names that nobody may take, besides those of the staff and the site."""


@hook(Runs.IN_TRANSACTION)
def address_confirmed(link: PersonalLink, takes_over: bool, now: datetime) -> None:
    """A mailed link was used, which proves that the address is its reader's; where this is the first time, its
    person has no account yet. `takes_over`: the reader said that what was filled in with it is so."""


@hook(Runs.IN_TRANSACTION)
def unreachable(person_ids: Sequence[UUID], about: str, dedupe_key: str, now: datetime) -> None:
    """There is mail for people who have no address. `about` and `dedupe_key` are those of that mail."""
