"""Routes of the organiser's desk: overview, sessions, roles and access needs."""

from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.agenda.queries import organisations_that_answer
from dagvandebuurt.core import clock, network, worker_pool
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.models import Entity
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.core.text import clean_text, shortened
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.organisation import exports
from dagvandebuurt.organisation.forms import CallOffForm, InviteForm, MomentForm, PlacesForm, StopForm
from dagvandebuurt.organisation.permissions import OrganisationPermission
from dagvandebuurt.organisation.queries import (
    answers_by_person,
    by_domain,
    by_role,
    by_status,
    figures_of_sessions,
    registrations_of,
    sessions_of,
    titles_chosen,
)
from dagvandebuurt.organisation.queries import the_edition as _edition
from dagvandebuurt.people import roles as staff
from dagvandebuurt.people.access.login import current_actor
from dagvandebuurt.people.errors import NobodyThere
from dagvandebuurt.people.forms import EmailForm
from dagvandebuurt.people.labels import DOMAINS, PARTICIPANT_ROLES, ROLES
from dagvandebuurt.people.letters import mail_suspension, send_invitation, warn_owner
from dagvandebuurt.people.models import Invitation, Person, Role, RoleGrant
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.queries import all_grants, open_invitations, suspended_people
from dagvandebuurt.programme.editing import rules as programme_rules
from dagvandebuurt.programme.errors import EndsBeforeItBegins
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import session_by_slug
from dagvandebuurt.registration import custom_questions
from dagvandebuurt.registration import rules as registration_rules
from dagvandebuurt.registration.errors import TooFewPlaces
from dagvandebuurt.registration.forms import QuestionForm
from dagvandebuurt.registration.labels import ANSWER_KINDS, NEEDS
from dagvandebuurt.registration.letters import mail_need_arranged
from dagvandebuurt.registration.models import AccessNeed, AnswerKind, CustomQuestion, Need
from dagvandebuurt.registration.permissions import RegistrationPermission
from dagvandebuurt.registration.queries import choices_in

bp = Blueprint("organisation", __name__)
Thing = TypeVar("Thing", bound=Entity)


@bp.get("/organisatie")
@allows(OrganisationPermission.READ)
def index() -> ResponseReturnValue:
    edition = _edition(current_user.id)
    return render_template(
        "organisation/index.html",
        statuses=by_status(edition),
        roles=[(str(PARTICIPANT_ROLES[group.of]), group.count) for group in by_role(edition)],
        domains=[(str(DOMAINS[group.of]), group.count) for group in by_domain(edition)],
        figures=figures_of_sessions(edition),
        proxy_is_forgotten=network.proxy_is_forgotten(),
    )


@bp.get("/organisatie/aanmeldingen.<any(csv, xlsx):form>")
@allows(OrganisationPermission.EXPORT)
def registrations(form: str) -> ResponseReturnValue:
    with worker_pool.TABLES.turn():
        edition = _edition(current_user.id)
        questions = custom_questions.questions_of(edition)
        rows = exports.registration_rows(
            registrations_of(edition), titles_chosen(edition), answers_by_person(edition), questions
        )
        return exports.as_file("aanmeldingen", form, exports.registration_headers(questions), rows)


@bp.get("/organisatie/sessies/<slug>")
@allows(OrganisationPermission.ARRANGE)
def session(slug: str) -> ResponseReturnValue:
    return _session_page(session_by_slug(current_user, slug))


