"""What asks for an organiser in the moderation: reports and appeals that nobody decided about."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.moderation.models import Appeal, AppealStatus, Report
from dagvandebuurt.moderation.permissions import ModerationPermission
from dagvandebuurt.moderation.queries import texts_to_judge
from dagvandebuurt.moderation.states import UNDECIDED
from dagvandebuurt.people.models import Role
from dagvandebuurt.programme.hooks import AttentionItem, Urgency
from dagvandebuurt.programme.models import Edition, ProgrammeSession

NAMED = 3
AT_ONCE = timedelta(hours=1)


def attention_of_moderation(actor: Actor, edition: Edition, now: datetime) -> Sequence[AttentionItem]:
    return [*_in_sessions(actor, edition, now), *_outside(actor)]


def _in_sessions(actor: Actor, edition: Edition, now: datetime) -> list[AttentionItem]:
    """Return the sessions where reports or appeals wait, the longest wait first."""
    reports = select(Report.session_id, Report.sent_at).where(Report.status.in_(UNDECIDED))
    appeals = select(Appeal.session_id, Appeal.sent_at).where(Appeal.status == AppealStatus.RECEIVED)
    waiting = reports.union_all(appeals).subquery()
    oldest = func.min(waiting.c.sent_at).label("oldest")
    rows = db.session.execute(
        select(ProgrammeSession, func.count(), oldest)
        .join(waiting, waiting.c.session_id == ProgrammeSession.id)
        .where(ProgrammeSession.edition_id == edition.id)
        .group_by(ProgrammeSession.id)
        .order_by(oldest, ProgrammeSession.title)
        .limit(NAMED)
    )
    return [_item(actor, session, count, since, now) for session, count, since in rows]


def _item(
    actor: Actor, session: ProgrammeSession, count: int, since: datetime, now: datetime
) -> AttentionItem:
    decides = can(actor, ModerationPermission.HANDLE, session)
    where = "moderation.reports" if decides else "organisation.session"
    return AttentionItem(
        urgency=Urgency.NOW if now - since >= AT_ONCE else Urgency.SOON,
        code="reports wait",
        title=ngettext(
            "%(num)s melding wacht op een besluit.", "%(num)s meldingen wachten op een besluit.", count
        ),
        says=_("Bij %(title)s. Een moderator van die sessie beslist.", title=session.title),
        deed=_("Beslis") if decides else _("Bekijk de sessie"),
        path=path_for(where, slug=session.slug),
        icon="warning",
        session_id=session.id,
    )


def _outside(actor: Actor) -> list[AttentionItem]:
    count = texts_to_judge()
    if not count:
        return []
    judges = can(actor, ModerationPermission.JUDGE_TEXTS)
    return [
        AttentionItem(
            urgency=Urgency.SOON,
            code="texts wait",
            title=ngettext(
                "%(num)s reactie of melding bij een les wacht.",
                "%(num)s reacties en meldingen bij lessen wachten.",
                count,
            ),
            says=_("Een moderator van alle sessies beslist."),
            deed=_("Beslis") if judges else _("Kijk wie dat is"),
            path=path_for("moderation.texts_desk")
            if judges
            else path_for("organisation.roles", rol=Role.MODERATOR.value),
            icon="warning",
        )
    ]
