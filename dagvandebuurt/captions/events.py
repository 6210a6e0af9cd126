"""The live deeds of captions."""

from typing import Any

from dagvandebuurt.captions import rules
from dagvandebuurt.captions.forms import AddLine, CorrectLine
from dagvandebuurt.captions.items import card
from dagvandebuurt.live import door
from dagvandebuurt.live.writes import Moment, Verb
from dagvandebuurt.programme.queries import session_by_id


def _add(actor: Any, act: AddLine, at: Moment) -> dict[str, Any]:
    line = rules.add(actor, session_by_id(actor, act.session), text=act.text, at=at)
    return {"line": card(line)}


def _correct(actor: Any, act: CorrectLine, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    return {"line": card(rules.correct(actor, session, line_id=act.line, text=act.text, at=at))}


ADD = door.writes_with(Verb("caption:add", AddLine, _add))
CORRECT = door.writes_with(Verb("caption:correct", CorrectLine, _correct))