def _session_page(
    here: ProgrammeSession,
    *,
    moment: MomentForm | None = None,
    places: PlacesForm | None = None,
    off: CallOffForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    starts, ends = clock.local(here.starts_at), clock.local(here.ends_at)
    page = render_template(
        "organisation/session.html",
        session=here,
        told=len(choices_in(here)),
        moment=moment or MomentForm(formdata=None, day=starts.date(), starts=starts.time(), ends=ends.time()),
        places=places or PlacesForm(formdata=None, capacity=here.capacity),
        off=off or CallOffForm(formdata=None),
    )
    return page, status


@bp.post("/organisatie/sessies/<slug>/tijd")
@allows(OrganisationPermission.ARRANGE)
def reschedule(slug: str) -> ResponseReturnValue:
    """Move a session; everybody who chose it is mailed."""
    form = MomentForm()
    return attempt(
        form,
        lambda: programme_rules.reschedule(
            current_user,
            session_by_slug(current_user, slug),
            starts_at=form.starts_at,
            ends_at=form.ends_at,
            note=form.note.data or None,
            now=clock.now(),
        ),
        page=lambda form, status: _session_page(
            session_by_slug(current_user, slug), moment=form, status=status
        ),
        back=url_for(".session", slug=slug),
        said=lambda moved: (
            _("De sessie is verzet. Wie hem koos, krijgt een mail.") if moved else _("Er veranderde niets.")
        ),
        at=form.ends,
        shows=(EndsBeforeItBegins,),
    )


@bp.post("/organisatie/sessies/<slug>/plekken")
@allows(OrganisationPermission.ARRANGE)
def set_capacity(slug: str) -> ResponseReturnValue:
    form = PlacesForm()

    def act() -> None:
        here = session_by_slug(current_user, slug)
        registration_rules.set_capacity(current_user, here, capacity=form.capacity.data, now=clock.now())

    return attempt(
        form,
        act,
        page=lambda form, status: _session_page(
            session_by_slug(current_user, slug), places=form, status=status
        ),
        back=url_for(".session", slug=slug),
        said=_("Bewaard. Wie wachtte, hoort het als er een plek is."),
        at=form.capacity,
        shows=(TooFewPlaces,),
    )


@bp.post("/organisatie/sessies/<slug>/gaat-niet-door")
@allows(OrganisationPermission.ARRANGE)
def call_off(slug: str) -> ResponseReturnValue:
    form = CallOffForm()
    if not form.validate():
        return _session_page(session_by_slug(current_user, slug), off=form, status=422)
    with transaction():
        here = session_by_slug(current_user, slug)
        programme_rules.call_off(current_user, here, note=form.note.data or None, now=clock.now())
    flash(_("De sessie gaat niet door. Wie hem koos, krijgt een mail."))
    return redirect(url_for(".session", slug=slug), 303)


@bp.get("/organisatie/rollen")
@allows(PeoplePermission.INVITE)
def roles() -> ResponseReturnValue:
    return _roles()


def _invite_form() -> InviteForm:
    """Return the invitation form with the roles that the actor may give."""
    form = InviteForm()
    form.offer(
        [role for role in Role if can(current_user, PeoplePermission.GIVE_ROLE, role)],
        {session.id: session.title for session in sessions_of(_edition(current_user.id))},
        _organisations(),
    )
    return form


def _organisations() -> dict[UUID, str]:
    """Return the organisations that agreed to answer."""
    return {each.id: each.name for each in organisations_that_answer()}


def _roles(
    *, invite: InviteForm | None = None, stop: StopForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """Show roles, open invitations and suspended accounts."""
    page = render_template(
        "organisation/roles.html",
        grants=all_grants(),
        invitations=open_invitations(clock.now()),
        sessions={session.id: session.title for session in sessions_of(_edition(current_user.id))}
        | _organisations(),
        role_words=ROLES,
        form=invite or _invite_form(),
        stop=stop or StopForm(formdata=None),
        suspended=suspended_people(),
        may_stop=can(current_user, PeoplePermission.SUSPEND),
        may_take=lambda role: can(current_user, PeoplePermission.GIVE_ROLE, role),
    )
    return page, status


@bp.post("/organisatie/rollen")
@allows(PeoplePermission.INVITE)
@once
def invite() -> ResponseReturnValue:
    form = _invite_form()
    if not form.validate():
        return _roles(invite=form, status=422)
    with transaction():
        now = clock.now()
        custom_questions, token = staff.invite(
            current_user, Role(form.role.data), email=form.email.data or "", scope_id=form.scope, now=now
        )
        send_invitation(custom_questions, token, now=now)
    flash(_("De uitnodiging is gemaild."))
    return redirect(url_for(".roles"), 303)


@bp.post("/organisatie/rollen/uitnodiging/<uuid:invitation_id>/intrekken")
@allows(PeoplePermission.INVITE)
def withdraw_invitation(invitation_id: UUID) -> ResponseReturnValue:
    with transaction():
        invitation = _there(Invitation, invitation_id)
        staff.withdraw_invitation(current_user, invitation.role, invitation=invitation, now=clock.now())
    flash(_("De uitnodiging werkt niet meer."))
    return redirect(url_for(".roles"), 303)


@bp.post("/organisatie/rollen/<uuid:grant_id>/afnemen")
@allows(PeoplePermission.INVITE)
def take_role_back(grant_id: UUID) -> ResponseReturnValue:
    with transaction():
        grant = _there(RoleGrant, grant_id)
        person, role = grant.person, grant.role
        staff.revoke_role(current_user, role, grant=grant, now=clock.now())
        warn_owner(person, "role taken", now=clock.now(), role=str(ROLES[role]))
    flash(_("Deze rol is weg, ook op pagina's die open staan."))
    return redirect(url_for(".roles"), 303)


@bp.post("/organisatie/accounts/stilzetten")
@allows(PeoplePermission.SUSPEND)
@once
def stop_account() -> ResponseReturnValue:
    form = StopForm()

    def act() -> None:
        now = clock.now()
        person = staff.suspend(current_user, form.email.data or "", reason=form.reason.data or "", now=now)
        mail_suspension(person, now=now)

    return attempt(
        form,
        act,
        page=lambda form, status: _roles(stop=form, status=status),
        back=url_for(".roles"),
        said=_("Dit account staat stil. Open pagina's zijn dicht."),
        at=form.email,
        shows=(NobodyThere,),
        passes_on=(),
    )


@bp.post("/organisatie/accounts/<uuid:person_id>/weer-toelaten")
@allows(PeoplePermission.SUSPEND)
@once
def reinstate(person_id: UUID) -> ResponseReturnValue:
    with transaction():
        staff.reinstate(current_user, _there(Person, person_id), now=clock.now())
    flash(_("Dit account kan weer naar binnen."))
    return redirect(url_for(".roles"), 303)


@bp.post("/organisatie/accounts/telefoon-kwijt")
@allows(PeoplePermission.SUSPEND)
@once
def reset_phone() -> ResponseReturnValue:
    form = EmailForm()
    try:
        with transaction():
            person = staff.reset_phone(current_user, form.email.data or "", now=clock.now())
            warn_owner(person, "phone lost", now=clock.now())
    except NobodyThere as broken:
        flash(str(broken.message), "watch")
    else:
        flash(_("De telefoon telt niet meer. Bij het inloggen stellen ze een nieuwe in."))
    return redirect(url_for(".roles"), 303)


def _there(kind: type[Thing], thing_id: UUID) -> Thing:
    found = db.session.get(kind, thing_id)
    if found is None:
        raise NotFound
    return found


@bp.get("/organisatie/vragen")
@allows(RegistrationPermission.ASK)
def questions() -> ResponseReturnValue:
    return _questions(_question_form(formdata=None))


def _question_form(**how: Any) -> QuestionForm:
    form = QuestionForm(**how)
    form.offer(custom_questions.questions_of(_edition(current_user.id)))
    return form


def _questions(form: QuestionForm, status: int = 200) -> ResponseReturnValue:
    questions = custom_questions.questions_of(_edition(current_user.id))
    page = render_template(
        "organisation/questions.html",
        form=form,
        questions=questions,
        asked=custom_questions.as_fields(questions),
        answers=custom_questions.Answers(),
        kinds=ANSWER_KINDS,
    )
    return page, status


@bp.post("/organisatie/vragen")
@allows(RegistrationPermission.ASK)
@once
def ask() -> ResponseReturnValue:
    form = _question_form()
    if not form.validate():
        return _questions(form, 422)
    with transaction():
        custom_questions.ask(
            current_user,
            _edition(current_user.id),
            kind=AnswerKind(form.kind.data),
            label=form.label.data or "",
            label_en=form.label_en.data,
            options=form.choices,
            is_required=form.is_required.data,
            shown_if=form.depends_on,
            shown_if_value=form.shown_if_value.data,
            keep_days=form.keep_days.data or 0,
        )
    flash(_("De vraag staat op het aanmeldformulier."))
    return redirect(url_for(".questions"), 303)


@bp.post("/organisatie/vragen/<uuid:asked_id>/omhoog")
@allows(RegistrationPermission.ASK)
def move_question(asked_id: UUID) -> ResponseReturnValue:
    with transaction():
        custom_questions.move_up(
            current_user, _there(CustomQuestion, asked_id), edition=_edition(current_user.id)
        )
    return redirect(url_for(".questions"), 303)


@bp.post("/organisatie/vragen/<uuid:asked_id>/weg")
@allows(RegistrationPermission.ASK)
def retire_question(asked_id: UUID) -> ResponseReturnValue:
    with transaction():
        question = _there(CustomQuestion, asked_id)
        custom_questions.retire(current_user, question, edition=_edition(current_user.id), now=clock.now())
    flash(_("Deze vraag staat niet meer op het formulier."))
    return redirect(url_for(".questions"), 303)


@bp.get("/organisatie/toegankelijkheid")
@allows(RegistrationPermission.ARRANGE_ACCESS)
def access() -> ResponseReturnValue:
    """Show how many people need what; never who, until a row is opened."""
    needs = custom_questions.needs_in(_edition(current_user.id))
    counts = [(NEEDS[need], sum(need.value in each.needs for each in needs)) for need in Need]
    return render_template("organisation/access.html", needs=needs, counts=counts)


@bp.post("/organisatie/toegankelijkheid/<uuid:need_id>")
@allows(RegistrationPermission.ARRANGE_ACCESS)
def look_at_need(need_id: UUID) -> ResponseReturnValue:
    """Open one. A form and no link, because the access is logged."""
    with transaction():
        custom_questions.read_needs(current_actor(), _there(AccessNeed, need_id), now=clock.now())
    return _need(need_id)


def _need(need_id: UUID, error: str | None = None) -> ResponseReturnValue:
    need = _there(AccessNeed, need_id)
    page = render_template("organisation/need.html", need=need, need_words=NEEDS, error=error)
    return page, 422 if error else 200


@bp.post("/organisatie/toegankelijkheid/<uuid:need_id>/geregeld")
@allows(RegistrationPermission.ARRANGE_ACCESS)
def arrange(need_id: UUID) -> ResponseReturnValue:
    note = shortened(clean_text(request.form.get("hoe"), lines=6), 500)
    if not note:
        return _need(need_id, _("Schrijf op hoe het geregeld is. Dat leest diegene."))
    with transaction():
        need = _there(AccessNeed, need_id)
        custom_questions.arrange(current_user, need, note=note, now=clock.now())
        mail_need_arranged(need, now=clock.now())
    flash(_("Bewaard. Diegene krijgt een mail."))
    return redirect(url_for(".access"), 303)
