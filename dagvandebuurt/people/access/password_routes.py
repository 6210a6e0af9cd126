"""Routes to set a password, after recent authentication."""

from flask import (
    flash,
    redirect,
    session,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people import letters, rules
from dagvandebuurt.people.access import credential_checks
from dagvandebuurt.people.errors import (
    PROVE_FIRST,
    TOO_MANY_GUESSES,
)
from dagvandebuurt.people.forms import (
    NewPasswordForm,
)
from dagvandebuurt.people.hooks import PersonalPage
from dagvandebuurt.people.models import Person
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.personal_page import settings_path
from dagvandebuurt.people.queries import email_key, has_second_factor
from dagvandebuurt.people.routes import bp
from dagvandebuurt.people.settings_routes import show_settings

FRESH_SECONDS = 900  # since the last authentication in this browser, kept in its session cookie only


@bp.post("/mijn/wachtwoord")
@allows(PeoplePermission.CHANGE_OWN)
def set_password() -> ResponseReturnValue:
    """Set a password. Needs recent authentication: somebody else may sit at a browser that was left open."""
    form = NewPasswordForm()
    if not form.validate():
        return show_settings(PersonalPage.LOGIN, password=form, status=422)
    refusal = _no_proof_of_now(form)
    if refusal is not None:
        form.current.errors = [refusal[1]]
        return show_settings(PersonalPage.LOGIN, password=form, status=refusal[0])
    hashed = rules.hash_password(form.password.data or "")
    with transaction():
        rules.set_password(current_user, None, hashed=hashed, now=clock.now())
        letters.warn_owner(db.session.get_one(Person, current_user.id), "password", now=clock.now())
    flash(_("Je wachtwoord is bewaard. Op andere apparaten log je opnieuw in."))
    return redirect(settings_path(PersonalPage.LOGIN), 303)


def _no_proof_of_now(form: NewPasswordForm) -> tuple[int, str] | None:
    """Require recent authentication (login, password or code); return the refusal, or None."""
    typed, target = form.current.data or "", email_key(f"own {current_user.id}")
    if clock.now().timestamp() - session.get("since", 0) <= FRESH_SECONDS:
        return None
    if not typed:
        return 422, str(PROVE_FIRST)
    if credential_checks.PASSWORDS.is_shut(target):
        return 429, str(TOO_MANY_GUESSES)
    if rules.has_this_password(current_user.id, typed):
        return None
    if has_second_factor(current_user.id):
        refusal = credential_checks.prove(current_user.id, typed)
        if refusal is None:
            return None
    is_too_many = credential_checks.PASSWORDS.was_wrong(target)
    return (429, str(TOO_MANY_GUESSES)) if is_too_many else (422, str(PROVE_FIRST))
