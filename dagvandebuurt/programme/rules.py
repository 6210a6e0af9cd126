"""Changing what is planned."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dagvandebuurt.core.permissions import Actor, rule
from dagvandebuurt.programme.errors import EndsBeforeItBegins
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus
from dagvandebuurt.programme.permissions import ProgrammePermission


@dataclass(frozen=True)
class Change:
    """What a session was before, and what is said about it in public."""

    session: ProgrammeSession
    before_starts_at: datetime
    note: str | None

    @property
    def is_cancelled(self) -> bool:
        return self.session.status is SessionStatus.CANCELLED


Told = Callable[[Change, datetime], None]
_when_changed: list[Told] = []


def when_changed(listener: Told) -> Told:
    """Let a room above tell those who chose a session, in the same transaction."""
    if listener not in _when_changed:
        _when_changed.append(listener)
    return listener


@rule(needs=ProgrammePermission.EDIT)
def reschedule(
    _actor: Actor,
    session: ProgrammeSession,
    *,
    starts_at: datetime,
    ends_at: datetime,
    note: str | None,
    now: datetime,
) -> bool:
    """Move a session. False when that is where it was. Raises EndsBeforeItBegins.

    `sequence` rises, so calendars that have it move along (RFC 5545, 3.8.7.4).
    """
    if ends_at <= starts_at:
        raise EndsBeforeItBegins
    before = session.starts_at
    if (before, session.ends_at) == (starts_at, ends_at):
        return False
    session.starts_at, session.ends_at = starts_at, ends_at
    _changed(Change(session, before, note), now)
    return True


@rule(needs=ProgrammePermission.EDIT)
def call_off(_actor: Actor, session: ProgrammeSession, *, note: str | None, now: datetime) -> bool:
    """A session that will not be held. It stays to be seen, as such. False when it was called off before."""
    if session.status is SessionStatus.CANCELLED:
        return False
    session.status = SessionStatus.CANCELLED
    _changed(Change(session, session.starts_at, note), now)
    return True


def _changed(change: Change, now: datetime) -> None:
    change.session.sequence += 1
    change.session.changed_at = now
    for listener in _when_changed:
        listener(change, now)
