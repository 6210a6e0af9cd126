"""Queries of reports, appeals and decisions."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from dagvandebuurt.chat.models import ChatLine
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.lessons.models import Comment, CommentStatus, Lesson
from dagvandebuurt.moderation.models import (
    IN_SESSIONS,
    Appeal,
    AppealStatus,
    Report,
    ReportedKind,
    ReportStatus,
    TextDecision,
)
from dagvandebuurt.moderation.states import UNDECIDED
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.models import Question, QuestionChange, QuestionStatus


def undecided_reports(session_id: UUID) -> list[tuple[Report, Question]]:
    """Return undecided reports with their questions, oldest first."""
    rows = db.session.execute(
        select(Report, Question)
        .join(Question, Question.id == Report.question_id)
        .where(Report.session_id == session_id, Report.status.in_(UNDECIDED))
        .order_by(Report.sent_at, Report.id)
    )
    return [(row.Report, row.Question) for row in rows]


def undecided_line_reports(session_id: UUID) -> list[tuple[Report, ChatLine | None]]:
    """Return undecided reports of the hall chat with their lines, oldest first; no line where it was deleted."""
    rows = db.session.execute(
        select(Report, ChatLine)
        .outerjoin(ChatLine, ChatLine.id == Report.chat_line_id)
        .where(
            Report.session_id == session_id,
            Report.kind == ReportedKind.CHAT_LINE,
            Report.status.in_(UNDECIDED),
        )
        .order_by(Report.sent_at, Report.id)
    )
    return [(row[0], row[1]) for row in rows]


def undecided_appeals(session_id: UUID) -> list[tuple[Appeal, Question]]:
    """Return undecided appeals with their questions, oldest first."""
    rows = db.session.execute(
        select(Appeal, Question)
        .join(Question, Question.id == Appeal.question_id)
        .where(Appeal.session_id == session_id, Appeal.status == AppealStatus.RECEIVED)
        .order_by(Appeal.sent_at, Appeal.id)
    )
    return [(row.Appeal, row.Question) for row in rows]


def waiting_for_a_moderator(session_id: UUID) -> list[UUID]:
    """Return the ids of all that waits for a decision here."""
    reports = select(Report.id).where(Report.session_id == session_id, Report.status.in_(UNDECIDED))
    appeals = select(Appeal.id).where(Appeal.session_id == session_id, Appeal.status == AppealStatus.RECEIVED)
    return list(db.session.scalars(reports.union_all(appeals)))


def decided(session_id: UUID) -> tuple[Sequence[Report], Sequence[Appeal]]:
    """Return the decisions here, latest first."""
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
    """Return who hid what in this session and why, and who showed it again; latest first."""
    rows = db.session.execute(
        select(QuestionChange, Question)
        .join(Question, Question.id == QuestionChange.question_id)
        .where(
            Question.session_id == session_id,
            Question.is_muted.is_(
                False
            ),  # not listed: later questions of a muted asker would reveal whose they are
            or_(
                QuestionChange.deed.is_not(None),
                QuestionChange.after == QuestionStatus.HIDDEN,
                QuestionChange.before == QuestionStatus.HIDDEN,
            ),
        )
        .order_by(QuestionChange.at.desc(), QuestionChange.id)
    )
    return [(row.QuestionChange, row.Question) for row in rows]


def last_hiding(question_id: UUID) -> QuestionChange | None:
    """Return the latest decision that hid a question."""
    return db.session.scalar(
        select(QuestionChange)
        .where(
            QuestionChange.question_id == question_id,
            QuestionChange.after == QuestionStatus.HIDDEN,
            QuestionChange.deed.is_(None),
        )
        .order_by(QuestionChange.at.desc())
        .limit(1)
    )


def appeal_of_asker(question_id: UUID) -> Appeal | None:
    """Return the asker's appeal against the latest hiding, with its outcome."""
    hiding = last_hiding(question_id)
    return db.session.scalar(select(Appeal).where(Appeal.change_id == hiding.id)) if hiding else None


def reports_of(actor: Actor) -> list[tuple[Report, Question, ProgrammeSession, Appeal | None]]:
    """Return a person's reports with their outcome, latest first."""
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


