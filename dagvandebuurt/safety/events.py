"""Live events of alarms."""

from typing import Any
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.live.dispatch import writes_with
from dagvandebuurt.live.writes import LiveAct, Moment, Recall, Verb
from dagvandebuurt.programme.queries import session_by_id
from dagvandebuurt.qanda.forms import AtTheDesk
from dagvandebuurt.qanda.items import desk_card
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.qanda.queries import question_by_id
from dagvandebuurt.safety import forms, letters, queries, rules


def _raise(actor: Any, act: AtTheDesk, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    alarm = rules.raise_alarm(actor, session, question_id=act.question, seen=act.seen, at=at)
    question = db.session.get_one(Question, act.question)
    letters.alarm_people_on_duty(alarm, session, actor.name, now=at.now)
    letters.tell_asker(question, at.revision, now=at.now)
    return {"question": desk_card(question), "alarm": str(alarm.id)}


def _take(actor: Any, act: forms.AboutAlarm, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    alarm = rules.take(actor, session, alarm_id=act.alarm, seen=act.seen, at=at)
    return {"alarm": str(alarm.id), "status": alarm.status}


def _tell(actor: Any, act: forms.TellAsker, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    sentence = act.sentence.value if act.sentence else None
    step = rules.tell(actor, session, alarm_id=act.alarm, sentence=sentence, text=act.text, at=at)
    alarm = queries.alarm_by_id(act.alarm)
    letters.tell_asker(db.session.get_one(Question, alarm.question_id), step.id, now=at.now)
    return {"alarm": str(alarm.id)}


def _read(actor: Any, act: forms.ReadHelp, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    return {"alarm": str(rules.read_help(actor, session, alarm_id=act.alarm, at=at).id)}


def _kept(answer: dict[str, Any]) -> dict[str, Any]:
    return {"question": answer["question"]["id"], "alarm": answer["alarm"]}


def _raised_again(actor: Any, act: LiveAct, kept: dict[str, Any]) -> dict[str, Any]:
    """Rebuild the acknowledgement. Raises NotYours for somebody who no longer runs this session."""
    question = question_by_id(actor, session_by_id(actor, act.session), UUID(kept["question"]))
    return {"question": desk_card(question), "alarm": kept["alarm"]}


RAISE = writes_with(Verb("question:danger", AtTheDesk, _raise, recall=Recall(_kept, _raised_again)))
TAKE = writes_with(Verb("danger:take", forms.AboutAlarm, _take))
TELL = writes_with(Verb("danger:tell", forms.TellAsker, _tell))
READ = writes_with(Verb("danger:read", forms.ReadHelp, _read))
