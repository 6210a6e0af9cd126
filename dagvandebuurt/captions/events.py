"""Live events of captions."""

from typing import Any
from uuid import UUID

from dagvandebuurt.captions import rules
from dagvandebuurt.captions.forms import AddLine, CorrectLine
from dagvandebuurt.captions.items import card
from dagvandebuurt.captions.models import CaptionLine
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.live import dispatch
from dagvandebuurt.live.writes import Moment, Recall, Verb
from dagvandebuurt.programme.queries import session_by_id


def _add(actor: Any, act: AddLine, at: Moment) -> dict[str, Any]:
    line = rules.add(actor, session_by_id(actor, act.session), text=act.text, at=at)
    return {"line": card(line)}


def _correct(actor: Any, act: CorrectLine, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    return {"line": card(rules.correct(actor, session, line_id=act.line, text=act.text, at=at))}


def _keep(answer: dict[str, Any]) -> dict[str, Any]:
    return {"line": answer["line"]["id"]}


def _again(actor: Any, act: AddLine | CorrectLine, kept: dict[str, Any]) -> dict[str, Any]:
    """Rebuild the acknowledgement with the current line: a stored result holds no text."""
    line = db.session.get(CaptionLine, UUID(kept["line"]))
    if line is None:
        raise NotFound
    return {"line": card(line)}


AGAIN = Recall(_keep, _again)
ADD = dispatch.writes_with(Verb("caption:add", AddLine, _add, recall=AGAIN))
CORRECT = dispatch.writes_with(Verb("caption:correct", CorrectLine, _correct, recall=AGAIN))
