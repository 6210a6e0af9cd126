"""Commands on reports, decisions and appeals about comments and lessons.

The state machine is that of questions (`states.py`), without the room of a session.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.lessons import comment_rules as comments
from dagvandebuurt.lessons import rules as lessons
from dagvandebuurt.lessons.models import Comment
from dagvandebuurt.moderation.errors import (
    AlreadyContested,
    AlreadyDecided,
    AlreadyReported,
    NoteNeeded,
    NothingToContest,
    NothingToReport,
    NotYours,
    OwnDecision,
    TooManyReports,
)
from dagvandebuurt.moderation.models import Appeal, AppealStatus, Report, ReportedKind, TextDecision
from dagvandebuurt.moderation.permissions import ModerationPermission
from dagvandebuurt.moderation.queries import last_text_decision, waiting_reports_by
from dagvandebuurt.moderation.rules import MOST_WAITING, TRY_AGAIN_SECONDS, sign
from dagvandebuurt.moderation.states import TEXT_REPORTS, Action
from dagvandebuurt.moderation.subjects import Subject, subject_behind
from dagvandebuurt.people.queries import require_reason


@dataclass(frozen=True)
class Outside:
    """Timestamp outside any session's room."""

    now: datetime
    revision: int | None = None


@command(needs=ModerationPermission.REPORT_TEXT)
def report(
    actor: Actor, subject: Subject, *, reason: str, note: str, name: str, email: str, now: datetime
) -> Report:
    """Report that something breaks a house rule or the law, also without a name. Raises NothingToReport,
    AlreadyReported, or TooManyReports.
    """
    if not subject.is_public:
        raise NothingToReport
    if actor.id is not None:
        about = Report.comment_id if subject.kind is ReportedKind.COMMENT else Report.lesson_id
        mine = select(Report.id).where(about == subject.id, Report.reporter_id == actor.id)
        if db.session.scalar(mine) is not None:
            raise AlreadyReported
        if waiting_reports_by(actor.id) >= MOST_WAITING:
            raise TooManyReports(TRY_AGAIN_SECONDS)
    sent = Report(
        **_about(subject),
        reporter_id=actor.id,
        reporter_name=name or None,
        reporter_email=email or None,
        reason=reason,
        note=note or None,
        sent_at=now,
    )
    db.session.add(sent)
    db.session.flush()
    return sent


@TEXT_REPORTS.command(Action.TAKE)
def take(moderator: Actor, report: Report, *, now: datetime) -> None:
    """Claim a report. Raises AlreadyDecided."""
    _lock(report)
    TEXT_REPORTS.apply(moderator, report, Action.TAKE, Outside(now))
    report.taken_by = moderator.name


@TEXT_REPORTS.command(Action.DISMISS)
def dismiss(moderator: Actor, report: Report, *, note: str, now: datetime) -> None:
    """Dismiss a report; its reporter reads why. Raises NoteNeeded, or AlreadyDecided."""
    if not note:
        raise NoteNeeded
    _lock(report)
    TEXT_REPORTS.apply(moderator, report, Action.DISMISS, Outside(now))
    sign(report, moderator, now, decision=note)
    report.is_upheld = False


@TEXT_REPORTS.command(Action.UPHOLD)
def hide(moderator: Any, subject: Subject, *, reason: str, note: str, now: datetime) -> list[Report]:
    """Hide something, with a reason. Returns the upheld reports: reporters and author are notified. Raises
    what the state machine of the comment or lesson refuses.
    """
    require_reason(reason, now)
    if isinstance(subject.thing, Comment):
        comments.hide_comment(moderator, subject.thing, reason=reason, note=note)
    else:
        lessons.take_down(moderator, subject.thing, note=note, now=now)
    _write_down(moderator, subject, is_hiding=True, reason=reason, note=note, now=now)
    upheld = _reports(subject, Action.UPHOLD)
    for found in upheld:
        TEXT_REPORTS.apply(moderator, found, Action.UPHOLD, Outside(now))
        sign(found, moderator, now, decision=note or None)
        found.is_upheld = True
    return upheld


@command(needs=ModerationPermission.HANDLE_TEXTS)
def show(moderator: Any, subject: Subject, *, note: str, now: datetime) -> None:
    """Reverse one's own or a colleague's hiding."""
    _show(moderator, subject, note, now)


@command(needs=ModerationPermission.HANDLE_TEXTS)
def let_through(moderator: Any, subject: Subject, *, now: datetime) -> None:
    """Approve a person's first contribution."""
    assert isinstance(subject.thing, Comment)  # its route passes comments only
    comments.let_through(moderator, subject.thing)


