"""Routes for roles: inviting, withdrawing, suspending an account, and a lost phone."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.agenda.queries import organisations_that_answer
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, can, require
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.market.queries import stands_of
from dagvandebuurt.organisation.forms import InviteForm, StopForm
from dagvandebuurt.organisation.lookup import found
from dagvandebuurt.organisation.name_pages import Asked, name_page
from dagvandebuurt.organisation.queries import (
    sessions_of,
)
from dagvandebuurt.organisation.queries import the_edition as _edition
from dagvandebuurt.organisation.routes import bp
from dagvandebuurt.people import roles as staff
from dagvandebuurt.people.errors import NobodyThere
from dagvandebuurt.people.forms import EmailForm
from dagvandebuurt.people.labels import ROLES
from dagvandebuurt.people.letters import mail_suspension, send_invitation, warn_owner
from dagvandebuurt.people.models import AccessChange, Invitation, Person, Role, RoleGrant
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.queries import all_grants, name_of, open_invitations, suspended_people


@bp.get("/organisatie/rollen")
@allows(PeoplePermission.INVITE)
def roles() -> ResponseReturnValue:
    return _roles()


def _invite_form() -> InviteForm:
    """Return the invitation form with the roles that the actor may give, as the address fills it in."""
    asked = {"role": "rol", "session": "sessie", "organisation": "organisatie", "stand": "kraam"}
    form, stands = (
        InviteForm(data={field: request.args.get(name, "") for field, name in asked.items()}),
        _stands(),
    )
    form.offer(
        [role for role in Role if _is_offered(role, stands)],
        {session.id: session.title for session in sessions_of(_edition(current_user.id))},
        _organisations(),
        stands,
    )
    return form


def _is_offered(role: Role, stands: Mapping[UUID, str]) -> bool:
    """Tell whether the actor may give this role here. Without stands nobody keeps one."""
    needed = role is not Role.STAND_HOLDER or stands
    return bool(needed) and can(current_user, PeoplePermission.GIVE_ROLE, role)


def _stands() -> dict[UUID, str]:
    """Return the stands of the edition that the organiser works on."""
    return {stand.id: stand.title for stand in stands_of(_edition(current_user.id))}


def _scopes() -> dict[UUID, str]:
    """Return the names of what a role can be for, in the edition that the organiser works on."""
    sessions = {session.id: session.title for session in sessions_of(_edition(current_user.id))}
    return sessions | _organisations() | _stands()


def _organisations() -> dict[UUID, str]:
    """Return the organisations that agreed to answer."""
    return {each.id: each.name for each in organisations_that_answer()}


def _roles(
    *, invite: InviteForm | None = None, stop: StopForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """Show roles, open invitations and suspended accounts."""
    now = clock.now()
    grants = all_grants()
    held = Counter(grant.role for grant in grants)
    chosen = request.args.get("rol", "")
    names = name_page(
        [(grant.person.name, grant) for grant in grants if chosen in ("", grant.role.value)],
        Asked.of(request.args),
    )
    page = render_template(
        "organisation/roles.html",
        found=names,
        chosen=chosen,
        counts=[(role, held[role]) for role in Role if held[role]],
        everybody=len(grants),
        undo=_undo(now),
        invitations=open_invitations(now),
        sessions=_scopes(),
        role_words=ROLES,
        form=invite or _invite_form(),
        stop=stop or StopForm(formdata=None),
        suspended=suspended_people(),
        may_stop=can(current_user, PeoplePermission.SUSPEND),
        may_take=lambda role: can(current_user, PeoplePermission.GIVE_ROLE, role),
    )
    return page, status


def _undo(now: datetime) -> dict[str, Any] | None:
    """Return the role that the reader took away a moment ago, to give it back."""
    try:
        change = db.session.get(AccessChange, UUID(request.args.get("weg", "")))
    except ValueError:
        return None
    if change is None or not staff.can_give_back(current_user.id, change, now=now):
        return None
    role = staff.revoked_role(change)
    assert role is not None
    return {"id": change.id, "role": ROLES[role], "name": name_of(change.person_id) or ""}


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
        invitation = found(Invitation, invitation_id)
        staff.withdraw_invitation(current_user, invitation.role, invitation=invitation, now=clock.now())
    flash(_("De uitnodiging werkt niet meer."))
    return redirect(url_for(".roles"), 303)


@bp.get("/organisatie/rollen/<uuid:grant_id>/afnemen")
@allows(PeoplePermission.INVITE)
def ask_to_take_role_back(grant_id: UUID) -> ResponseReturnValue:
    """Ask first: say whose role it is and what becomes of it."""
    grant = found(RoleGrant, grant_id)
    require(current_user, PeoplePermission.GIVE_ROLE, grant.role)
    scopes = _scopes()
    return render_template(
        "organisation/take_role.html",
        grant=grant,
        role=ROLES[grant.role],
        scope=scopes.get(grant.scope_id) if grant.scope_id else None,
        is_own=grant.person_id == current_user.id,
    )


@bp.post("/organisatie/rollen/<uuid:grant_id>/afnemen")
@allows(PeoplePermission.INVITE)
def take_role_back(grant_id: UUID) -> ResponseReturnValue:
    with transaction():
        grant = found(RoleGrant, grant_id)
        person, role = grant.person, grant.role
        change = staff.revoke_role(current_user, role, grant=grant, now=clock.now())
        warn_owner(person, "role taken", now=clock.now(), role=str(ROLES[role]))
        change_id = change.id
    flash(_("Deze rol is weg, ook op pagina's die open staan."))
    return redirect(url_for(".roles", weg=change_id), 303)


@bp.post("/organisatie/rollen/teruggeven/<uuid:change_id>")
@allows(PeoplePermission.INVITE)
def give_role_back(change_id: UUID) -> ResponseReturnValue:
    """Undo taking a role away, for the person who just did that."""
    with transaction():
        change = found(AccessChange, change_id)
        role = staff.revoked_role(change)
        if role is None:
            raise NotFound
        person = staff.give_back(current_user, role, change=change, now=clock.now())
        name = person.name
        warn_owner(person, "role", now=clock.now(), role=str(ROLES[role]))
    flash(_("%(name)s heeft de rol %(role)s weer.", name=name, role=str(ROLES[role])))
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
        staff.reinstate(current_user, found(Person, person_id), now=clock.now())
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
