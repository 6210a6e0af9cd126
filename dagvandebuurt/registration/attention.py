"""What asks for an organiser in the registrations: access needs that nobody arranged, and waiting lists."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.programme.hooks import AttentionItem, Urgency
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionStatus
from dagvandebuurt.registration.models import AccessNeed, PlaceStatus, Registration, SessionChoice
from dagvandebuurt.registration.permissions import RegistrationPermission

NAMED = 3  # full sessions that get a line of their own, the longest list first
CLOSE = timedelta(days=2)


def attention_of_registration(actor: Actor, edition: Edition, now: datetime) -> Sequence[AttentionItem]:
    if edition.ends_at <= now:
        return []
    needs = _needs(edition, now) if can(actor, RegistrationPermission.ARRANGE_ACCESS) else []
    return [*needs, *_who_waits_for_the_day(edition), *_who_waits_for_a_session(edition, now)]


def _needs(edition: Edition, now: datetime) -> list[AttentionItem]:
    unarranged = (AccessNeed.edition_id == edition.id, AccessNeed.arranged_at.is_(None))
    count = db.session.scalar(select(func.count()).select_from(AccessNeed).where(*unarranged)) or 0
    if not count:
        return []
    return [
        AttentionItem(
            urgency=Urgency.NOW if edition.starts_at - now < CLOSE else Urgency.SOON,
            code="access needs",
            title=ngettext(
                "%(num)s persoon vroeg iets om mee te kunnen doen.",
                "%(num)s mensen vroegen iets om mee te kunnen doen.",
                count,
            ),
            says=_("Het is nog niet geregeld."),
            deed=_("Regel dit"),
            path=path_for("organisation.access"),
            icon="hand",
        )
    ]


def _who_waits_for_the_day(edition: Edition) -> list[AttentionItem]:
    waits = (Registration.edition_id == edition.id, Registration.status == PlaceStatus.WAITLISTED)
    count = db.session.scalar(select(func.count()).select_from(Registration).where(*waits)) or 0
    if not count:
        return []
    return [
        AttentionItem(
            urgency=Urgency.SOON,
            code="day is full",
            title=_("De dag is vol."),
            says=_waits(count),
            deed=_("Meer plekken"),
            path=path_for("organisation.day_places"),
            icon="people",
        )
    ]


def _who_waits_for_a_session(edition: Edition, now: datetime) -> list[AttentionItem]:
    waiting = func.count().label("waiting")
    rows = db.session.execute(
        select(ProgrammeSession, waiting)
        .join(SessionChoice, SessionChoice.session_id == ProgrammeSession.id)
        .where(
            ProgrammeSession.edition_id == edition.id,
            ProgrammeSession.status == SessionStatus.SCHEDULED,
            ProgrammeSession.ends_at > now,
            SessionChoice.status == PlaceStatus.WAITLISTED,
        )
        .group_by(ProgrammeSession.id)
        .order_by(waiting.desc(), ProgrammeSession.title)
    ).all()
    found = [
        AttentionItem(
            urgency=Urgency.SOON,
            code="session is full",
            title=_("%(title)s is vol.", title=session.title),
            says=_waits(count),
            deed=_("Meer plekken"),
            path=path_for("organisation.session", slug=session.slug, anchor="plekken-kop"),
            icon="people",
            session_id=session.id,
        )
        for session, count in rows[:NAMED]
    ]
    rest = rows[NAMED:]
    if rest:
        found.append(
            AttentionItem(
                urgency=Urgency.LATER,
                code="more are full",
                title=ngettext("Nog %(num)s sessie is vol.", "Nog %(num)s sessies zijn vol.", len(rest)),
                says=_waits(sum(count for _session, count in rest)),
                deed=_("Bekijk de dag"),
                path=path_for("organisation.index", anchor="dag"),
                icon="people",
            )
        )
    return found


def _waits(count: int) -> str:
    return ngettext(
        "%(num)s persoon staat op de wachtlijst.", "%(num)s mensen staan op de wachtlijst.", count
    )
