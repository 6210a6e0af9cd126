"""What can be found of reports, appeals and decisions, by whom."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.moderation.models import Appeal, AppealStatus, Report, ReportStatus
from dagvandebuurt.moderation.states import UNDECIDED
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.models import Question, QuestionChange, QuestionStatus


def undecided_reports(session_id: UUID) -> list[tuple[Report, Question]]:
    """What waits for a decision here, with the question it is about, the oldest first."""
    rows = db.session.execute(
        select(Report, Question)
        .join(Question, Question.id == Report.question_id)
        .where(Report.session_id == session_id, Report.status.in_(UNDECIDED))
        .order_by(Report.sent_at, Report.id)
    )
    return [(row.Report, row.Question) for row in rows]


def undecided_appeals(session_id: UUID) -> list[tuple[Appeal, Question]]:
    """The appeals nobody decided yet, with their questions, the oldest first."""
    rows = db.session.execute(
        select(Appeal, Question)
        .join(Question, Question.id == Appeal.question_id)
        .where(Appeal.session_id == session_id, Appeal.status == AppealStatus.RECEIVED)
        .order_by(Appeal.sent_at, Appeal.id)
    )
    return [(row.Appeal, row.Question) for row in rows]


def waiting_for_a_moderator(session_id: UUID) -> list[UUID]:
    """The ids of all that waits for a decision here."""
    reports = select(Report.id).where(Report.session_id == session_id, Report.status.in_(UNDECIDED))
    appeals = select(Appeal.id).where(Appeal.session_id == session_id, Appeal.status == AppealStatus.RECEIVED)
    return list(db.session.scalars(reports.union_all(appeals)))


def decided(session_id: UUID) -> tuple[Sequence[Report], Sequence[Appeal]]:
    """What was decided here, the latest first."""
    reports = db.session.scalars(
        select(Report)
        .where(Report.session_id == session_id, Report.decided_at.is_not(None))
        .order_by(Report.decided_at.desc(), Report.id)
    ).all()
    appeals = db.session.scalars(
        select(Appeal)
        .where(Appeal.session_id == session_id, Appeal.decided_at.is_not(None))
        .order_by(Appeal.decided_at.desc(), Appeal.id)
    ).all()
    return reports, appeals


def hidings(session_id: UUID) -> list[tuple[QuestionChange, Question]]:
    """Who hid what in this session and why, and who showed it again; the latest first."""
    rows = db.session.execute(
        select(QuestionChange, Question)
        .join(Question, Question.id == QuestionChange.question_id)
        .where(
            Question.session_id == session_id,
            or_(
                QuestionChange.after == QuestionStatus.HIDDEN, QuestionChange.before == QuestionStatus.HIDDEN
            ),
        )
        .order_by(QuestionChange.at.desc(), QuestionChange.id)
    )
    return [(row.QuestionChange, row.Question) for row in rows]


def last_hiding(question_id: UUID) -> QuestionChange | None:
    """The decision by which a question was hidden, last."""
    return db.session.scalar(
        select(QuestionChange)
        .where(QuestionChange.question_id == question_id, QuestionChange.after == QuestionStatus.HIDDEN)
        .order_by(QuestionChange.at.desc())
        .limit(1)
    )


def appeal_of_asker(question_id: UUID) -> Appeal | None:
    """What the asker said against the last hiding, and what came of it."""
    hiding = last_hiding(question_id)
    return db.session.scalar(select(Appeal).where(Appeal.change_id == hiding.id)) if hiding else None


def reports_of(actor: Actor) -> list[tuple[Report, Question, ProgrammeSession, Appeal | None]]:
    """What `actor` reported and what came of it, the latest first."""
    if actor.id is None:
        return []
    rows = db.session.execute(
        select(Report, Question, ProgrammeSession, Appeal)
        .join(Question, Question.id == Report.question_id)
        .join(ProgrammeSession, ProgrammeSession.id == Report.session_id)
        .outerjoin(Appeal, Appeal.report_id == Report.id)
        .where(Report.reporter_id == actor.id)
        .order_by(Report.sent_at.desc(), Report.id)
    )
    return [(row.Report, row.Question, row.ProgrammeSession, row.Appeal) for row in rows]


def waiting_reports_by(person_id: UUID) -> int:
    """How many reports of this person nobody looked at yet."""
    waiting = select(func.count()).where(
        Report.reporter_id == person_id, Report.status == ReportStatus.RECEIVED
    )
    return db.session.scalar(waiting) or 0
