"""Commands on reports and appeals, each under the lock of its session's room."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.chat.models import ChatLine
from dagvandebuurt.chat.queries import line_of
from dagvandebuurt.chat.rules import OPEN_PHASES
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.moderation.errors import (
    AlreadyContested,
    AlreadyDecided,
    AlreadyReported,
    NoSuchReport,
    NothingToContest,
    NothingToReport,
    OwnDecision,
    TakenMeanwhile,
    TooManyReports,
)
from dagvandebuurt.moderation.models import Appeal, AppealStatus, Report, ReportedKind, ReportStatus
from dagvandebuurt.moderation.permissions import ModerationPermission
from dagvandebuurt.moderation.queries import last_hiding, waiting_reports_by
from dagvandebuurt.moderation.states import REPORTS, Action
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda import desk_rules as questions
from dagvandebuurt.qanda import states as question_states
from dagvandebuurt.qanda.history import changed
from dagvandebuurt.qanda.models import PUBLIC, Question, QuestionStatus
from dagvandebuurt.qanda.models import Action as QuestionAction
from dagvandebuurt.qanda.queries import question_by_id

MOST_WAITING = 10  # limit of one person's unread reports
TRY_AGAIN_SECONDS = 300


@command(needs=ModerationPermission.REPORT)
def report(
    actor: Actor, session: ProgrammeSession, *, question_id: UUID, reason: str, note: str, at: Moment
) -> Report:
    """Report that a question breaks a house rule. Raises NothingToReport when it is not public any more,
    AlreadyReported, or TooManyReports.
    """
    assert actor.id is not None
    question = question_by_id(actor, session, question_id)
    if question.status not in PUBLIC:
        raise NothingToReport
    return _sent(Report(question_id=question.id), actor.id, session, reason=reason, note=note, at=at)


@command(needs=ModerationPermission.REPORT)
def report_line(
    actor: Actor, session: ProgrammeSession, *, line_id: UUID, reason: str, note: str, at: Moment
) -> Report:
    """Report a line of the hall chat. Raises NothingToReport when the hall does not read it any more,
    AlreadyReported, or TooManyReports.
    """
    assert actor.id is not None
    line = line_of(session.id, line_id)
    if line is None or not line.is_shown or session.phase_at(at.now) not in OPEN_PHASES:
        raise NothingToReport
    about = Report(kind=ReportedKind.CHAT_LINE, chat_line_id=line.id)
    return _sent(about, actor.id, session, reason=reason, note=note, at=at)


def _sent(
    new: Report, reporter: UUID, session: ProgrammeSession, *, reason: str, note: str, at: Moment
) -> Report:
    """Keep a new report of this reporter about what it names: once, and not when many of theirs wait."""
    mine = select(Report.id).filter_by(
        reporter_id=reporter, question_id=new.question_id, chat_line_id=new.chat_line_id
    )
    if db.session.scalar(mine) is not None:
        raise AlreadyReported
    if waiting_reports_by(reporter) >= MOST_WAITING:
        raise TooManyReports(TRY_AGAIN_SECONDS)
    new.session_id, new.revision, new.sent_at = session.id, at.revision, at.now
    new.reporter_id, new.reason, new.note = reporter, reason, note or None
    db.session.add(new)
    db.session.flush()
    return new


def uphold_line_reports(moderator: Any, line: ChatLine, at: Moment) -> list[Report]:
    """Uphold the reports of a line, within the transaction that hides it."""
    waiting = db.session.scalars(
        select(Report).where(
            Report.chat_line_id == line.id, Report.status.in_(REPORTS.table[Action.UPHOLD].sources)
        )
    ).all()
    for found in waiting:
        REPORTS.apply(moderator, found, Action.UPHOLD, at)
        sign(found, moderator, at.now, decision=None)
        found.is_upheld = True
    return list(waiting)


@REPORTS.command(Action.TAKE)
def take(
    moderator: Actor, session: ProgrammeSession, *, report_id: UUID, seen: int | None = None, at: Moment
) -> Report:
    """Claim a report, so that colleagues need not handle it. Raises AlreadyDecided."""
    found = _find(session, report_id)
    REPORTS.apply(moderator, found, Action.TAKE, at)
    found.taken_by = moderator.name
    return found


@REPORTS.command(Action.DISMISS)
def dismiss(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    report_id: UUID,
    note: str,
    seen: int | None = None,
    at: Moment,
) -> Report:
    """Dismiss a report; its reporter reads why. Raises AlreadyDecided, or TakenMeanwhile when a colleague
    claimed it since `seen`, its revision on screen (None: saw no claim).
    """
    found = _find(session, report_id)
    by_another = found.taken_by not in (None, moderator.name)
    if found.status is ReportStatus.UNDER_REVIEW and found.revision != seen and by_another:
        raise TakenMeanwhile(found.taken_by)
    REPORTS.apply(moderator, found, Action.DISMISS, at)
    sign(found, moderator, at.now, decision=note)
    found.is_upheld = False
    return found


def uphold_reports(moderator: Any, question: Question, at: Moment) -> list[Report]:
    """Uphold the reports of a question, within the transaction that hides it."""
    waiting = db.session.scalars(
        select(Report).where(
            Report.question_id == question.id, Report.status.in_(REPORTS.table[Action.UPHOLD].sources)
        )
    ).all()
    for found in waiting:
        REPORTS.apply(moderator, found, Action.UPHOLD, at)
        sign(found, moderator, at.now, decision=question.hidden_note)
        found.is_upheld = True
    return list(waiting)


def reopen_reports(question: Question, hidden_at: int, at: Moment) -> list[Report]:
    """Bring back the reports that were upheld by hiding the question, at revision `hidden_at`: that was undone."""
    found = db.session.scalars(
        select(Report).where(
            Report.question_id == question.id,
            Report.status == ReportStatus.UPHELD,
            Report.revision == hidden_at,
        )
    ).all()
    for each in found:
        REPORTS.apply(None, each, Action.REOPEN, at)
        each.is_upheld = each.decided_at = each.decided_by_id = each.decided_by = each.decision = None
        each.taken_by = None
    return list(found)


def take_reports_along(question: Question, there: Question, at: Moment) -> None:
    """Move the reports of a question to its new session, whose moderators decide. Same transaction."""
    for found in db.session.scalars(select(Report).where(Report.question_id == question.id)):
        found.question_id, found.session_id = there.id, there.session_id
        found.revision = there.revision


@REPORTS.command(Action.APPEAL)
def appeal(actor: Actor, session: ProgrammeSession, *, report_id: UUID, text: str, at: Moment) -> Appeal:
    """Appeal as the reporter. Raises NoSuchReport for another person's, AlreadyContested, or NothingToContest
    while nothing was decided against them. What was said in a hall chat is too soon gone for that.
    """
    found = _find(session, report_id)
    if found.reporter_id != actor.id:
        raise NoSuchReport
    if db.session.scalar(select(Appeal.id).where(Appeal.report_id == found.id)) is not None:
        raise AlreadyContested
    if found.is_upheld is not False or found.kind is ReportedKind.CHAT_LINE:
        raise NothingToContest
    REPORTS.apply(actor, found, Action.APPEAL, at)
    return _contest(
        Appeal(
            session_id=session.id,
            question_id=found.question_id,
            report_id=found.id,
            text=text,
            against_id=found.decided_by_id,
            against=found.decided_by or "",
        ),
        at,
    )


def contest(question: Question, *, text: str, at: Moment) -> Appeal:
    """Appeal as the asker against hiding. The private link of the question gives the right. Raises
    NothingToContest or AlreadyContested.
    """
    hiding = last_hiding(question.id) if question.status is QuestionStatus.HIDDEN else None
    if hiding is None:
        raise NothingToContest
    if db.session.scalar(select(Appeal.id).where(Appeal.change_id == hiding.id)) is not None:
        raise AlreadyContested
    for found in _reports(question, Action.APPEAL):
        if found.is_upheld:
            REPORTS.apply(None, found, Action.APPEAL, at)
    return _contest(
        Appeal(
            session_id=question.session_id,
            question_id=question.id,
            change_id=hiding.id,
            text=text,
            against_id=hiding.moderator_id,
            against=hiding.moderator_name,
        ),
        at,
    )


@REPORTS.command(Action.SETTLE)
def decide(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    appeal_id: UUID,
    grant: bool,
    note: str,
    seen: int | None = None,
    at: Moment,
) -> tuple[Appeal, list[Report]]:
    """Decide an appeal. When granted, the question is shown again, or hidden after all. Returns the settled
    reports.

    `seen` is the question's `desk_revision` on screen. Raises OwnDecision for the moderator who decided
    first, AlreadyDecided, or Changed when a colleague decided something else about the question meanwhile.
    """
    found = db.session.get(Appeal, appeal_id)
    if found is None or found.session_id != session.id:
        raise NoSuchReport
    if found.status is not AppealStatus.RECEIVED:
        raise AlreadyDecided(by=found.decided_by)
    if found.against_id is not None and found.against_id == moderator.id:
        raise OwnDecision
    question = db.session.get(Question, found.question_id)
    assert question is not None
    if grant:
        _still_as_seen(found, question, seen)
    found.status = AppealStatus.GRANTED if grant else AppealStatus.REFUSED
    found.revision = at.revision
    sign(found, moderator, at.now, decision=note)
    if found.report_id is not None:
        settled, is_upheld = [_find(session, found.report_id)], grant
    else:
        settled = [each for each in _reports(question, Action.SETTLE) if each.is_upheld]
        is_upheld = not grant
    if grant:
        _turn_round(moderator, session, found, question, settled, note, at)
    for each in settled:
        REPORTS.apply(moderator, each, Action.SETTLE, at)
        each.is_upheld = is_upheld
    return found, settled


def _still_as_seen(found: Appeal, question: Question, seen: int | None) -> None:
    """Raise Changed when a colleague decided about the question since. Without `seen`, only the contested
    hiding itself may be reversed.
    """
    if seen is not None:
        is_same = seen == question.desk_revision
    else:
        hiding = last_hiding(question.id)
        is_same = found.change_id is None or (hiding is not None and hiding.id == found.change_id)
    if not is_same:
        raise changed(question)


def _turn_round(
    moderator: Actor,
    session: ProgrammeSession,
    found: Appeal,
    question: Question,
    settled: list[Report],
    note: str,
    at: Moment,
) -> None:
    """Reverse the first decision, if nobody did meanwhile."""
    if found.change_id is not None and question.status is QuestionStatus.HIDDEN:
        questions.show(moderator, session, question_id=question.id, seen=question.desk_revision, at=at)
    elif found.report_id is not None and question_states.MACHINE.is_possible(question, QuestionAction.HIDE):
        reason = settled[0].reason
        questions.hide(
            moderator,
            session,
            question_id=question.id,
            reason=reason,
            note=note,
            seen=question.desk_revision,
            at=at,
        )


def _find(session: ProgrammeSession, report_id: UUID) -> Report:
    found = db.session.get(Report, report_id)
    if found is None or found.session_id != session.id:
        raise NoSuchReport
    return found


def _reports(question: Question, action: Action) -> list[Report]:
    return list(
        db.session.scalars(
            select(Report).where(
                Report.question_id == question.id, Report.status.in_(REPORTS.table[action].sources)
            )
        )
    )


def sign(found: Report | Appeal, moderator: Any, now: datetime, *, decision: str | None) -> None:
    """Record whose decision it is, and why."""
    found.decided_at, found.decision = now, decision
    found.decided_by_id, found.decided_by = moderator.id, moderator.name


def _contest(made: Appeal, at: Moment) -> Appeal:
    made.revision, made.sent_at = at.revision, at.now.replace(second=0, microsecond=0)
    db.session.add(made)
    db.session.flush()
    return made