def line_reports_of(actor: Actor) -> list[tuple[Report, ProgrammeSession]]:
    """Return a person's reports of the hall chat with their outcome, latest first."""
    if actor.id is None:
        return []
    rows = db.session.execute(
        select(Report, ProgrammeSession)
        .join(ProgrammeSession, ProgrammeSession.id == Report.session_id)
        .where(Report.reporter_id == actor.id, Report.kind == ReportedKind.CHAT_LINE)
        .order_by(Report.sent_at.desc(), Report.id)
    )
    return [(row[0], row[1]) for row in rows]


def waiting_reports_by(person_id: UUID) -> int:
    """Count a person's reports that nobody looked at yet."""
    waiting = select(func.count()).where(
        Report.reporter_id == person_id, Report.status == ReportStatus.RECEIVED
    )
    return db.session.scalar(waiting) or 0


# --- outside sessions ----------------------------------------------------------------------------


def first_contributions() -> list[tuple[Comment, Lesson]]:
    """Return comments of people without any approved comment, oldest first."""
    rows = db.session.execute(
        select(Comment, Lesson)
        .join(Lesson, Lesson.id == Comment.lesson_id)
        .where(Comment.status == CommentStatus.PENDING)
        .options(joinedload(Comment.author))
        .order_by(Comment.written_at, Comment.id)
    )
    return [(row[0], row[1]) for row in rows]


def undecided_text_reports() -> Sequence[Report]:
    return db.session.scalars(
        select(Report)
        .where(Report.kind.not_in(IN_SESSIONS), Report.status.in_(UNDECIDED))
        .order_by(Report.sent_at, Report.id)
    ).all()


def undecided_text_appeals() -> list[tuple[Appeal, Report | TextDecision]]:
    """Return undecided appeals with their subject, oldest first."""
    rows = db.session.execute(
        select(Appeal, Report, TextDecision)
        .outerjoin(Report, Report.id == Appeal.report_id)
        .outerjoin(TextDecision, TextDecision.id == Appeal.decision_id)
        .where(Appeal.session_id.is_(None), Appeal.status == AppealStatus.RECEIVED)
        .order_by(Appeal.sent_at, Appeal.id)
    )
    return [(row[0], row[1] or row[2]) for row in rows]


def text_decisions(most: int = 50) -> Sequence[TextDecision]:
    """Return who hid what and who showed it again, latest first."""
    return db.session.scalars(
        select(TextDecision).order_by(TextDecision.at.desc(), TextDecision.id).limit(most)
    ).all()


def last_text_decision(subject_id: UUID) -> TextDecision | None:
    """Return the latest decision about this comment or lesson."""
    return db.session.scalar(
        select(TextDecision)
        .where(or_(TextDecision.comment_id == subject_id, TextDecision.lesson_id == subject_id))
        .order_by(TextDecision.at.desc(), TextDecision.id)
        .limit(1)
    )


def appeal_of_writer(subject_id: UUID) -> Appeal | None:
    """Return the author's appeal against the latest hiding, with its outcome."""
    hiding = last_text_decision(subject_id)
    return db.session.scalar(select(Appeal).where(Appeal.decision_id == hiding.id)) if hiding else None


def appeal_against(report: Report) -> Appeal | None:
    """Return the reporter's appeal against the dismissal."""
    return db.session.scalar(select(Appeal).where(Appeal.report_id == report.id))


def text_reports_of(actor: Actor) -> Sequence[Report]:
    """Return a person's reports outside sessions, latest first."""
    if actor.id is None:
        return []
    return db.session.scalars(
        select(Report)
        .where(Report.reporter_id == actor.id, Report.kind.not_in(IN_SESSIONS))
        .order_by(Report.sent_at.desc(), Report.id)
    ).all()


def texts_to_judge() -> int:
    """Count the first comments, reports and appeals outside sessions that nobody decided about."""
    comments = select(func.count()).select_from(Comment).where(Comment.status == CommentStatus.PENDING)
    reports = (
        select(func.count())
        .select_from(Report)
        .where(Report.kind.not_in(IN_SESSIONS), Report.status.in_(UNDECIDED))
    )
    appeals = (
        select(func.count())
        .select_from(Appeal)
        .where(Appeal.session_id.is_(None), Appeal.status == AppealStatus.RECEIVED)
    )
    return sum(db.session.scalar(each) or 0 for each in (comments, reports, appeals))
