"""Commands on hands, each under the lock of its room, and idempotent."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.hands.errors import (
    HandMuted,
    HandsClosed,
    NoSuchHand,
    NoWayToSpeak,
    RulesChanged,
    SomebodySpeaks,
    TooManyHands,
)
from dagvandebuurt.hands.models import Hand, HandAction, HandRules, HandStatus
from dagvandebuurt.hands.permissions import HandPermission
from dagvandebuurt.hands.queries import hand_rules, hand_up_of, speaking_in
from dagvandebuurt.hands.states import MACHINE
from dagvandebuurt.live.items import turn_on
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.queries import name_of
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.qanda.hidden_names import hides_the_name_of
from dagvandebuurt.qanda.muting import is_muted_here
from dagvandebuurt.qanda.rules import mark_of

EXTRA = "hands"  # the name of this part among those a room may use
MOST_HANDS = 20  # of one person in one session
OPEN_PHASES = (Phase.LOBBY, Phase.LIVE)


@command(needs=HandPermission.CALL)
def arrange(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    has_meeting: bool,
    is_open: bool | None = None,
    minutes: int | None = None,
    way: str | None = None,
    seen: int | None = None,
    at: Moment,
) -> HandRules:
    """Let people raise a hand, or stop that; set how long a turn is and where somebody speaks. None leaves a
    setting as it is. Hands that are up stay up.

    `seen` is the revision of the settings on screen. Raises RulesChanged when a colleague changed them since,
    NoWayToSpeak when there would be no way to speak.
    """
    rules = hand_rules(session.id)
    if seen is not None and seen != rules.settings_revision:
        raise RulesChanged(by=name_of(rules.changed_by_id))
    rules.is_open = rules.is_open if is_open is None else is_open
    rules.minutes = rules.minutes if minutes is None else minutes
    rules.way = rules.way if way is None else way
    if rules.is_open and not rules.way and not has_meeting:
        raise NoWayToSpeak
    rules.revision = rules.settings_revision = at.revision
    rules.changed_by_id = moderator.id
    db.session.add(rules)
    turn_on(session.id, EXTRA)
    return rules


@command(needs=HandPermission.RAISE)
def raise_hand(actor: Actor, session: ProgrammeSession, *, hand_id: UUID, about: str, at: Moment) -> Hand:
    """Raise a hand. Who has one up already keeps that one.

    Raises HandsClosed, HandMuted, or TooManyHands.
    """
    assert actor.id is not None
    up = hand_up_of(session.id, actor.id)
    if up is not None:
        return up
    rules = hand_rules(session.id)
    if not rules.is_open or session.phase_at(at.now) not in OPEN_PHASES:
        raise HandsClosed
    if is_muted_here(session.id, actor.id):
        raise HandMuted
    raised = db.session.scalar(
        select(func.count()).where(Hand.session_id == session.id, Hand.person_id == actor.id)
    )
    if (raised or 0) >= MOST_HANDS or db.session.get(Hand, hand_id) is not None:
        raise TooManyHands
    hand = Hand(
        id=hand_id,
        session_id=session.id,
        person_id=actor.id,
        **_shown_as(actor, session),
        name_hidden=hides_the_name_of(session.id, actor.id),
        about=about,
        status=HandStatus.RAISED,
        raised_at=at.now,
    )
    db.session.add(hand)
    rules.revision = at.revision
    return hand


@MACHINE.command(HandAction.LOWER, HandAction.STOP)
def lower(actor: Actor, session: ProgrammeSession, *, hand_id: UUID, at: Moment) -> Hand:
    """Take one's own hand down, or end one's own turn. Raises NoSuchHand, or HandChanged when it is over."""
    hand = _find(session, hand_id)
    if hand.person_id != actor.id:
        raise NoSuchHand
    speaks = hand.status is HandStatus.SPEAKING
    return _apply(actor, hand, HandAction.STOP if speaks else HandAction.LOWER, at)


@MACHINE.command(HandAction.LET_IN)
def let_in(
    moderator: Actor, session: ProgrammeSession, *, hand_id: UUID, instead_of: UUID | None, at: Moment
) -> Hand:
    """Give this person the turn, for as long as the session says. `instead_of`: the hand on screen whose turn
    ends with it.

    Raises NoSuchHand, HandsClosed, HandChanged, or SomebodySpeaks where another person has the turn.
    """
    hand = _find(session, hand_id)
    if session.phase_at(at.now) not in OPEN_PHASES:
        raise HandsClosed
    MACHINE.require(hand, HandAction.LET_IN)
    now_speaking = speaking_in(session.id)
    if now_speaking is not None:
        if not now_speaking.speaks_at(at.now):
            _apply(None, now_speaking, HandAction.RUN_OUT, at)
        elif now_speaking.id == instead_of:
            finish(moderator, session, hand_id=instead_of, at=at)
        else:
            raise SomebodySpeaks(speaking=str(now_speaking.id), name=now_speaking.name)
        db.session.flush()  # one person speaks at a time: the first one's turn is over before the next begins
    hand.ends_at = at.now + timedelta(minutes=hand_rules(session.id).minutes)
    return _apply(moderator, hand, HandAction.LET_IN, at)


@MACHINE.command(HandAction.FINISH)
def finish(moderator: Actor, session: ProgrammeSession, *, hand_id: UUID, at: Moment) -> Hand:
    """End the turn of this person. Raises NoSuchHand, or HandChanged when it was over already."""
    return _apply(moderator, _find(session, hand_id), HandAction.FINISH, at)


@MACHINE.command(HandAction.PUT_DOWN)
def put_down(moderator: Actor, session: ProgrammeSession, *, hand_id: UUID, at: Moment) -> Hand:
    """Put a hand down that gets no turn now; its person may raise it again. Raises NoSuchHand, HandChanged."""
    return _apply(moderator, _find(session, hand_id), HandAction.PUT_DOWN, at)


def settle(session: ProgrammeSession, gone: Collection[UUID], *, at: Moment) -> int:
    """End turns whose time is up, and let hands lapse: all of them once the session is over, those of people
    who left before that. Idempotent. Returns how many.
    """
    hands = db.session.scalars(
        select(Hand).where(
            Hand.session_id == session.id, Hand.status.in_(MACHINE.table[HandAction.LAPSE].sources)
        )
    ).all()
    is_over = session.phase_at(at.now) not in OPEN_PHASES
    settled = 0
    for hand in hands:
        if is_over:
            _apply(None, hand, HandAction.LAPSE, at)
        elif hand.status is HandStatus.SPEAKING and not hand.speaks_at(at.now):
            _apply(None, hand, HandAction.RUN_OUT, at)
        elif hand.status is HandStatus.RAISED and hand.person_id in gone:
            _apply(None, hand, HandAction.LAPSE, at)
        else:
            continue
        settled += 1
    return settled


def _shown_as(actor: Any, session: ProgrammeSession) -> dict[str, Any]:
    return {
        "name": actor.name,
        "mark": mark_of(actor, session.id),
        "role": actor.participant_role,
    }


def _find(session: ProgrammeSession, hand_id: UUID) -> Hand:
    hand = db.session.get(Hand, hand_id)
    if hand is None or hand.session_id != session.id:
        raise NoSuchHand
    return hand


def _apply(actor: Actor | None, hand: Hand, action: HandAction, at: Moment) -> Hand:
    MACHINE.apply(actor, hand, action, at)
    hand_rules(hand.session_id).revision = at.revision
    return hand
