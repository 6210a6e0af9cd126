"""Commands of alarms. Those about a question run under the lock of its live room."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.items import turn_on
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.qanda import desk_rules
from dagvandebuurt.qanda.authors import is_own
from dagvandebuurt.qanda.forms import HideReason
from dagvandebuurt.qanda.history import after_the_last, changed
from dagvandebuurt.qanda.models import Question, QuestionChange, QuestionStatus
from dagvandebuurt.qanda.queries import question_by_id
from dagvandebuurt.safety.errors import AlreadyRaised, AlreadyTaken, NoAlarm, NumbersChanged
from dagvandebuurt.safety.models import (
    EXTRA,
    AlarmAction,
    AlarmStatus,
    AlarmStep,
    DangerAlarm,
    DutyContact,
    HelpNumbers,
)
from dagvandebuurt.safety.permissions import SafetyPermission
from dagvandebuurt.safety.queries import (
    STAYS,
    alarm_by_id,
    alarm_of,
    may_be_on_duty,
    who_raised,
    who_took,
    written_numbers,
)

REASON = HideReason.URGENT.value


@command(needs=SafetyPermission.RAISE)
def raise_alarm(
    moderator: Actor, session: ProgrammeSession, *, question_id: UUID, seen: int | None = None, at: Moment
) -> DangerAlarm:
    """Say that somebody is in danger: hide the question at once, and alarm.

    What a colleague decided meanwhile is no reason to refuse: text about danger does not stay up because of a
    conflict. Refused only where it is known already (AlreadyRaised), and where a colleague showed the question
    again since, who called an earlier alarm a mistake (Changed).
    """
    question = question_by_id(moderator, session, question_id)
    alarm = alarm_of(question.id)
    if alarm is not None:
        if question.status is QuestionStatus.HIDDEN:
            raise AlreadyRaised(who_raised(alarm.id))
        if seen != question.desk_revision:
            raise changed(question)
    if question.status is QuestionStatus.HIDDEN:
        _mark_as_danger(moderator, question, at)
    else:
        desk_rules.hide(
            moderator,
            session,
            question_id=question.id,
            reason=REASON,
            note="",
            seen=question.desk_revision,
            at=at,
        )
    if alarm is None:
        turn_on(session.id, EXTRA)
        alarm = DangerAlarm(question_id=question.id, session_id=session.id)
        db.session.add(alarm)
    alarm.status, alarm.revision, alarm.raised_at, alarm.is_read = (
        AlarmStatus.RAISED, at.revision, at.now, False,
    )  # fmt: skip
    db.session.flush()
    _record(alarm, AlarmAction.RAISE, moderator, at.now)
    db.session.execute(
        update(Edition).where(Edition.id == session.edition_id).values(dangers_until=at.now + STAYS)
    )
    return alarm


def _mark_as_danger(moderator: Actor, question: Question, at: Moment) -> None:
    """Change the reason of a question that was hidden for another one."""
    question.hidden_reason, question.hidden_note = REASON, None
    question.revision = question.desk_revision = at.revision
    db.session.add(
        QuestionChange(
            question_id=question.id,
            moderator_id=moderator.id,
            moderator_name=moderator.name,
            before=question.status,
            after=question.status,
            deed="danger",
            reason=REASON,
            at=after_the_last(question.id, at.now),
        )
    )


@command(needs=SafetyPermission.ANSWER)
def take(
    actor: Actor, session: ProgrammeSession, *, alarm_id: UUID, seen: int | None = None, at: Moment
) -> DangerAlarm:
    """Say that one sees to it, so that it goes from the top of every desk; or take it over from a colleague.

    Raises AlreadyTaken where a colleague took it since `seen`, the revision on screen.
    """
    alarm = _alarm_in(session, alarm_id)
    if alarm.status is AlarmStatus.TAKEN and seen != alarm.revision:
        raise AlreadyTaken(who_took(alarm.id))
    alarm.status, alarm.revision = AlarmStatus.TAKEN, at.revision
    _record(alarm, AlarmAction.TAKE, actor, at.now)
    return alarm


@command(needs=SafetyPermission.ANSWER)
def tell(
    actor: Actor, session: ProgrammeSession, *, alarm_id: UUID, sentence: str | None, text: str, at: Moment
) -> AlarmStep:
    """Write to the asker, without knowing who that is. They read it with the numbers, also after putting them
    away.
    """
    alarm = _alarm_in(session, alarm_id)
    alarm.revision, alarm.is_read = at.revision, False
    # The asker's open page hears of it as of any change of their question.
    db.session.get_one(Question, alarm.question_id).revision = at.revision
    return _record(
        alarm, AlarmAction.TELL, actor, at.now, sentence=None if text else sentence, text=text or None
    )


@command(needs=SafetyPermission.READ_HELP)
def read_help(actor: Actor, session: ProgrammeSession, *, alarm_id: UUID, at: Moment) -> DangerAlarm:
    """Put the numbers away, as their reader. Raises NoAlarm for anybody but the asker. Idempotent."""
    alarm = _alarm_in(session, alarm_id)
    if not is_own(actor, db.session.get_one(Question, alarm.question_id)):
        raise NoAlarm
    if not alarm.is_read:
        alarm.is_read, alarm.revision = True, at.revision
    return alarm


@command(needs=SafetyPermission.ARRANGE)
def write_numbers(
    actor: Actor, _subject: None, *, numbers: Sequence[dict[str, str]], seen: int, now: datetime
) -> HelpNumbers | None:
    """Store the organisation's own numbers; an empty list is the standard ones. `seen` is the version on screen.

    Returns None where nothing changes. Raises NumbersChanged when a colleague wrote another version since.
    """
    newest = written_numbers()
    version = newest.version if newest else 0
    if seen != version:
        raise NumbersChanged
    if list(numbers) == (newest.numbers if newest else []):
        return None
    written = HelpNumbers(version=version + 1, numbers=list(numbers), written_at=now, written_by_id=actor.id)
    db.session.add(written)
    db.session.flush()
    return written


@command(needs=SafetyPermission.ARRANGE)
def choose_contacts(_actor: Actor, _subject: None, *, people: Collection[UUID]) -> int:
    """Choose who of the organisers is mailed; nobody chosen is everybody. Returns how many were chosen."""
    chosen = [person.id for person in may_be_on_duty() if person.id in people]
    db.session.execute(delete(DutyContact))
    db.session.add_all(DutyContact(person_id=person_id) for person_id in chosen)
    return len(chosen)


def _alarm_in(session: ProgrammeSession, alarm_id: UUID) -> DangerAlarm:
    alarm = alarm_by_id(alarm_id)
    if alarm.session_id != session.id:
        raise NoAlarm
    return alarm


def _record(
    alarm: DangerAlarm,
    action: AlarmAction,
    actor: Any,
    now: datetime,
    *,
    sentence: str | None = None,
    text: str | None = None,
) -> AlarmStep:
    step = AlarmStep(
        alarm_id=alarm.id,
        action=action,
        sentence=sentence,
        text=text,
        person_id=actor.id,
        person_name=actor.name,
        at=now,
    )
    db.session.add(step)
    db.session.flush()
    return step
