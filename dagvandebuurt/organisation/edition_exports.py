"""Edition exports: questions with answers, polls, reports.

Anonymity holds: an anonymous question has no name, role, neighbourhood or hour, and reporters are never
named. Questions that were never published, or are hidden, are left out.
"""

from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.clock import local
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.spreadsheets import Cell
from dagvandebuurt.labelling.queries import names_on
from dagvandebuurt.moderation.models import Report
from dagvandebuurt.people.labels import PARTICIPANT_ROLES
from dagvandebuurt.polls.models import Poll, PollStatus
from dagvandebuurt.polls.queries import numbers_of
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.qanda.follow_ups import outcomes_of
from dagvandebuurt.qanda.models import PUBLIC, Appearance, Question, QuestionStatus
from dagvandebuurt.qanda.timelines import timelines_of

Rows = list[list[Cell]]


def question_headers() -> list[str]:
    return [
        _("Sessie"), _("Vraag"), _("Gevraagd door"), _("Rol"), _("Buurt"), _("Steun"), _("Stand"),
        _("Gevraagd op"), _("Antwoord"), _("Antwoord van"), _("Wat ermee gebeurt"), _("Labels"),
    ]  # fmt: skip


def question_rows(edition: Edition) -> Rows:
    """Yield every public question, and what was merged into it, by session and support."""
    shown = (*PUBLIC, QuestionStatus.MERGED)
    found = db.session.execute(
        select(Question, ProgrammeSession.title)
        .join(ProgrammeSession, ProgrammeSession.id == Question.session_id)
        .where(ProgrammeSession.edition_id == edition.id, Question.status.in_(shown), Question.was_public)
        .order_by(
            ProgrammeSession.starts_at, ProgrammeSession.title, Question.support_count.desc(), Question.id
        )
    ).all()
    became = outcomes_of([question.id for question, _title in found])
    lines = timelines_of([question for question, _title in found], now=clock.now())
    labels = names_on([question.id for question, _title in found])
    return [
        [
            title,
            question.text,
            *_asker(question),
            question.support_count,
            lines[question.id].label,
            local(question.asked_at).date(),
            question.answer,
            question.answered_by,
            " ".join(each.said for each in became.get(question.id, [])),
            ", ".join(labels.get(question.id, [])),
        ]
        for question, title in found
    ]


def _asker(question: Question) -> list[Cell]:
    """Return name, role and neighbourhood, no more than is public."""
    if question.appearance is Appearance.ANONYMOUS:
        return [_("anoniem"), None, None]
    hidden = _("naam verborgen") if question.shown_as == "name_hidden" else None
    name = question.shown_name if question.shown_as == "name" else hidden
    return [name, str(PARTICIPANT_ROLES[question.asker_role]), question.shown_neighbourhood]


def poll_headers() -> list[str]:
    return [_("Sessie"), _("Peiling"), _("Keuze"), _("Stemmen")]


def poll_rows(edition: Edition) -> Rows:
    """Yield a row for each option of each closed poll: results of open ones are not known yet."""
    found = db.session.execute(
        select(Poll, ProgrammeSession.title)
        .join(ProgrammeSession, ProgrammeSession.id == Poll.session_id)
        .where(ProgrammeSession.edition_id == edition.id, Poll.status == PollStatus.CLOSED)
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title, Poll.opened_at, Poll.id)
    ).all()
    return [[title, poll.title, label, number] for poll, title in found for label, number in numbers_of(poll)]


def report_headers() -> list[str]:
    return [_("Waarover"), _("Reden"), _("Stand"), _("Gemeld op"), _("Besloten op"), _("Besluit")]


def report_rows(edition: Edition) -> Rows:
    """Yield reports of questions of this edition, and of texts of its months, without names or texts."""
    sessions = select(ProgrammeSession.id).where(ProgrammeSession.edition_id == edition.id)
    found = db.session.scalars(
        select(Report)
        .where((Report.session_id.in_(sessions)) | (Report.session_id.is_(None)))
        .order_by(Report.sent_at, Report.id)
    ).all()
    return [
        [
            report.kind.value,
            report.reason,
            report.status.value,
            local(report.sent_at).date(),
            local(report.decided_at).date() if report.decided_at else None,
            report.decision,
        ]
        for report in found
    ]
