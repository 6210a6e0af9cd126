"""Routes for preferences: language, and which mail is sent."""

from flask import (
    abort,
    flash,
    redirect,
    render_template,
    request,
    session,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import i18n
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.redirects import safe_path
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import csrf
from dagvandebuurt.people import notifications, rules
from dagvandebuurt.people.hooks import PersonalPage
from dagvandebuurt.people.models import Person
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.personal_page import settings_path
from dagvandebuurt.people.routes import bp


@bp.post("/taal")
@allows(PeoplePermission.ENTER)
def choose_language() -> ResponseReturnValue:
    chosen = request.form.get("taal", "")
    if chosen not in i18n.offered():
        abort(400)
    session["language"] = chosen
    if current_user.is_known:
        with transaction():
            db.session.get_one(Person, current_user.id).language = chosen
    return redirect(safe_path(request.form.get("verder")), 303)


@bp.post("/mijn/berichten")
@allows(PeoplePermission.CHANGE_OWN)
def choose_mail() -> ResponseReturnValue:
    with transaction():
        rules.choose_mail(current_user, None, wanted=set(request.form.getlist("mail")))
    flash(_("Bewaard. Zo mailen we je voortaan."))
    return redirect(settings_path(PersonalPage.MAIL, "berichten"), 303)


@bp.get("/post/uit/<token>")
@allows(PeoplePermission.LEAVE)
def mail_off(token: str) -> ResponseReturnValue:
    """Show a button. Mail scanners follow links, so a GET changes nothing."""
    _person_id, subject = notifications.subscription_of_token(token)
    return render_template("people/mail_off.html", subject=subject, token=token, is_done=False)


@bp.post("/post/uit/<token>")
@csrf.exempt
@allows(PeoplePermission.LEAVE)
def switch_mail_off(token: str) -> ResponseReturnValue:
    """Unsubscribe with one press, logged in or not.

    A mail program may post it too (RFC 8058), without a page of ours and so without a CSRF token: the
    address itself, which only the mail holds, is the proof.
    """
    person_id, subject = notifications.subscription_of_token(token)
    with transaction():
        if db.session.get(Person, person_id) is not None:
            notifications.mute(person_id, subject.code)
    return render_template("people/mail_off.html", subject=subject, token=token, is_done=True)
