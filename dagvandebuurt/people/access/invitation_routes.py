"""Routes to read and accept the invitation to a role."""

from flask import (
    render_template,
)
from flask.typing import ResponseReturnValue

from dagvandebuurt.core import clock
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.network import network
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import limiter
from dagvandebuurt.people import letters, roles
from dagvandebuurt.people.access.login_flow import log_in
from dagvandebuurt.people.forms import (
    GuestForm,
)
from dagvandebuurt.people.hooks import handbook_paths
from dagvandebuurt.people.labels import ROLE_SENTENCES, ROLES, masked
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.queries import person_by_email
from dagvandebuurt.people.routes import bp


@bp.get("/uitnodiging/<token>")
@allows(PeoplePermission.ENTER)
def invitation(token: str) -> ResponseReturnValue:
    """Show the invitation. Mail scanners follow links, so a GET changes nothing."""
    return _invitation(token, GuestForm(formdata=None))


def _invitation(token: str, form: GuestForm, status: int = 200) -> ResponseReturnValue:
    try:
        asked = roles.invitation_by(token, now=clock.now())
    except RuleBroken as broken:
        return render_template("people/invitation_over.html", broken=broken), broken.status
    page = render_template(
        "people/invitation.html",
        role=ROLES[asked.role],
        about=ROLE_SENTENCES[asked.role],
        handbooks=[path for paths in handbook_paths(asked.role) for path in paths],
        masked=masked(asked.email),
        needs_name=_is_new(asked.email),
        form=form,
        token=token,
    )
    return page, status


def _is_new(email: str) -> bool:
    """Return whether this address was never confirmed: then the recipient enters a name."""
    person = person_by_email(email)
    return person is None or not person.has_account


@bp.post("/uitnodiging/<token>")
@limiter.limit("60 per minute", key_func=network)
@allows(PeoplePermission.ENTER)
def accept_invitation(token: str) -> ResponseReturnValue:
    form = GuestForm()
    try:
        asked = roles.invitation_by(token, now=clock.now())
        if _is_new(asked.email) and not form.validate():
            return _invitation(token, form, 422)
        with transaction():
            person = roles.accept(token, name=form.name.data, now=clock.now())
            person_id = person.id
            letters.warn_owner(person, "role", now=clock.now(), role=str(ROLES[asked.role]))
    except RuleBroken as broken:
        return render_template("people/invitation_over.html", broken=broken), broken.status
    return log_in(person_id)
