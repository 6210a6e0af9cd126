"""Commands on broadcasts. They lock every live room that they tell, in one order, so no two can deadlock."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from dagvandebuurt.broadcasts.errors import AlreadyWithdrawn, NoSessionChosen, TooManyBroadcasts
from dagvandebuurt.broadcasts.models import Broadcast, BroadcastRoom
from dagvandebuurt.broadcasts.permissions import BroadcastPermission
from dagvandebuurt.broadcasts.queries import sessions_with_a_room, standing
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.writes import raise_revision
from dagvandebuurt.programme.models import Edition

MOST_AT_ONCE = 3


@command(needs=BroadcastPermission.SAY)
def say(
    actor: Actor,
    edition: Edition,
    *,
    text: str,
    text_en: str,
    only_in: Collection[UUID] | None,
    lasts: timedelta,
    now: datetime,
) -> Broadcast:
    """Say something to everybody, or only in the rooms of the sessions `only_in`.

    Raises TooManyBroadcasts and NoSessionChosen.
    """
    db.session.refresh(edition, with_for_update=True)  # two at once: the second sees the first
    if len(standing(edition.id, now)) >= MOST_AT_ONCE:
        raise TooManyBroadcasts
    sessions = [each.id for each in sessions_with_a_room(edition.id, now)]
    if only_in is not None:
        sessions = [each for each in sessions if each in only_in]
        if not sessions:
            raise NoSessionChosen
    said = Broadcast(
        edition_id=edition.id,
        text=text,
        text_en=text_en,
        is_everywhere=only_in is None,
        said_at=now,
        until=now + lasts,
        said_by_id=actor.id,
    )
    db.session.add(said)
    db.session.flush()
    _tell(said, sessions)
    edition.broadcasts_until = max(edition.broadcasts_until or said.until, said.until)
    return said


@command(needs=BroadcastPermission.SAY)
def withdraw(actor: Actor, said: Broadcast, edition: Edition, *, now: datetime) -> None:
    """Take a broadcast away, from every page and room. Raises AlreadyWithdrawn, also where its time is over."""
    db.session.refresh(edition, with_for_update=True)
    db.session.refresh(said)
    if not said.shows_at(now):
        raise AlreadyWithdrawn
    said.withdrawn_at, said.withdrawn_by_id = now, actor.id
    db.session.flush()
    _tell(said, [room.session_id for room in said.rooms])
    edition.broadcasts_until = max((each.until for each in standing(edition.id, now)), default=None)


def _tell(said: Broadcast, sessions: Collection[UUID]) -> None:
    there = {room.session_id: room for room in said.rooms}
    for session_id in sorted(sessions):
        revision = raise_revision(session_id)
        if revision is None:  # a session without a room: its page says it all the same
            continue
        if session_id in there:
            there[session_id].revision = revision
        else:
            said.rooms.append(BroadcastRoom(session_id=session_id, revision=revision))
