"""Live events of moderation: maps each message of a socket or plain form to a command."""

from typing import Any

from dagvandebuurt.core.db import db
from dagvandebuurt.live.dispatch import writes_with
from dagvandebuurt.live.writes import LiveAct, Moment, Verb
from dagvandebuurt.moderation import forms, letters, rules
from dagvandebuurt.moderation.items import sign
from dagvandebuurt.programme.queries import session_by_id
from dagvandebuurt.qanda.models import Question


def _send(actor: Any, act: forms.SendReport, at: Moment) -> dict[str, Any]:
    sent = rules.report(
        actor,
        session_by_id(actor, act.session),
        question_id=act.question,
        reason=act.reason.value,
        note=act.note,
        at=at,
    )
    return {"report": {"id": str(sent.id), "status": sent.status}}


def _report_line(actor: Any, act: forms.ReportLine, at: Moment) -> dict[str, Any]:
    session = _session(actor, act)
    sent = rules.report_line(actor, session, line_id=act.line, reason=act.reason.value, note=act.note, at=at)
    return {"report": {"id": str(sent.id), "status": sent.status}}


def _take(actor: Any, act: forms.HandleReport, at: Moment) -> dict[str, Any]:
    return {
        "report": sign(rules.take(actor, _session(actor, act), report_id=act.report, seen=act.seen, at=at))
    }


def _dismiss(actor: Any, act: forms.Dismiss, at: Moment) -> dict[str, Any]:
    found = rules.dismiss(
        actor, _session(actor, act), report_id=act.report, note=act.note, seen=act.seen, at=at
    )
    letters.tell_reporter(found, now=at.now)
    return {"report": sign(found)}


def _appeal(actor: Any, act: forms.AppealReport, at: Moment) -> dict[str, Any]:
    made = rules.appeal(actor, _session(actor, act), report_id=act.report, text=act.text, at=at)
    return {"appeal": {"id": str(made.id), "status": made.status}}


def _decide(actor: Any, act: forms.DecideAppeal, at: Moment) -> dict[str, Any]:
    found, settled = rules.decide(
        actor,
        _session(actor, act),
        appeal_id=act.appeal,
        grant=act.grant,
        note=act.note,
        seen=act.seen,
        at=at,
    )
    for each in settled:
        letters.tell_reporter(each, now=at.now)
    question = db.session.get(Question, found.question_id)
    if found.change_id is not None and question is not None:
        letters.tell_asker_of_appeal(found, question, now=at.now)
    return {"appeal": sign(found)}


def _session(actor: Any, act: LiveAct) -> Any:
    return session_by_id(actor, act.session)


REPORT = writes_with(Verb("report:send", forms.SendReport, _send))
REPORT_LINE = writes_with(Verb("report:line", forms.ReportLine, _report_line))
TAKE = writes_with(Verb("report:take", forms.HandleReport, _take))
DISMISS = writes_with(Verb("report:dismiss", forms.Dismiss, _dismiss))
APPEAL = writes_with(Verb("report:appeal", forms.AppealReport, _appeal))
DECIDE = writes_with(Verb("appeal:decide", forms.DecideAppeal, _decide))
