"""Commands on the hall chat, each under the lock of its room, and idempotent."""

from collections.abc import Sequence
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import select, true

from dagvandebuurt.chat.errors import (
    AuthorMuted,
    AuthorMutedSince,
    ChatClosed,
    ChatMuted,
    ChatRulesChanged,
    ChatTooFast,
    HeldWord,
    LineChanged,
    LineThere,
    NoSuchLine,
)
from dagvandebuurt.chat.hooks import line_hidden
from dagvandebuurt.chat.models import ChatLine, ChatRules
from dagvandebuurt.chat.permissions import ChatPermission
from dagvandebuurt.chat.queries import chat_rules, last_line_of, line_of
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.items import turn_on
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.queries import name_of, require_reason
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.qanda import muting
from dagvandebuurt.qanda.hidden_names import hides_the_name_of
from dagvandebuurt.qanda.rules import mark_of

EXTRA = "chat"  # the name of this part among those a room may use
OPEN_PHASES = (Phase.LOBBY, Phase.LIVE)


@command(needs=ChatPermission.MODERATE)
def arrange(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    is_open: bool | None = None,
    seconds_between: int | None = None,
    seen: int | None = None,
    at: Moment,
) -> ChatRules:
    """Turn the hall chat on or off, and set the pause between two lines of one person. None leaves a setting
    as it is. Off: no new lines; those that are there stay until the session is over.

    `seen` is the revision of the settings on screen. Raises ChatRulesChanged when a colleague changed them since.
    """
    rules = chat_rules(session.id)
    if seen is not None and seen != rules.revision:
        raise ChatRulesChanged(by=name_of(rules.changed_by_id))
    rules.is_open = rules.is_open if is_open is None else is_open
    rules.seconds_between = rules.seconds_between if seconds_between is None else seconds_between
    rules.revision, rules.changed_by_id = at.revision, moderator.id
    db.session.add(rules)
    turn_on(session.id, EXTRA)
    return rules


@command(needs=ChatPermission.SAY)
def say(actor: Any, session: ProgrammeSession, *, line_id: UUID, text: str, at: Moment) -> ChatLine:
    """Write a line, at the moment at which it arrives: an outbox may be minutes old.

    Raises ChatClosed, ChatMuted, ChatTooFast (try later), HeldWord, or LineThere for a used id.
    """
    earlier = db.session.get(ChatLine, line_id)
    if earlier is not None:
        if earlier.person_id == actor.id and earlier.session_id == session.id and earlier.text == text:
            return earlier
        raise LineThere
    rules = chat_rules(session.id)
    if not rules.is_open or session.phase_at(at.now) not in OPEN_PHASES:
        raise ChatClosed
    if muting.is_muted_here(session.id, actor.id):
        raise ChatMuted
    last = last_line_of(session.id, actor.id)
    wait = rules.seconds_between - (at.now - last.said_at).total_seconds() if last else 0
    if wait > 0:
        raise ChatTooFast(ceil(wait))
    if muting.is_held(session, text):
        raise HeldWord
    line = ChatLine(
        id=line_id,
        session_id=session.id,
        revision=at.revision,
        person_id=actor.id,
        name=actor.name,
        mark=mark_of(actor, session.id),
        role=actor.participant_role,
        name_hidden=hides_the_name_of(session.id, actor.id),
        text=text,
        said_at=at.now,
    )
    db.session.add(line)
    db.session.flush()
    return line


@command(needs=ChatPermission.MODERATE)
def hide(
    moderator: Actor, session: ProgrammeSession, *, line_id: UUID, reason: str, seen: int | None, at: Moment
) -> ChatLine:
    """Hide a line from the hall; its author reads why. Reports of it are upheld.

    `seen` is the revision of the line on screen. Raises NoSuchLine, or LineChanged when it is hidden already,
    or a colleague decided about it since.
    """
    require_reason(reason, at.now)
    line = _find(session, line_id, seen)
    if line.hidden_at is not None:
        raise LineChanged(by=line.decided_by, is_hidden=line.hidden_at is not None)
    _hide([line], moderator, reason, at)
    return line


