"""Routes of the set-up in a browser, and of the list of what is missing before a day can open."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.network import network
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import limiter
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.onboarding import letters, rules
from dagvandebuurt.onboarding.errors import SetupCodeWrong
from dagvandebuurt.onboarding.forms import BeginForm, BeginWithDayForm
from dagvandebuurt.onboarding.permissions import OnboardingPermission
from dagvandebuurt.onboarding.preparation import steps_for
from dagvandebuurt.onboarding.queries import has_administrator, has_edition
from dagvandebuurt.people.access.login_flow import log_in
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.programme.editing.editions import begin_edition
from dagvandebuurt.programme.editing.forms import NextEditionForm
from dagvandebuurt.programme.queries import edition_chosen_by

bp = Blueprint("onboarding", __name__)


@bp.get("/begin")
@allows(OnboardingPermission.BEGIN)
def begin() -> ResponseReturnValue:
    """Ask who sets up this installation, and for which day. Not there once there is an administrator."""
    if has_administrator():
        raise NotFound
    if has_edition():
        return _begin(BeginForm(formdata=None))
    first = NextEditionForm.after(None, clock.today())
    return _begin(BeginWithDayForm(formdata=None, starts=first.starts.data, ends=first.ends.data))


def _begin(form: BeginForm, status: int = 200) -> ResponseReturnValue:
    page = render_template("onboarding/begin.html", form=form, asks_day=isinstance(form, BeginWithDayForm))
    return page, status, {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@bp.post("/begin")
@limiter.limit("10 per minute; 60 per day", key_func=network)
@allows(OnboardingPermission.BEGIN)
@once
def begin_here_and_now() -> ResponseReturnValue:
    """Make the first administrator and the first edition, and log in. The code works once."""
    if has_administrator():
        raise NotFound
    form = BeginForm() if has_edition() else BeginWithDayForm()
    if not form.validate():
        return _begin(form, 422)
    try:
        with transaction():
            now = clock.now()
            person = rules.begin(
                form.code.data or "", name=form.name.data or "", email=form.email.data or "", now=now
            )
            if isinstance(form, BeginWithDayForm) and not has_edition():
                begin_edition(
                    Identity.of(person), None, title=form.title.data,
                    starts_at=form.starts_at, ends_at=form.ends_at, copies=False,
                )  # fmt: skip
            person_id = person.id
    except SetupCodeWrong as wrong:
        form.code.errors = [str(wrong.message)]
        return _begin(form, wrong.status)
    return log_in(person_id, back=url_for(".preparation"), takes_along=False)


@bp.get("/organisatie/begin")
@allows(OnboardingPermission.PREPARE)
def preparation() -> ResponseReturnValue:
    """List what is done and what is missing before the day can open, from the facts."""
    edition = edition_chosen_by(current_user.id)
    steps = steps_for(edition) if edition is not None else []
    return render_template(
        "onboarding/preparation.html",
        asked=edition,
        steps=steps,
        has_mail=bool(current_app.config["SMTP_URL"]),
        done=sum(step.is_done for step in steps),
    )


@bp.post("/organisatie/begin/testmail")
@limiter.limit("10 per hour", key_func=lambda: f"trial mail {current_user.id}")
@allows(OnboardingPermission.PREPARE)
@once
def send_trial() -> ResponseReturnValue:
    """Mail oneself, to see whether mail works."""
    with transaction():
        is_sent = letters.send_trial(current_user.id, now=clock.now())
    flash(
        _("Je testmail is onderweg. Ververs deze pagina over een minuut en kijk in je mail.")
        if is_sent
        else _("Van jou is geen e-mailadres bekend.")
    )
    return redirect(url_for(".preparation"), 303)
