"""Routes to log in by link, by password or as a demo person, and to log out."""

from typing import Any
from uuid import UUID

from flask import (
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound, RuleBroken
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.network import network
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.redirects import safe_path
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import limiter
from dagvandebuurt.parts.mail.send_limits import minutes_until
from dagvandebuurt.people import letters, rules
from dagvandebuurt.people.access import credential_checks
from dagvandebuurt.people.access.link_page import parts_of
from dagvandebuurt.people.access.login import pending_bundle
from dagvandebuurt.people.access.login_flow import current_guest, guest_has, log_in
from dagvandebuurt.people.access.pending_actions import OWN_FOR, waiting_actions
from dagvandebuurt.people.access.pending_actions import in_words as wish_in_words
from dagvandebuurt.people.access.trusted_devices import MARKS, known_device, marks_here
from dagvandebuurt.people.demo_data import DEMO_DOORS
from dagvandebuurt.people.errors import (
    TOO_MANY_GUESSES,
    WrongPassword,
)
from dagvandebuurt.people.forms import (
    EmailForm,
    PasswordForm,
)
from dagvandebuurt.people.labels import ROLES, masked
from dagvandebuurt.people.lifecycle import account_merging
from dagvandebuurt.people.models import Person, PersonalLink
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.queries import demo_people, email_key, person_by_email
from dagvandebuurt.people.routes import bp


@bp.get("/inloggen")
@allows(PeoplePermission.ENTER)
def login() -> ResponseReturnValue:
    return _login_page(EmailForm(), PasswordForm())


def _login_page(by_link: EmailForm, by_password: PasswordForm, status: int = 200) -> ResponseReturnValue:
    people = demo_people() if current_app.config["DEMO"] else []
    by_id = {person.id: person for person in people}
    page = render_template(
        "people/login.html",
        by_link=by_link,
        by_password=by_password,
        back=safe_path(request.values.get("verder"), ""),
        has_wish="wishes" in session,
        guest_has=guest_has(),
        demo_doors={name: by_id[each] for name, each in DEMO_DOORS.items() if each in by_id},
        demo_people=[
            (person, [str(ROLES[grant.role]) for grant in person.grants])
            for person in people
            if person.id not in DEMO_DOORS.values()
        ],
    )
    return page, status


@bp.post("/inloggen")
@limiter.limit("300 per minute", key_func=network)
@allows(PeoplePermission.ENTER)
def send_link() -> ResponseReturnValue:
    """Mail a login link. The response is the same, and as fast, for unknown addresses (user enumeration)."""
    form = EmailForm()
    if not form.validate():
        return _login_page(form, PasswordForm(formdata=None), 422)
    waits = minutes_until("login", now=clock.now())
    with transaction():
        person = person_by_email(form.email.data or "")
        if person is not None:
            letters.send_login_link(
                person,
                now=clock.now(),
                wishes=pending_bundle(),
                guest_id=current_guest(),
                is_own=known_device(person.id) is not None,
            )
        else:
            letters.rehearse_login_link(form.email.data or "", now=clock.now())
    return render_template("people/link_sent.html", email=form.email.data, waits=waits)


@bp.post("/inloggen/wachtwoord")
@allows(PeoplePermission.ENTER)
def by_password() -> ResponseReturnValue:
    form = PasswordForm()
    if not form.validate():
        return _login_page(EmailForm(formdata=None), form, 422)
    target = email_key(form.email.data or "")
    known = person_by_email(target)
    device = known_device(known.id if known else None)
    if credential_checks.PASSWORDS.is_shut(target, device):
        form.password.errors = [str(TOO_MANY_GUESSES)]
        return _login_page(EmailForm(formdata=None), form, 429)
    try:
        person = rules.person_by_password(form.email.data or "", form.password.data or "")
    except WrongPassword as broken:
        is_too_many = credential_checks.PASSWORDS.was_wrong(target, device)
        form.password.errors = [str(TOO_MANY_GUESSES if is_too_many else broken.message)]
        return _login_page(EmailForm(formdata=None), form, 429 if is_too_many else 422)
    return log_in(person.id, back=safe_path(request.form.get("verder"), ""))


@bp.post("/inloggen/demo/<uuid:person_id>")
@allows(PeoplePermission.ENTER)
def by_demo(person_id: UUID) -> ResponseReturnValue:
    """Log in as anybody, with one click. In the demo only."""
    if not current_app.config["DEMO"] or db.session.get(Person, person_id) is None:
        raise NotFound
    return log_in(person_id, back=safe_path(request.form.get("verder"), ""), is_proven=True)


@bp.get("/link/<token>")
@allows(PeoplePermission.ENTER)
def link(token: str) -> ResponseReturnValue:
    """Show whose account this opens, and a button.

    Mail scanners follow links, so a GET changes nothing. Pending actions of another browser are shown, and
    not ticked: anybody may have asked for this link.
    """
    try:
        found = rules.link_by(token, now=clock.now())
    except RuleBroken as broken:
        return _broken_link(broken)
    return render_template(
        "people/link.html",
        masked=masked(found.person.email or ""),
        person=found.person,
        guest=_guest_of(found),
        parts=parts_of(found),
        elsewhere=waiting_actions(
            found.wishes, before=clock.now() - OWN_FOR if found.wishes == pending_bundle() else None
        ),
        wish_in_words=wish_in_words,
    )


def _broken_link(broken: RuleBroken) -> ResponseReturnValue:
    return render_template("people/link_broken.html", broken=broken), broken.status


def _guest_of(link: PersonalLink) -> dict[str, Any] | None:
    """Return who was a guest when this link was asked for, in this browser or another, and what they have.

    In another browser the person is asked first, because a link can be asked for by anybody.
    """
    here = current_guest()
    guest = db.session.get(Person, here or link.guest_id or UUID(int=0))
    if guest is None or guest.forgotten_at is not None or not (has := account_merging.held_by(guest.id)):
        return None
    return {"name": guest.name, "has": has, "is_here": here is not None and account_merging.is_a_guest(here)}


@bp.post("/link/<token>")
@allows(PeoplePermission.ENTER)
def use_link(token: str) -> ResponseReturnValue:
    try:
        with transaction():
            takes_over = request.form.get("overnemen") == "ja"
            used = rules.use_link(token, now=clock.now(), takes_over=takes_over)
            person_id = used.person_id
            wanted = [wish.id for wish in waiting_actions(used.wishes, request.form.getlist("wens"))]
            # From another browser only on request: anybody may have asked for this link.
            guest_id = (current_guest() or used.guest_id) if request.form.get("mee") == "ja" else None
    except RuleBroken as broken:
        return _broken_link(broken)
    return log_in(person_id, wanted=wanted, guest_id=guest_id)


@bp.post("/uitloggen")
@allows(PeoplePermission.LEAVE)
def logout() -> ResponseReturnValue:
    """Log this browser out. A guest cannot come back: they are first shown what they would lose."""
    if request.form.get("zeker") != "ja" and (has := guest_has()):
        return render_template("people/guest_leaves.html", has=has)
    if current_user.login_id is not None:
        with transaction():
            rules.end_login(current_user.login_id, now=clock.now())
    logout_user()
    language, marks = session.get("language"), marks_here()
    session.clear()
    session.permanent = True
    if language:
        session["language"] = language
    if marks:
        session[MARKS] = marks
    flash(_("Je bent uitgelogd."))
    answer = redirect("/", 303)
    # Typed and unsent text stays on no device (also without a script); `ui.js` does it on http.
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer
