"""What asks for an organiser in the programme: sessions without a moderator, changes that were not published."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from dagvandebuurt.core.clock import local
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.people.models import Role, RoleGrant
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.hooks import AttentionItem, Urgency
from dagvandebuurt.programme.models import DraftEntry, Edition, Phase, ProgrammeSession, SessionStatus

NAMED = 3  # sessions that get a line of their own; more of them are one line together
SOON = timedelta(hours=1)


def attention_of_the_programme(actor: Actor, edition: Edition, now: datetime) -> Sequence[AttentionItem]:
    return [*_without_a_moderator(actor, edition, now), *_not_published(edition)]


def _without_a_moderator(actor: Actor, edition: Edition, now: datetime) -> list[AttentionItem]:
    """Return the sessions to come that nobody moderates. Who moderates every session, moderates these too; with
    no moderator at all only those that are on: of the others, the list of what is to be done before the day says so.
    """
    scopes = set(db.session.scalars(select(RoleGrant.scope_id).where(RoleGrant.role == Role.MODERATOR)))
    if None in scopes:
        return []
    bare = db.session.scalars(
        select(ProgrammeSession)
        .where(
            ProgrammeSession.edition_id == edition.id,
            ProgrammeSession.status == SessionStatus.SCHEDULED,
            ProgrammeSession.ends_at > now,
            ProgrammeSession.id.not_in([scope for scope in scopes if scope is not None]),
        )
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title)
    ).all()
    if not scopes:  # the last one may have been taken away, or left, while people are in
        bare = [session for session in bare if session.phase_at(now) in (Phase.LOBBY, Phase.LIVE)]
    if len(bare) > NAMED:
        return [_many_without(bare, now)]
    return [_one_without(actor, session, now) for session in bare]


def _many_without(bare: Sequence[ProgrammeSession], now: datetime) -> AttentionItem:
    first = bare[0]
    return AttentionItem(
        urgency=_how_soon(first, now),
        code="without a moderator",
        title=_("%(count)s sessies hebben geen moderator.", count=len(bare)),
        says=_("De eerste is %(title)s, om %(time)s uur.", title=first.title, time=_clock(first)),
        deed=_("Vraag iemand"),
        path=path_for("organisation.roles", rol=Role.MODERATOR.value, anchor="vraag"),
        icon="person",
    )


def _one_without(actor: Actor, session: ProgrammeSession, now: datetime) -> AttentionItem:
    is_live = session.phase_at(now) in (Phase.LOBBY, Phase.LIVE)
    steps_in = is_live and can(actor, PeoplePermission.STEP_IN)
    return AttentionItem(
        urgency=_how_soon(session, now),
        code="without a moderator",
        title=_("%(title)s heeft geen moderator.", title=session.title),
        says=_("Niemand leest daar de vragen.")
        if is_live
        else _("Het begint om %(time)s uur.", time=_clock(session)),
        deed=_("Val in") if steps_in else _("Vraag iemand"),
        path=path_for("organisation.step_in", slug=session.slug)
        if steps_in
        else path_for("organisation.roles", rol=Role.MODERATOR.value, sessie=str(session.id), anchor="vraag"),
        icon="person",
        is_post=steps_in,
        session_id=session.id,
    )


def _how_soon(session: ProgrammeSession, now: datetime) -> Urgency:
    return Urgency.NOW if session.starts_at - now < SOON else Urgency.SOON


def _clock(session: ProgrammeSession) -> str:
    return f"{local(session.starts_at):%H.%M}"


def _not_published(edition: Edition) -> list[AttentionItem]:
    """Return the changes that visitors do not see yet. Of a day that is a draft itself that is no news."""
    if edition.status is EditionStatus.DRAFT:
        return []
    count = db.session.scalar(select(func.count()).where(DraftEntry.edition_id == edition.id)) or 0
    if not count:
        return []
    return [
        AttentionItem(
            urgency=Urgency.LATER,
            code="not published",
            title=ngettext(
                "%(num)s verandering is nog niet gepubliceerd.",
                "%(num)s veranderingen zijn nog niet gepubliceerd.",
                count,
            ),
            says=_("Bezoekers zien het programma zoals het was."),
            deed=_("Bekijk en publiceer"),
            path=path_for("programme.preview"),
            icon="calendar",
        )
    ]
