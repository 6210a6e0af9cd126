"""Reading alarms: what concerns somebody now, and what was done about each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import can
from dagvandebuurt.people.models import Person, Role
from dagvandebuurt.people.queries import people_with_role
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.authors import own_among
from dagvandebuurt.qanda.models import Question, QuestionStatus
from dagvandebuurt.safety.errors import NoAlarm
from dagvandebuurt.safety.models import (
    AlarmAction,
    AlarmStatus,
    AlarmStep,
    DangerAlarm,
    DutyContact,
    HelpNumbers,
)
from dagvandebuurt.safety.numbers import SENTENCES, HelpNumber, numbers_in_words, standard_numbers
from dagvandebuurt.safety.permissions import SafetyPermission

STAYS = timedelta(days=7)  # on every page of its asker, and on the desks while nobody took it


@dataclass(frozen=True, slots=True)
class OpenAlarm:
    """Alarm that nobody took yet, as the desks show it: without the text."""

    id: UUID
    revision: int
    session: ProgrammeSession
    by: str
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class HelpShown:
    """What an asker gets: phone numbers, and what the organisation wrote to them."""

    alarm_id: UUID
    numbers: Sequence[HelpNumber]
    said: Sequence[str]
    is_read: bool


@dataclass(frozen=True, slots=True)
class Concerns:
    """What of all alarms concerns one person."""

    alarms: Sequence[OpenAlarm] = ()
    help: Sequence[HelpShown] = ()


def concerns_of(actor: Any, edition_id: UUID, until: datetime | None, now: datetime) -> Concerns:
    """Return what a page says of alarms to `actor`.

    `until` is `Edition.dangers_until`: where there was no alarm there is no query, for this is asked for every
    page.
    """
    if until is None or until <= now or not actor.is_known:
        return Concerns()
    rows = db.session.execute(
        select(DangerAlarm, Question, ProgrammeSession)
        .join(Question, Question.id == DangerAlarm.question_id)
        .join(ProgrammeSession, ProgrammeSession.id == DangerAlarm.session_id)
        .where(
            ProgrammeSession.edition_id == edition_id,
            Question.status == QuestionStatus.HIDDEN,
            DangerAlarm.raised_at > now - STAYS,
        )
        .order_by(DangerAlarm.raised_at, DangerAlarm.id)
    ).all()
    own = {question.id for question in own_among(actor, [row.Question for row in rows])}
    return Concerns(
        alarms=[
            _open(row.DangerAlarm, row.ProgrammeSession)
            for row in rows
            if row.DangerAlarm.status is AlarmStatus.RAISED
            and can(actor, SafetyPermission.ANSWER, row.ProgrammeSession)
        ],
        help=[
            _help(row.DangerAlarm) for row in rows if row.Question.id in own and not row.DangerAlarm.is_read
        ],
    )


def _open(alarm: DangerAlarm, session: ProgrammeSession) -> OpenAlarm:
    return OpenAlarm(alarm.id, alarm.revision, session, who_raised(alarm.id) or "", alarm.raised_at)


def _help(alarm: DangerAlarm) -> HelpShown:
    told = [step for step in steps_of(alarm.id) if step.action is AlarmAction.TELL]
    said = [step.text or str(SENTENCES.get(step.sentence or "", "")) for step in told]
    return HelpShown(alarm.id, help_numbers(), [each for each in said if each], alarm.is_read)


def help_about(question_id: UUID) -> HelpShown | None:
    """Return what the asker of this question gets, as long as it is hidden because of danger."""
    alarm = alarm_of(question_id)
    if alarm is None or db.session.get_one(Question, question_id).status is not QuestionStatus.HIDDEN:
        return None
    return _help(alarm)


def alarm_of(question_id: UUID) -> DangerAlarm | None:
    return db.session.scalar(select(DangerAlarm).where(DangerAlarm.question_id == question_id))


def alarm_by_id(alarm_id: UUID) -> DangerAlarm:
    """Return an alarm. Raises NoAlarm."""
    found = db.session.get(DangerAlarm, alarm_id)
    if found is None:
        raise NoAlarm
    return found


def steps_of(alarm_id: UUID) -> Sequence[AlarmStep]:
    """Return the history of an alarm, oldest first."""
    return db.session.scalars(
        select(AlarmStep).where(AlarmStep.alarm_id == alarm_id).order_by(AlarmStep.at, AlarmStep.id)
    ).all()


def _last(alarm_id: UUID, action: AlarmAction) -> str | None:
    names = [step.person_name for step in steps_of(alarm_id) if step.action is action]
    return names[-1] if names else None


def who_raised(alarm_id: UUID) -> str | None:
    return _last(alarm_id, AlarmAction.RAISE)


def who_took(alarm_id: UUID) -> str | None:
    return _last(alarm_id, AlarmAction.TAKE)


def alarms_of(edition_id: UUID) -> list[tuple[DangerAlarm, Question, ProgrammeSession]]:
    """Return all alarms of an edition, the newest first."""
    rows = db.session.execute(
        select(DangerAlarm, Question, ProgrammeSession)
        .join(Question, Question.id == DangerAlarm.question_id)
        .join(ProgrammeSession, ProgrammeSession.id == DangerAlarm.session_id)
        .where(ProgrammeSession.edition_id == edition_id)
        .order_by(DangerAlarm.raised_at.desc(), DangerAlarm.id)
    )
    return [(row.DangerAlarm, row.Question, row.ProgrammeSession) for row in rows]


def written_numbers() -> HelpNumbers | None:
    """Return the newest version of the organisation's own numbers."""
    return db.session.scalar(select(HelpNumbers).order_by(HelpNumbers.version.desc()).limit(1))


def help_numbers() -> list[HelpNumber]:
    """Return the numbers that an asker gets, in the reader's language. Never none."""
    written = written_numbers()
    return numbers_in_words(written.numbers) if written and written.numbers else standard_numbers()


def may_be_on_duty() -> list[Person]:
    """Return everybody who organises, by name."""
    people = {person.id: person for role in (Role.ORGANISER, Role.ADMIN) for person in people_with_role(role)}
    return sorted(people.values(), key=lambda person: (person.name, str(person.id)))


def chosen_contacts() -> set[UUID]:
    return set(db.session.scalars(select(DutyContact.person_id)))


def on_duty() -> list[Person]:
    """Return who is mailed: those on the list who still organise, or all organisers where that is nobody."""
    people, chosen = may_be_on_duty(), chosen_contacts()
    return [person for person in people if person.id in chosen] or people
