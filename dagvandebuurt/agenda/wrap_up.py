"""Wrap-up of a session ("oogst"): decide every open question, write down what was heard, and share it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from dagvandebuurt.agenda.errors import HeardChanged, NotOverYet, QuestionNotOpen
from dagvandebuurt.agenda.models import Heard, LessonMark
from dagvandebuurt.agenda.permissions import AgendaPermission
from dagvandebuurt.breakouts.queries import outcomes_of
from dagvandebuurt.captions.queries import lines_of
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.core.permissions import Actor, can, command
from dagvandebuurt.lessons.models import Lesson, LessonSource, SourceKind
from dagvandebuurt.polls.queries import shown_results
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.programme.queries import sessions_for
from dagvandebuurt.qanda.models import UNDO, Question, QuestionChange, QuestionStatus
from dagvandebuurt.qanda.states import OPEN

# Undecided statuses, including questions that wait for a moderator.
UNDECIDED = OPEN | {QuestionStatus.WAITING}


def what_was_said(session: ProgrammeSession) -> tuple[str, str] | None:
    """Return (heading, text) of the captions as they were written down; None where there are none."""
    lines = lines_of(session.id)
    return (_("Wat er gezegd werd"), "\n".join(line.text for line in lines)) if lines else None


@dataclass(frozen=True)
class Decided:
    """Question and how it ended: a word of `QuestionStatus`, or `lesson`."""

    question: Question
    how: str


def undecided(session_id: UUID) -> Sequence[Question]:
    """Return the questions still to be decided, most supported first."""
    return db.session.scalars(
        select(Question)
        .where(
            Question.session_id == session_id,
            Question.status.in_(UNDECIDED),
            Question.id.not_in(select(LessonMark.question_id)),
        )
        .order_by(Question.support_count.desc(), Question.asked_at, Question.id)
    ).all()


def still_open(session_id: UUID) -> list[Question]:
    """Return the questions everybody may read that are still to be decided."""
    return [each for each in undecided(session_id) if each.status in OPEN and not each.is_muted]


def turns_of(session_id: UUID) -> dict[UUID, datetime]:
    """Return when each question of a session was on stage last. A turn that its moderator undid is none."""
    on_stage = QuestionStatus.LIVE
    changes = db.session.execute(
        select(
            QuestionChange.question_id,
            QuestionChange.before,
            QuestionChange.after,
            QuestionChange.deed,
            QuestionChange.at,
        )
        .join(Question, Question.id == QuestionChange.question_id)
        .where(
            Question.session_id == session_id,
            QuestionChange.before != QuestionChange.after,
            (QuestionChange.before == on_stage) | (QuestionChange.after == on_stage),
        )
        .order_by(QuestionChange.at, QuestionChange.id)
    )
    turns: dict[UUID, list[datetime]] = {}
    for question_id, before, _after, deed, at in changes:
        if deed == UNDO:
            # Undoing the end of a turn is no new turn.
            if before is on_stage and turns.get(question_id):
                turns[question_id].pop()
        elif before is not on_stage:
            turns.setdefault(question_id, []).append(at)
    return {question_id: times[-1] for question_id, times in turns.items() if times}


def decided(session_id: UUID) -> list[Decided]:
    """Return those that were answered, became an action point, or go to a lesson."""
    rows = db.session.execute(
        select(Question, LessonMark.question_id)
        .outerjoin(LessonMark, LessonMark.question_id == Question.id)
        .where(
            Question.session_id == session_id,
            Question.status.in_((QuestionStatus.ANSWERED, QuestionStatus.FORWARDED))
            | LessonMark.question_id.is_not(None),
        )
        .order_by(Question.support_count.desc(), Question.asked_at, Question.id)
    )
    return [Decided(row[0], "lesson" if row[1] else row[0].status.value) for row in rows]


def is_harvested(session_id: UUID) -> bool:
    """Tell whether the text is shared, and no question is open."""
    heard = db.session.get(Heard, session_id)
    return heard is not None and heard.published_at is not None and not undecided(session_id)


def require_over(session: ProgrammeSession, now: datetime) -> None:
    """Raise NotOverYet."""
    if session.phase_at(now) is not Phase.ENDED:
        raise NotOverYet


@command(needs=AgendaPermission.HARVEST)
def to_lesson(
    actor: Actor, session: ProgrammeSession, *, question: Question, lesson: Lesson | None, now: datetime
) -> LessonMark:
    """Decide that a question becomes part of this or a future lesson, which names it as a source. Raises
    QuestionNotOpen when it was decided before.
    """
    require_over(session, now)
    if question.status not in OPEN or db.session.get(LessonMark, question.id) is not None:
        raise QuestionNotOpen
    mark = LessonMark(question_id=question.id, lesson_id=lesson.id if lesson else None, at=now)
    db.session.add(mark)
    if lesson is not None:
        last = db.session.scalar(
            select(func.max(LessonSource.position)).where(LessonSource.lesson_id == lesson.id)
        )
        db.session.add(
            LessonSource(
                lesson_id=lesson.id,
                position=0 if last is None else last + 1,
                kind=SourceKind.QUESTION,
                target_id=question.id,
            )
        )
    db.session.flush()
    return mark


@command(needs=AgendaPermission.HARVEST)
def write(
    actor: Any, session: ProgrammeSession, *, text: str, version: int, publish: bool, now: datetime
) -> Heard:
    """Save the text of *Wat we hoorden*, and share it with `publish`. What is still open is shown as open.

    `version` is the one its writer edited. Raises HeardChanged when somebody saved another one since.
    """
    require_over(session, now)
    heard = db.session.get(Heard, session.id, with_for_update=True, populate_existing=True)
    if (heard.version if heard else 0) != version:
        raise HeardChanged(version=heard.version if heard else 0)
    if heard is None:
        heard = Heard(session_id=session.id, version=0)
        db.session.add(heard)
    heard.text, heard.version = text, version + 1
    heard.edited_by, heard.edited_by_id, heard.edited_at = actor.name, actor.id, now
    if publish:
        heard.published_at = heard.published_at or now
    db.session.flush()
    return heard


def draft_of(session: ProgrammeSession) -> str:
    """Compose a draft from stored data only: no sentence is made up. For a person to edit."""
    parts = []
    by_how: dict[str, list[Question]] = {}
    for each in decided(session.id):
        by_how.setdefault(each.how, []).append(each.question)
    asked = sum(len(there) for there in by_how.values()) + len(undecided(session.id))
    parts.append(
        ngettext("Er was %(num)s vraag.", "Er waren %(num)s vragen.", asked)
        if asked
        else _("Er waren geen vragen.")
    )
    for question in by_how.get("answered", []):
        answer = f"{_('Antwoord van')} {question.answered_by}: {question.answer}"
        parts.append(f"{_('Gevraagd:')} {question.text}\n{answer}")
    for question in by_how.get("forwarded", []):
        parts.append(f"{_('Dit werd een actiepunt:')} {question.text}")
    for question in by_how.get("lesson", []):
        parts.append(f"{_('Dit nemen we mee in een les:')} {question.text}")
    for breakout, tables in outcomes_of(session.id):
        lines = [f"- {text}" for _number, texts in tables for text in texts]
        parts.append("\n".join([f"{_('Aan tafel:')} {breakout.card}", *lines]))
    for poll, result in shown_results(session.id):
        lines = [f"{label}: {number}" for label, number in result.rows] + list(result.notes)
        parts.append("\n".join([f"{_('Gepeild:')} {poll.title}", *lines]))
    return "\n\n".join(parts)


def to_harvest(actor: Any, now: datetime) -> Sequence[ProgrammeSession]:
    """Return ended sessions `actor` runs that are not wrapped up yet, the longest ago first."""
    return [
        session
        for session in db.session.scalars(sessions_for(actor))
        if session.phase_at(now) is Phase.ENDED
        and can(actor, AgendaPermission.HARVEST, session)
        and not is_harvested(session.id)
    ]


def shared(session: ProgrammeSession) -> Heard | None:
    """Return what was heard in a session, once it is published."""
    heard = db.session.get(Heard, session.id)
    return heard if heard is not None and heard.published_at is not None else None
