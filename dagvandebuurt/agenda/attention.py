"""What asks for an organiser in the agenda: answers that are late, and sessions that were not rounded off."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from dagvandebuurt.agenda.deadlines import days_late
from dagvandebuurt.agenda.models import Decision, FollowUp, FollowUpStatus, Heard, LessonMark
from dagvandebuurt.agenda.permissions import AgendaPermission
from dagvandebuurt.agenda.states import OWES_ANSWER
from dagvandebuurt.agenda.wrap_up import UNDECIDED
from dagvandebuurt.core.clock import local
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.people.models import Role, RoleGrant
from dagvandebuurt.programme.hooks import AttentionItem, Urgency
from dagvandebuurt.programme.models import Edition, Organisation, ProgrammeSession, SessionStatus
from dagvandebuurt.qanda.models import Question

NAMED = 3
MOST_APART = 2  # sessions with a line of their own
_OWED = or_(
    FollowUp.status.in_(OWES_ANSWER),
    and_(FollowUp.status == FollowUpStatus.ANSWERED, FollowUp.decision == Decision.RESEARCHING),
)


def attention_of_the_agenda(actor: Actor, edition: Edition, now: datetime) -> Sequence[AttentionItem]:
    return [*_late(now), *_without_a_contact(), *_not_rounded_off(actor, edition, now)]


def _late(now: datetime) -> list[AttentionItem]:
    """Return the action points whose date is past, of every edition: the promise outlives the day."""
    past = (_OWED, FollowUp.due_on < local(now).date())
    count = db.session.scalar(select(func.count()).select_from(FollowUp).where(*past)) or 0
    points = db.session.scalars(
        select(FollowUp)
        .where(*past)
        .options(joinedload(FollowUp.organisation))
        .order_by(FollowUp.due_on, FollowUp.number)
        .limit(NAMED)
    )
    found = [
        AttentionItem(
            urgency=Urgency.NOW,
            code="late",
            title=ngettext(
                "Actiepunt %(number)s is %(num)s dag te laat.",
                "Actiepunt %(number)s is %(num)s dagen te laat.",
                days_late(point, now), number=point.number,
            ),
            says=f"{point.organisation.name}: {point.title}" if point.organisation else point.title,
            deed=_("Bekijk"),
            path=path_for("agenda.show", number=point.number),
            icon="clock",
        )
        for point in points
    ]  # fmt: skip
    if count > NAMED:
        found.append(
            AttentionItem(
                urgency=Urgency.SOON,
                code="more are late",
                title=ngettext(
                    "Nog %(num)s actiepunt is te laat.",
                    "Nog %(num)s actiepunten zijn te laat.",
                    count - NAMED,
                ),
                says="",
                deed=_("Bekijk ze allemaal"),
                path=path_for("agenda.index", stand="late"),
                icon="clock",
            )
        )
    return found


def _without_a_contact() -> list[AttentionItem]:
    """Return the organisations that must answer and have nobody here who can."""
    has_contact = exists().where(RoleGrant.role == Role.ORG_CONTACT, RoleGrant.scope_id == Organisation.id)
    nobody = db.session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(select(FollowUp.organisation_id).where(_OWED)), ~has_contact)
        .order_by(Organisation.name)
    ).all()
    if not nobody:
        return []
    one = nobody[0] if len(nobody) == 1 else None
    more = {"organisatie": str(one.id)} if one else {}
    return [
        AttentionItem(
            urgency=Urgency.SOON,
            code="without a contact",
            title=_("%(name)s heeft hier nog niemand die antwoordt.", name=one.name)
            if one
            else _("%(count)s organisaties hebben hier nog niemand die antwoordt.", count=len(nobody)),
            says=_("Er wacht een actiepunt, en niemand krijgt de mail.")
            if one
            else ", ".join(each.name for each in nobody[:NAMED]) + (", …" if len(nobody) > NAMED else "."),
            deed=_("Vraag iemand"),
            path=path_for("organisation.roles", rol=Role.ORG_CONTACT.value, anchor="vraag", **more),
            icon="person",
        )
    ]


def _not_rounded_off(actor: Actor, edition: Edition, now: datetime) -> list[AttentionItem]:
    """Return the sessions that are over and not shared, or of which a question is still to be decided."""
    is_shared = exists().where(Heard.session_id == ProgrammeSession.id, Heard.published_at.is_not(None))
    open_question = exists().where(
        Question.session_id == ProgrammeSession.id,
        Question.status.in_(UNDECIDED),
        ~exists().where(LessonMark.question_id == Question.id),
    )
    left = db.session.scalars(
        select(ProgrammeSession)
        .where(
            ProgrammeSession.edition_id == edition.id,
            ProgrammeSession.status == SessionStatus.SCHEDULED,
            ProgrammeSession.ends_at <= now,
            or_(~is_shared, open_question),
        )
        .order_by(ProgrammeSession.ends_at, ProgrammeSession.title)
    ).all()
    if len(left) > MOST_APART:
        return [
            AttentionItem(
                urgency=Urgency.SOON,
                code="not rounded off",
                title=_("%(count)s sessies zijn voorbij en nog niet afgerond.", count=len(left)),
                says=_(
                    "Wie vroeg, weet nog niet wat ermee gebeurt. De eerste is %(title)s.", title=left[0].title
                ),
                deed=_("Bekijk de dag"),
                path=path_for("organisation.index", anchor="dag"),
                icon="check",
            )
        ]
    return [_one_not_rounded_off(actor, session) for session in left]


def _one_not_rounded_off(actor: Actor, session: ProgrammeSession) -> AttentionItem:
    harvests = can(actor, AgendaPermission.HARVEST, session)
    where = "agenda.harvesting" if harvests else "organisation.session"
    return AttentionItem(
        urgency=Urgency.SOON,
        code="not rounded off",
        title=_("%(title)s is voorbij en nog niet afgerond.", title=session.title),
        says=_("Wie vroeg, weet nog niet wat ermee gebeurt."),
        deed=_("Rond af") if harvests else _("Bekijk de sessie"),
        path=path_for(where, slug=session.slug),
        icon="check",
        session_id=session.id,
    )
