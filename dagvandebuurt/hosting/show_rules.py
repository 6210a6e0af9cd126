"""Commands on the run of show, and on the length of the session itself. Each under the lock of its room."""

from datetime import datetime, timedelta
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.hosting.errors import (
    NoSuchPart,
    NotGoingOn,
    ShowChanged,
    TimesChanged,
    TooManyParts,
    UnknownSpeaker,
)
from dagvandebuurt.hosting.models import PartKind, RunOfShow, ShowPart
from dagvandebuurt.hosting.permissions import HostingPermission
from dagvandebuurt.hosting.show import MOST_PARTS, parts_of, show_of
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.queries import name_of
from dagvandebuurt.programme.editing.rules import end_at
from dagvandebuurt.programme.models import Phase, ProgrammeSession


@command(needs=HostingPermission.PLAN)
def write_part(
    actor: Actor,
    session: ProgrammeSession,
    *,
    part_id: UUID,
    kind: PartKind,
    title: str,
    minutes: int,
    speaker_id: UUID | None,
    stage: str,
    seen: int | None = None,
    at: Moment,
) -> RunOfShow:
    """Add a part at the end, or change one. Raises ShowChanged, TooManyParts, UnknownSpeaker."""
    show, parts = _as_seen(actor, session, seen)
    if speaker_id is not None and speaker_id not in {each.speaker_id for each in session.parts}:
        raise UnknownSpeaker
    part = next((each for each in parts if each.id == part_id), None)
    if part is None:
        if len(parts) >= MOST_PARTS:
            raise TooManyParts
        if db.session.get(ShowPart, part_id) is not None:
            raise NoSuchPart
        part = ShowPart(id=part_id, session_id=session.id, position=len(parts))
        db.session.add(part)
    part.kind, part.title, part.minutes = kind, title, minutes
    part.speaker_id, part.stage = speaker_id, stage
    return _changed(actor, show, at)


@command(needs=HostingPermission.PLAN)
def remove_part(
    actor: Actor, session: ProgrammeSession, *, part_id: UUID, seen: int | None = None, at: Moment
) -> RunOfShow:
    """Take a part out of the plan. Raises ShowChanged, NoSuchPart."""
    show, parts = _as_seen(actor, session, seen)
    db.session.delete(_find(parts, part_id))
    _number([each for each in parts if each.id != part_id])
    return _changed(actor, show, at)


@command(needs=HostingPermission.PLAN)
def move_part(
    actor: Actor,
    session: ProgrammeSession,
    *,
    part_id: UUID,
    earlier: bool,
    seen: int | None = None,
    at: Moment,
) -> RunOfShow:
    """Move a part one place. Raises ShowChanged, NoSuchPart."""
    show, parts = _as_seen(actor, session, seen)
    now = parts.index(_find(parts, part_id))
    then = min(max(now + (-1 if earlier else 1), 0), len(parts) - 1)
    parts.insert(then, parts.pop(now))
    _number(parts)
    return _changed(actor, show, at)


@command(needs=HostingPermission.RUN)
def begin_part(
    actor: Actor, session: ProgrammeSession, *, part_id: UUID, seen: int | None = None, at: Moment
) -> RunOfShow:
    """Begin this part; those after it have not begun, those before it have. Raises ShowChanged, NotGoingOn."""
    if session.phase_at(at.now) not in (Phase.LOBBY, Phase.LIVE):
        raise NotGoingOn
    show, parts = _as_seen(actor, session, seen)
    place = parts.index(_find(parts, part_id))
    for number, each in enumerate(parts):
        if number == place:
            each.begun_at = at.now
        elif number > place:
            each.begun_at = None
        elif each.begun_at is None:
            each.begun_at = at.now
    return _changed(actor, show, at)


@command(needs=HostingPermission.RUN)
def change_end(
    actor: Actor,
    session: ProgrammeSession,
    *,
    minutes: int,
    seen: datetime,
    at: Moment,
) -> ProgrammeSession:
    """End the session so many minutes later than `seen`, the end on screen; 0 ends it now.

    Raises TimesChanged when it ends at another time by now, NotGoingOn when it is not on.
    """
    if session.phase_at(at.now) is not Phase.LIVE:
        raise NotGoingOn
    if session.ends_at != seen:
        raise TimesChanged
    ends_at = session.ends_at + timedelta(minutes=minutes) if minutes else at.now
    end_at(actor, session, ends_at=ends_at, now=at.now)
    return session


def _as_seen(actor: Actor, session: ProgrammeSession, seen: int | None) -> tuple[RunOfShow, list[ShowPart]]:
    show = show_of(session.id)
    by_another = show.changed_by_id not in (None, actor.id)
    if by_another if seen is None else seen != show.revision:
        raise ShowChanged(by=name_of(show.changed_by_id))
    return show, parts_of(session.id)


def _find(parts: list[ShowPart], part_id: UUID) -> ShowPart:
    part = next((each for each in parts if each.id == part_id), None)
    if part is None:
        raise NoSuchPart
    return part


def _number(parts: list[ShowPart]) -> None:
    for position, part in enumerate(parts):
        part.position = position


def _changed(actor: Actor, show: RunOfShow, at: Moment) -> RunOfShow:
    show.revision, show.changed_by_id = at.revision, actor.id
    db.session.add(show)
    return show
