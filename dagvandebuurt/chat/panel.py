"""View models of the hall chat: in the hall, and for the session's moderators."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask_login import current_user
from sqlalchemy import select

from dagvandebuurt.chat.items import card, desk_card
from dagvandebuurt.chat.models import PAUSES, ChatLine, ChatRules
from dagvandebuurt.chat.permissions import ChatPermission
from dagvandebuurt.chat.queries import chat_rules, has_lines, last_lines
from dagvandebuurt.chat.rules import OPEN_PHASES
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import can
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.muting import muted_by_name


@dataclass(frozen=True, slots=True)
class HallChat:
    """The hall chat of a session as somebody in the hall reads it. `hidden`: their own lines that a moderator
    hid. `own`: the ids of their own among `lines`.
    """

    rules: ChatRules
    is_shown: bool
    is_open: bool
    lines: Sequence[dict[str, Any]]
    own: frozenset[str]
    hidden: Sequence[ChatLine]
    may_say: bool
    new_id: str


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A line for who runs the session; `is_muted`: its author is."""

    item: dict[str, Any]
    decided_by: str
    is_muted: bool


@dataclass(frozen=True, slots=True)
class DeskChat:
    """The hall chat of a session for its moderators, newest line first."""

    rules: ChatRules
    is_on: bool
    lines: Sequence[DeskLine]
    pauses: tuple[int, ...] = PAUSES


def has_chat(session: ProgrammeSession) -> bool:
    """Return whether the hall has one now: it takes lines, or there are some to read."""
    if session.phase_at(clock.now()) not in OPEN_PHASES:
        return False
    return chat_rules(session.id).is_open or has_lines(session.id)


def hall_chat(session: ProgrammeSession) -> HallChat:
    """Build what this reader sees: nothing once the session is over, or where there never was a hall chat."""
    rules = chat_rules(session.id)
    is_on = session.phase_at(clock.now()) in OPEN_PHASES
    lines = last_lines(session.id) if is_on else []
    return HallChat(
        rules=rules,
        is_shown=is_on and (rules.is_open or bool(lines)),
        is_open=is_on and rules.is_open,
        lines=[card(line) for line in lines],
        own=frozenset(str(line.id) for line in lines if line.person_id == current_user.id),
        hidden=_hidden_of(session.id, current_user.id) if is_on and current_user.is_known else [],
        may_say=can(current_user, ChatPermission.SAY, session),
        new_id=str(uuid4()),
    )


def desk_chat(session: ProgrammeSession) -> DeskChat:
    """Build the lines with what was decided about them. They stay here until they are deleted."""
    lines = last_lines(session.id, hidden_too=True)
    muted = muted_by_name(session.id, {line.person_id for line in lines if line.person_id is not None})
    return DeskChat(
        rules=chat_rules(session.id),
        is_on=session.phase_at(clock.now()) in OPEN_PHASES,
        lines=[
            DeskLine(desk_card(line), line.decided_by or "", line.person_id in muted)
            for line in reversed(lines)
        ],
    )


def _hidden_of(session_id: UUID, person_id: UUID) -> Sequence[ChatLine]:
    return db.session.scalars(
        select(ChatLine)
        .where(
            ChatLine.session_id == session_id,
            ChatLine.person_id == person_id,
            ChatLine.hidden_at.is_not(None),
        )
        .order_by(ChatLine.said_at)
    ).all()
