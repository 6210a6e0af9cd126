"""Account security routes: login without mail, and the list of logged-in browsers."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.redirects import safe_path
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people import rules
from dagvandebuurt.people.access import credential_checks, second_factor
from dagvandebuurt.people.access.login_flow import log_in
from dagvandebuurt.people.access.trusted_devices import known_device
from dagvandebuurt.people.errors import TOO_MANY_CODES
from dagvandebuurt.people.forms import PhoneForm
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.queries import email_key, open_logins_of, person_by_email
from dagvandebuurt.people.routes import bp


@bp.get("/inloggen/telefoon")
@allows(PeoplePermission.ENTER)
def phone_login() -> ResponseReturnValue:
    return _phone_login(PhoneForm())


def _phone_login(form: PhoneForm, status: int = 200) -> ResponseReturnValue:
    back = safe_path(request.values.get("verder"), "")
    return render_template("people/phone_login.html", form=form, back=back), status


@bp.post("/inloggen/telefoon")
@allows(PeoplePermission.ENTER)
def by_phone() -> ResponseReturnValue:
    """Log in without mail: a TOTP code and a recovery code, both.

    For staff with an authenticator: neither a flood of link requests in their name nor a mail server locks
    them out.
    """
    form = PhoneForm()
    if not form.validate():
        return _phone_login(form, 422)
    target = email_key(form.email.data or "")
    person = person_by_email(target)
    device = known_device(person.id if person else None)
    if credential_checks.PHONE_CODES.is_shut(target, device):
        form.code.errors = [str(TOO_MANY_CODES)]
        return _phone_login(form, 429)
    with transaction():
        is_good = person is not None and second_factor.use_both(
            person.id, form.code.data or "", form.paper.data or "", now=clock.now()
        )
    if is_good and person is not None:
        return log_in(person.id, back=safe_path(request.form.get("verder"), ""), is_proven=True)
    is_too_many = credential_checks.PHONE_CODES.was_wrong(target, device)
    form.code.errors = [str(TOO_MANY_CODES if is_too_many else second_factor.NOT_TOGETHER)]
    return _phone_login(form, 429 if is_too_many else 422)


@bp.get("/mijn/browsers")
@allows(PeoplePermission.READ_OWN)
def browsers() -> ResponseReturnValue:
    """Show the logged-in browsers: roughly which, since when, and when each was last used."""
    return render_template("people/browsers.html", logins=open_logins_of(current_user.id))


@bp.post("/mijn/browsers/<uuid:login_id>/uit")
@allows(PeoplePermission.READ_OWN)
def end_browser(login_id: UUID) -> ResponseReturnValue:
    with transaction():
        rules.end_one_login(current_user, login_id, now=clock.now())
    flash(_("Die browser is uitgelogd."))
    return redirect(url_for("people.browsers"), 303)


@bp.post("/mijn/browsers/uit")
@allows(PeoplePermission.READ_OWN)
def end_other_browsers() -> ResponseReturnValue:
    """Log out all other browsers."""
    with transaction():
        rules.end_other_logins(current_user, None, now=clock.now())
    flash(_("Je bent alleen nog in deze browser ingelogd."))
    return redirect(url_for("people.browsers"), 303)
