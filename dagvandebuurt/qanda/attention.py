"""What asks for an organiser in the questions: those that nobody reads."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.programme.hooks import AttentionItem, Urgency
from dagvandebuurt.programme.models import Edition, Phase, ProgrammeSession
from dagvandebuurt.qanda.models import Question, QuestionStatus
from dagvandebuurt.qanda.permissions import QandaPermission

NAMED = 3
PATIENCE_LIVE = timedelta(minutes=5)  # a conversation is over before long
PATIENCE = timedelta(days=1)  # of a question asked before the session


def attention_of_questions(actor: Actor, edition: Edition, now: datetime) -> Sequence[AttentionItem]:
    """Return the sessions where a question waits for longer than a moderator needs, the longest wait first."""
    oldest = func.min(Question.asked_at).label("oldest")
    rows = db.session.execute(
        select(ProgrammeSession, func.count(), oldest)
        .join(Question, Question.session_id == ProgrammeSession.id)
        .where(ProgrammeSession.edition_id == edition.id, Question.status == QuestionStatus.WAITING)
        .group_by(ProgrammeSession.id)
        .order_by(oldest, ProgrammeSession.title)
    ).all()
    late = [(session, count, since) for session, count, since in rows if _is_late(session, since, now)]
    return [_item(actor, session, count, now - since, now) for session, count, since in late[:NAMED]]


def _is_live(session: ProgrammeSession, now: datetime) -> bool:
    return session.phase_at(now) in (Phase.LOBBY, Phase.LIVE)


def _is_late(session: ProgrammeSession, since: datetime, now: datetime) -> bool:
    if session.phase_at(now) is Phase.ENDED:
        return False  # rounding the session off decides about them
    return now - since >= (PATIENCE_LIVE if _is_live(session, now) else PATIENCE)


def _item(
    actor: Actor, session: ProgrammeSession, count: int, waits: timedelta, now: datetime
) -> AttentionItem:
    is_live = _is_live(session, now)
    reads = can(actor, QandaPermission.READ_DESK, session)
    steps_in = not reads and is_live and can(actor, PeoplePermission.STEP_IN)
    where = "qanda.desk" if reads else "organisation.step_in" if steps_in else "organisation.session"
    return AttentionItem(
        urgency=Urgency.NOW if is_live else Urgency.SOON,
        code="questions wait",
        title=ngettext(
            "%(num)s vraag wacht bij %(title)s.", "%(num)s vragen wachten bij %(title)s.",
            count, title=session.title,
        ),
        says=_how_long(waits),
        deed=_("Lees de vragen") if reads else _("Val in") if steps_in else _("Bekijk de sessie"),
        path=path_for(where, slug=session.slug),
        icon="bubble",
        is_post=steps_in,
        session_id=session.id,
    )  # fmt: skip


def _how_long(waits: timedelta) -> str:
    minutes = int(waits.total_seconds() // 60)
    if minutes < 120:
        return ngettext("De oudste wacht %(num)s minuut.", "De oudste wacht %(num)s minuten.", minutes)
    if waits < timedelta(days=2):
        return _("De oudste wacht %(hours)s uur.", hours=minutes // 60)
    return _("De oudste wacht %(days)s dagen.", days=waits.days)
