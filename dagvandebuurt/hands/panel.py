"""View models of raised hands: in the hall, and for the session's moderators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import current_app
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.permissions import can
from dagvandebuurt.hands.forms import MINUTES
from dagvandebuurt.hands.items import by_of
from dagvandebuurt.hands.models import Hand, HandRules
from dagvandebuurt.hands.permissions import HandPermission
from dagvandebuurt.hands.queries import hand_rules, last_hand_of, queue_of, speaking_in
from dagvandebuurt.hands.rules import EXTRA, OPEN_PHASES
from dagvandebuurt.hands.ways import Way, has_meeting, way_of
from dagvandebuurt.live.items import State
from dagvandebuurt.programme.models import ProgrammeSession


@dataclass(frozen=True, slots=True)
class Speaking:
    """Whose turn it is, in words for the hall, and until when."""

    hand: Hand
    by: dict[str, Any]
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class HallHands:
    """The hands of a session as somebody in the hall sees them; their `own`, and how many are `ahead` of it."""

    rules: HandRules
    is_open: bool
    up: int
    speaking: Speaking | None
    own: Hand | None
    speaks: bool
    ahead: int
    way: Way
    may_raise: bool
    new_id: str

    @property
    def is_shown(self) -> bool:
        return self.is_open or self.speaking is not None or self.own is not None


@dataclass(frozen=True, slots=True)
class DeskHands:
    """The hands of a session for its moderators, in the order in which they come."""

    rules: HandRules
    is_on: bool
    speaking: Speaking | None
    waiting: Sequence[Hand]
    has_meeting: bool
    now: datetime
    minutes: tuple[int, ...] = MINUTES


def hall_hands(session: ProgrammeSession) -> HallHands:
    """Build what this reader sees: nobody's hand but their own, and whose turn it is."""
    now = clock.now()
    rules = hand_rules(session.id)
    is_on = session.phase_at(now) in OPEN_PHASES
    queue = queue_of(session.id, now) if is_on else []
    own = last_hand_of(session.id, current_user.id) if is_on else None
    speaking = speaking_now(session, now)
    speaks = own is not None and own.speaks_at(now)
    places = [each.id for each in queue]
    return HallHands(
        rules=rules,
        is_open=rules.is_open and is_on,
        up=len(queue),
        speaking=speaking,
        own=own,
        speaks=speaks,
        ahead=places.index(own.id) if own is not None and own.id in places else 0,
        way=way_of(current_app.config, session, rules) if speaks else Way(),
        may_raise=can(current_user, HandPermission.RAISE, session),
        new_id=str(uuid4()),
    )


def desk_hands(session: ProgrammeSession) -> DeskHands:
    now = clock.now()
    is_on = session.phase_at(now) in OPEN_PHASES
    return DeskHands(
        rules=hand_rules(session.id),
        is_on=is_on,
        speaking=speaking_now(session, now),
        waiting=queue_of(session.id, now) if is_on else [],
        has_meeting=has_meeting(current_app.config, session),
        now=now,
    )


def hands_at_stage(session: ProgrammeSession, state: State) -> dict[str, Any]:
    """Build the same for the desk and the page of the host, where this session takes hands."""
    if not state.uses(EXTRA):
        return {}
    return {"hands": {"of_session": desk_hands(session), "by": by_at_the_desk}}


def speaking_now(session: ProgrammeSession, now: datetime) -> Speaking | None:
    """Return whose turn it is at `now`."""
    hand = speaking_in(session.id)
    if hand is None or hand.ends_at is None or not hand.speaks_at(now):
        return None
    if session.phase_at(now) not in OPEN_PHASES:
        return None
    return Speaking(hand, by_of(hand), hand.ends_at)


def by_at_the_desk(hand: Hand) -> dict[str, Any]:
    """Return who it is for the session's moderators, who may know a hidden name."""
    shown = {"as": "name", "name": hand.name, "role": hand.role.value}
    marks = ({"mark": hand.mark} if hand.mark else {}) | ({"hidden": True} if hand.name_hidden else {})
    return shown | marks
