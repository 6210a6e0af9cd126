"""Hooks of the programme: a session changed, how many people that concerns, and what is shown on its pages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

from dagvandebuurt.core.hooks import Runs, hook
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionStatus


@dataclass(frozen=True)
class Change:
    """Published change of one session, and its public note.

    `was` are the previous values, by the names of `SessionPlan`; empty for a new session.
    """

    session: ProgrammeSession
    was: Mapping[str, Any] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    note: str | None = None
    is_new: bool = False

    @property
    def is_cancelled(self) -> bool:
        return "status" in self.names and self.session.status is SessionStatus.CANCELLED

    @property
    def is_back(self) -> bool:
        """Tell whether it was cancelled before and is held after all."""
        return "status" in self.names and self.was.get("status") is SessionStatus.CANCELLED

    @property
    def before_starts_at(self) -> datetime:
        found: datetime = self.was.get("starts_at", self.session.starts_at)
        return found


@dataclass(frozen=True)
class PreparationStep:
    """One thing to do before a day opens. `is_done` comes from what is there, never from a tick.

    `title` says what to do and `says` how it stands now (both lazily translated), `path` is the page where it
    is done; None where it is not done on a page.
    """

    order: int
    code: str
    title: Any
    says: Any
    is_done: bool
    path: str | None


@hook(Runs.ON_REQUEST)
def preparation_steps(edition: Edition) -> Sequence[PreparationStep]:
    """Collect what is to be done before this edition opens, from each section its own."""


class Urgency(IntEnum):
    """How soon something must be seen to, the most urgent first."""

    NOW = 1
    SOON = 2
    LATER = 3


@dataclass(frozen=True)
class AttentionItem:
    """One thing that asks for an organiser. It comes from what is stored, and is gone when it is settled.

    `title` says what is the case, `says` more of it, both in the reader's language. `deed` is what stands on the
    link to `path`, the place where it is settled, or on the button that does it at once where it `is_post`.
    """

    urgency: Urgency
    code: str
    title: str
    says: str
    deed: str
    path: str
    icon: str = "warning"
    is_post: bool = False
    session_id: UUID | None = None


@hook(Runs.ON_REQUEST)
def attention_items(actor: Actor, edition: Edition, now: datetime) -> Sequence[AttentionItem]:
    """Collect what asks for this organiser of the edition now, from each section its own: a few of each kind."""


@hook(Runs.IN_TRANSACTION)
def session_changed(change: Change, now: datetime) -> None:
    """Announce a change of a published session. A refusal that is raised stops the publishing."""


@hook(Runs.ON_REQUEST)
def counts_of_who_chose(session_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Count the people who are mailed when one of these sessions moves or is cancelled, by session."""


@hook(Runs.ON_REQUEST)
def session_page_views(session: ProgrammeSession) -> Mapping[str, object]:
    """Collect what other sections show on the public page of a session, each under its own name."""


@hook(Runs.ON_REQUEST)
def room_page_views(session: ProgrammeSession) -> Mapping[str, object]:
    """Collect what other sections show in the live room of a session, each under its own name."""


@hook(Runs.ON_REQUEST)
def podium_page_views(session: ProgrammeSession) -> Mapping[str, object]:
    """Collect what other sections show on the big screen in a hall, each under its own name."""


@hook(Runs.ON_REQUEST)
def desk_page_views(session: ProgrammeSession) -> Mapping[str, object]:
    """Collect what other sections show on the moderators' desk of a session, each under its own name."""
