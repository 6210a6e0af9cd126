"""Routes to set up a second factor, and to enter it while logging in."""

from flask import (
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.qr import qr_code
from dagvandebuurt.core.redirects import safe_path
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import limiter
from dagvandebuurt.people import letters
from dagvandebuurt.people.access import credential_checks, second_factor
from dagvandebuurt.people.access.login_flow import log_in, pending_login
from dagvandebuurt.people.forms import (
    CodeForm,
)
from dagvandebuurt.people.models import Person
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.routes import bp


@bp.get("/inloggen/tweede-stap")
@allows(PeoplePermission.ENTER)
def second_step() -> ResponseReturnValue:
    if pending_login() is None:
        return redirect(url_for(".login"), 303)
    return render_template("people/second_step.html", form=CodeForm())


@bp.post("/inloggen/tweede-stap")
@allows(PeoplePermission.ENTER)
def give_second_proof() -> ResponseReturnValue:
    """Verify a second factor.

    Recovery codes are not throttled: nobody guesses sixty bits. TOTP codes are six digits.
    """
    half = pending_login()
    if half is None:
        return redirect(url_for(".login"), 303)
    person_id, back, wanted, guest_id = half
    form = CodeForm()
    if not form.validate():
        return render_template("people/second_step.html", form=form), 422
    refusal = credential_checks.prove(person_id, form.code.data or "")
    if refusal is None:
        return log_in(person_id, back=back, wanted=wanted, is_proven=True, guest_id=guest_id)
    status, sentence = refusal
    form.code.errors = [sentence]
    return render_template("people/second_step.html", form=form), status


@bp.get("/mijn/beveiliging")
@allows(PeoplePermission.SAVE)
def security() -> ResponseReturnValue:
    return _security(CodeForm())


def _security(form: CodeForm, status: int = 200, codes: list[str] | None = None) -> ResponseReturnValue:
    """Show the authenticator, or its set-up. A GET creates a secret, and nothing else."""
    with transaction():
        person = db.session.get_one(Person, current_user.id)
        factor = second_factor.begin(person.id)
        address, secret = second_factor.address_of(factor, person), second_factor.secret_of(factor)
        is_on, left = factor.confirmed_at is not None, second_factor.codes_left(person.id)
    page = render_template(
        "people/security.html",
        form=form,
        is_on=is_on,
        left=left,
        codes=codes,
        qr=None if is_on else qr_code(address, _("Code voor je telefoon")),
        back=safe_path(request.args.get("verder"), ""),
        secret=None if is_on else " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    )
    return page, status


@bp.post("/mijn/beveiliging")
@limiter.limit("10 per minute", key_func=lambda: f"second factor {current_user.id}")
@allows(PeoplePermission.SAVE)
def set_up_second_factor() -> ResponseReturnValue:
    form = CodeForm()

    def act() -> list[str]:
        person = db.session.get_one(Person, current_user.id)
        codes = second_factor.confirm(person, current_user.login_id, form.code.data or "", now=clock.now())
        letters.warn_owner(person, "phone", now=clock.now())
        return codes

    return attempt(
        form,
        act,
        page=_security,
        at=form.code,
        passes_on=(),
        answer=lambda codes: _security(CodeForm(formdata=None), codes=codes),
    )
