"""Edition exports: questions with answers, polls, reports, places chosen per session, and mailings.

Anonymity holds: an anonymous question has no name, role, neighbourhood or hour, and reporters are never
named. Questions that were never published, or are hidden, are left out.
"""

from sqlalchemy import func, select

from dagvandebuurt.core import clock
from dagvandebuurt.core.clock import local
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.spreadsheets import Cell
from dagvandebuurt.labelling.queries import names_on
from dagvandebuurt.mailings.labels import STATUSES as MAILING_STATUSES
from dagvandebuurt.mailings.models import Mailing
from dagvandebuurt.mailings.queries import Outcome, outcomes
from dagvandebuurt.moderation.models import Report
from dagvandebuurt.organisation.queries import sessions_of
from dagvandebuurt.people.labels import PARTICIPANT_ROLES
from dagvandebuurt.polls.models import Poll, PollStatus
from dagvandebuurt.polls.queries import numbers_of
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.qanda.follow_ups import outcomes_of
from dagvandebuurt.qanda.models import PUBLIC, Appearance, Question, QuestionStatus
from dagvandebuurt.qanda.timelines import timelines_of
from dagvandebuurt.registration.models import PlaceStatus, SessionChoice

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


def choice_headers() -> list[str]:
    return [_("Sessie"), _("Begint"), _("Bevestigd"), _("Wachtlijst"), _("Plek aangeboden"), _("Afgemeld")]


def choice_rows(edition: Edition) -> Rows:
    """Yield a row for each session: how many chose it, by what became of it. Counts only, nobody's choices."""
    counted = db.session.execute(
        select(SessionChoice.session_id, SessionChoice.status, func.count())
        .join(ProgrammeSession, ProgrammeSession.id == SessionChoice.session_id)
        .where(ProgrammeSession.edition_id == edition.id)
        .group_by(SessionChoice.session_id, SessionChoice.status)
    )
    numbers = {(session_id, status): number for session_id, status, number in counted}
    shown = (PlaceStatus.CONFIRMED, PlaceStatus.WAITLISTED, PlaceStatus.OFFERED, PlaceStatus.CANCELLED)
    return [
        [session.title, session.starts_at, *(numbers.get((session.id, status), 0) for status in shown)]
        for session in sessions_of(edition)
    ]


def mailing_headers() -> list[str]:
    return [
        _("Onderwerp"), _("Tekst"), _("Stand"), _("Gemaakt op"), _("Begonnen op"),
        _("Verstuurd aan"), _("Kwam terug"), _("Geweigerd"), _("Overgeslagen"),
    ]  # fmt: skip


def mailing_rows(edition: Edition) -> Rows:
    """Yield a row for each mailing: its text and how many got it, never who."""
    found = db.session.scalars(
        select(Mailing).where(Mailing.edition_id == edition.id).order_by(Mailing.made_at, Mailing.id)
    ).all()
    told = (Outcome.SENT, Outcome.BOUNCED, Outcome.REFUSED, Outcome.LEFT_OUT)
    rows: Rows = []
    for mailing in found:
        became = outcomes(mailing)
        numbers = [became.get(outcome, 0) for outcome in told]
        status = str(MAILING_STATUSES[mailing.status])
        rows.append([mailing.subject, mailing.text, status, mailing.made_at, mailing.started_at, *numbers])
    return rows
