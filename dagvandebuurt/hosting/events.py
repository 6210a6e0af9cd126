"""Live events of hosting."""

from typing import Any

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import require
from dagvandebuurt.hosting import forms, rules
from dagvandebuurt.hosting.items import order_card, signal_card
from dagvandebuurt.hosting.models import StageSignal
from dagvandebuurt.hosting.permissions import HostingPermission
from dagvandebuurt.hosting.queries import order_of
from dagvandebuurt.live.dispatch import writes_with
from dagvandebuurt.live.writes import Moment, Recall, Verb
from dagvandebuurt.programme.queries import session_by_id


def _place(actor: Any, act: forms.Place, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    order = rules.place(actor, session, question_id=act.question, earlier=act.earlier, seen=act.seen, at=at)
    return {"order": order_card(order)}


def _place_again(actor: Any, act: forms.Place, _kept: dict[str, Any]) -> dict[str, Any]:
    require(actor, HostingPermission.RUN, session_by_id(actor, act.session))
    return {"order": order_card(order_of(act.session))}


def _signal(actor: Any, act: forms.Signal, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    return {"signal": signal_card(rules.signal(actor, session, kind=act.kind, seen=act.seen, at=at))}


def _signal_again(actor: Any, act: forms.Signal, _kept: dict[str, Any]) -> dict[str, Any]:
    require(actor, HostingPermission.RUN, session_by_id(actor, act.session))
    sent = db.session.get(StageSignal, act.session)
    if sent is None:
        raise NotFound
    return {"signal": signal_card(sent)}


def _nothing(_answer: dict[str, Any]) -> dict[str, Any]:
    return {}


PLACE = writes_with(Verb("hosting:place", forms.Place, _place, recall=Recall(_nothing, _place_again)))
SIGNAL = writes_with(Verb("hosting:signal", forms.Signal, _signal, recall=Recall(_nothing, _signal_again)))