def appeal(report: Report, *, text: str, now: datetime) -> Appeal:
    """Appeal as the reporter; the private link gives the right. Raises AlreadyContested, or NothingToContest
    while nothing was decided against them.
    """
    _lock(report)
    if db.session.scalar(select(Appeal.id).where(Appeal.report_id == report.id)) is not None:
        raise AlreadyContested
    if report.is_upheld is not False:
        raise NothingToContest
    TEXT_REPORTS.apply(None, report, Action.APPEAL, Outside(now))
    return _contest(
        Appeal(report_id=report.id, text=text, against_id=report.decided_by_id, against=report.decided_by or ""),
        now,
    )  # fmt: skip


@command(needs=ModerationPermission.CONTEST_TEXT)
def contest(actor: Actor, subject: Subject, *, text: str, now: datetime) -> Appeal:
    """Appeal as the author against hiding. Raises NotYours, NothingToContest or AlreadyContested."""
    if subject.writer_id != actor.id:
        raise NotYours
    hiding = last_text_decision(subject.id) if subject.is_hidden else None
    if hiding is None or not hiding.is_hiding:
        raise NothingToContest
    if db.session.scalar(select(Appeal.id).where(Appeal.decision_id == hiding.id)) is not None:
        raise AlreadyContested
    for found in _reports(subject, Action.APPEAL):
        if found.is_upheld:
            TEXT_REPORTS.apply(actor, found, Action.APPEAL, Outside(now))
    made = Appeal(
        decision_id=hiding.id, text=text, against_id=hiding.moderator_id, against=hiding.moderator_name
    )
    return _contest(made, now)


@TEXT_REPORTS.command(Action.SETTLE)
def judge(moderator: Any, appeal: Appeal, *, grant: bool, note: str, now: datetime) -> list[Report]:
    """Decide an appeal. When granted, the first decision is reversed, if nobody did meanwhile. Returns the
    settled reports. Raises NoteNeeded, AlreadyDecided, or OwnDecision for the moderator who decided first.
    """
    if not note:
        raise NoteNeeded
    _lock(appeal)
    if appeal.status is not AppealStatus.RECEIVED:
        raise AlreadyDecided(by=appeal.decided_by)
    if appeal.against_id is not None and appeal.against_id == moderator.id:
        raise OwnDecision
    appeal.status = AppealStatus.GRANTED if grant else AppealStatus.REFUSED
    sign(appeal, moderator, now, decision=note)
    about = db.session.get(Report, appeal.report_id) if appeal.report_id else None
    decision = db.session.get(TextDecision, appeal.decision_id) if appeal.decision_id else None
    source = about or decision
    assert source is not None
    subject = subject_behind(source)
    if about is not None:
        settled, is_upheld = [about], grant
    else:
        found = _reports(subject, Action.SETTLE) if subject else []
        settled, is_upheld = [each for each in found if each.is_upheld], not grant
    if grant and subject is not None:
        if about is None and subject.is_hidden:
            _show(moderator, subject, note, now)
        elif about is not None and subject.can_be_hidden:
            hide(moderator, subject, reason=about.reason, note=note, now=now)
    for each in settled:
        TEXT_REPORTS.apply(moderator, each, Action.SETTLE, Outside(now))
        each.is_upheld = is_upheld
    return settled


def _show(moderator: Any, subject: Subject, note: str, now: datetime) -> None:
    if isinstance(subject.thing, Comment):
        comments.show_comment(moderator, subject.thing)
    else:
        lessons.put_back(moderator, subject.thing, note=note, now=now)
    _write_down(moderator, subject, is_hiding=False, reason=None, note=note, now=now)


def _write_down(
    moderator: Any, subject: Subject, *, is_hiding: bool, reason: str | None, note: str, now: datetime
) -> None:
    db.session.add(
        TextDecision(
            **_about(subject), is_hiding=is_hiding, reason=reason, note=note or None, at=now,
            moderator_id=moderator.id, moderator_name=moderator.name,
        )
    )  # fmt: skip
    db.session.flush()


def _about(subject: Subject) -> dict[str, Any]:
    about = "comment_id" if subject.kind is ReportedKind.COMMENT else "lesson_id"
    return {"kind": subject.kind, about: subject.id}


def _reports(subject: Subject, action: Action) -> list[Report]:
    about = Report.comment_id if subject.kind is ReportedKind.COMMENT else Report.lesson_id
    return list(
        db.session.scalars(
            select(Report).where(about == subject.id, Report.status.in_(TEXT_REPORTS.table[action].sources))
        )
    )


def _lock(found: Report | Appeal) -> None:
    """Lock the row: a concurrent decision waits here, and then sees the first one."""
    db.session.refresh(found, with_for_update=True)


def _contest(made: Appeal, now: datetime) -> Appeal:
    made.sent_at = now.replace(second=0, microsecond=0)
    db.session.add(made)
    db.session.flush()
    return made
