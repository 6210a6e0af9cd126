"""Live events of raised hands."""

from typing import Any

from flask import current_app

from dagvandebuurt.hands import forms, rules
from dagvandebuurt.hands.models import Hand
from dagvandebuurt.hands.ways import has_meeting
from dagvandebuurt.live import dispatch
from dagvandebuurt.live.writes import Moment, Verb
from dagvandebuurt.programme.queries import session_by_id


def _told(hand: Hand) -> dict[str, Any]:
    return {"hand": {"id": str(hand.id), "status": hand.status.value}}


def _raise(actor: Any, act: forms.RaiseHand, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    return _told(rules.raise_hand(actor, session, hand_id=act.id, about=act.about, at=at))


def _lower(actor: Any, act: forms.LowerHand, at: Moment) -> dict[str, Any]:
    return _told(rules.lower(actor, session_by_id(actor, act.session), hand_id=act.hand, at=at))


def _call(actor: Any, act: forms.CallHand, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    if act.deed == "let_in":
        return _told(rules.let_in(actor, session, hand_id=act.hand, instead_of=act.instead_of, at=at))
    decide = rules.finish if act.deed == "finish" else rules.put_down
    return _told(decide(actor, session, hand_id=act.hand, at=at))


def _arrange(actor: Any, act: forms.ArrangeHands, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    arranged = rules.arrange(
        actor,
        session,
        has_meeting=has_meeting(current_app.config, session),
        is_open=act.is_open,
        minutes=act.minutes,
        way=act.way,
        seen=act.seen,
        at=at,
    )
    return {"hands": {"open": arranged.is_open, "minutes": arranged.minutes}}


RAISE = dispatch.writes_with(Verb("hand:raise", forms.RaiseHand, _raise))
LOWER = dispatch.writes_with(Verb("hand:lower", forms.LowerHand, _lower))
CALL = dispatch.writes_with(Verb("hand:call", forms.CallHand, _call))
ARRANGE = dispatch.writes_with(Verb("hand:arrange", forms.ArrangeHands, _arrange))
