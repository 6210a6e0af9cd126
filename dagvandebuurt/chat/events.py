"""Live events of the hall chat."""

from typing import Any

from dagvandebuurt.chat import forms, rules
from dagvandebuurt.chat.models import ChatLine
from dagvandebuurt.live import dispatch
from dagvandebuurt.live.writes import Moment, Verb
from dagvandebuurt.programme.queries import session_by_id


def _told(line: ChatLine) -> dict[str, Any]:
    return {"line": {"id": str(line.id), "revision": line.revision, "hidden_reason": line.hidden_reason}}


def _say(actor: Any, act: forms.SayLine, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    line = rules.say(actor, session, line_id=act.id, text=act.text, at=at)
    return {"line": {"id": str(line.id)}}


def _hide(actor: Any, act: forms.HideLine, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    return _told(rules.hide(actor, session, line_id=act.line, reason=act.reason, seen=act.seen, at=at))


def _show(actor: Any, act: forms.AboutLine, at: Moment) -> dict[str, Any]:
    return _told(rules.show(actor, session_by_id(actor, act.session), line_id=act.line, seen=act.seen, at=at))


def _mute(actor: Any, act: forms.HideLine, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    return _told(rules.mute(actor, session, line_id=act.line, reason=act.reason, seen=act.seen, at=at))


def _unmute(actor: Any, act: forms.AboutLine, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    return _told(rules.unmute(actor, session, line_id=act.line, seen=act.seen, at=at))


def _arrange(actor: Any, act: forms.ArrangeChat, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    arranged = rules.arrange(
        actor, session, is_open=act.is_open, seconds_between=act.seconds_between, seen=act.seen, at=at
    )
    return {"chat": {"open": arranged.is_open, "seconds_between": arranged.seconds_between}}


SAY = dispatch.writes_with(Verb("chat:say", forms.SayLine, _say))
HIDE = dispatch.writes_with(Verb("chat:hide", forms.HideLine, _hide))
SHOW = dispatch.writes_with(Verb("chat:show", forms.AboutLine, _show))
MUTE = dispatch.writes_with(Verb("chat:mute", forms.HideLine, _mute))
UNMUTE = dispatch.writes_with(Verb("chat:unmute", forms.AboutLine, _unmute))
ARRANGE = dispatch.writes_with(Verb("chat:arrange", forms.ArrangeChat, _arrange))