@command(needs=ChatPermission.MODERATE)
def show(
    moderator: Actor, session: ProgrammeSession, *, line_id: UUID, seen: int | None, at: Moment
) -> ChatLine:
    """Let the hall read a hidden line again. Without `seen` only one's own decision is undone.

    Raises NoSuchLine, LineChanged, or AuthorMuted: nothing of who is muted is read.
    """
    line = _find(session, line_id, seen)
    if line.hidden_at is None or (seen is None and line.decided_by_id != moderator.id):
        raise LineChanged(by=line.decided_by, is_hidden=line.hidden_at is not None)
    assert line.person_id is not None
    if muting.muted_by_name(session.id, [line.person_id]):
        raise AuthorMuted
    line.hidden_at = line.hidden_reason = None
    line.decided_by_id, line.decided_by = moderator.id, moderator.name
    line.revision = at.revision
    return line


@command(needs=ChatPermission.MODERATE)
def mute(
    moderator: Actor, session: ProgrammeSession, *, line_id: UUID, reason: str, seen: int | None, at: Moment
) -> ChatLine:
    """Mute the author of a line for this room, with questions and support too, and hide what they wrote in the
    hall chat. Idempotent. Raises NoSuchLine, or LineChanged when a colleague decided about them since.
    """
    line = _find(session, line_id, seen)
    assert line.person_id is not None
    muting.mute_person(session, line.person_id, moderator_id=moderator.id, reason=reason, at=at)
    hide_all_of(moderator, session.id, line.person_id, reason, at)
    return line


@command(needs=ChatPermission.MODERATE)
def unmute(
    moderator: Actor, session: ProgrammeSession, *, line_id: UUID, seen: int | None, at: Moment
) -> ChatLine:
    """Let the author of a line take part again. Hidden lines stay hidden. Idempotent. Without `seen` only one's
    own mute is lifted. Raises NoSuchLine, or AuthorMutedSince.
    """
    line = _find(session, line_id, None)
    assert line.person_id is not None
    muted = muting.mute_of(session.id, line.person_id)
    if muted is None:
        return line
    if seen != line.revision and (seen is not None or muted.moderator_id != moderator.id):
        raise AuthorMutedSince(by=name_of(muted.moderator_id))
    db.session.delete(muted)
    _decided(session.id, line.person_id, at)
    return line


def hide_all_of(moderator: Any, session_id: UUID, person_id: UUID, reason: str, at: Moment) -> None:
    """Hide every line of somebody who was muted in this room."""
    _hide(_of_person(session_id, person_id, ChatLine.hidden_at.is_(None)), moderator, reason, at)
    _decided(session_id, person_id, at)


def _decided(session_id: UUID, person_id: UUID, at: Moment) -> None:
    """Let what a colleague has on screen about this person be out of date, for every line of theirs."""
    for line in _of_person(session_id, person_id, true()):
        line.revision = at.revision


def keep_name(session_id: UUID, person_id: UUID, is_hidden: bool, at: Moment) -> None:
    """Keep somebody's name from the hall beside their lines, or show it again, as beside their questions."""
    for line in _of_person(session_id, person_id, ChatLine.name_hidden.is_not(is_hidden)):
        line.name_hidden, line.revision = is_hidden, at.revision


def _of_person(session_id: UUID, person_id: UUID, condition: Any) -> Sequence[ChatLine]:
    return db.session.scalars(
        select(ChatLine)
        .where(ChatLine.session_id == session_id, ChatLine.person_id == person_id, condition)
        .order_by(ChatLine.said_at, ChatLine.id)
    ).all()


def _hide(lines: Sequence[ChatLine], moderator: Any, reason: str, at: Moment) -> None:
    for line in lines:
        line.hidden_at, line.hidden_reason, line.revision = at.now, reason, at.revision
        line.decided_by_id, line.decided_by = moderator.id, moderator.name
        line_hidden(moderator, line, at)


def _find(session: ProgrammeSession, line_id: UUID, seen: int | None) -> ChatLine:
    line = line_of(session.id, line_id)
    if line is None:
        raise NoSuchLine
    if seen is not None and seen != line.revision:
        raise LineChanged(by=line.decided_by, is_hidden=line.hidden_at is not None)
    return line
