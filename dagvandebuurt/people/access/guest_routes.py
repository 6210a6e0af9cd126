"""Routes to take part as a guest, without an e-mail address."""

from datetime import timedelta
from uuid import UUID

from flask import (
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from dagvandebuurt.core import clock, i18n
from dagvandebuurt.core.db import db
from dagvandebuurt.core.network import network
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.redirects import safe_path
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import limiter
from dagvandebuurt.live import idempotency as done_once
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.parts.branding.words import offered
from dagvandebuurt.people import profile_rules, rules
from dagvandebuurt.people.access.login_flow import log_in
from dagvandebuurt.people.forms import (
    GuestForm,
    RoleForm,
)
from dagvandebuurt.people.labels import PARTICIPANT_ROLES
from dagvandebuurt.people.models import LoginSession, ParticipantRole, Person
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.routes import bp

LOST_ANSWER = timedelta(minutes=10)
OFFERED = "role_offered"  # in the cookie: the day on which this browser was last asked for a role


@bp.get("/gast")
@allows(PeoplePermission.ENTER)
def as_guest() -> ResponseReturnValue:
    """Show the guest form, also to the recipient of a link that opens somebody else's account."""
    back = safe_path(request.args.get("verder"))
    return render_template("people/guest.html", form=GuestForm(formdata=None), back=back)


@bp.post("/gast")
@limiter.limit("300 per minute", key_func=network)
@allows(PeoplePermission.ENTER)
@once(again=lambda person_id: _guest_again(person_id))
def guest() -> ResponseReturnValue:
    """Create a guest account for today: to ask, support and vote.

    Idempotent: sending the same form again, because its response was lost, gives the same guest. Once a day
    a browser is asked for the guest's role on the way (`role`).
    """
    form = GuestForm()
    back = safe_path(request.form.get("verder"))
    if not form.validate():
        return render_template("people/guest.html", form=form, back=back), 422
    if current_user.is_known:  # pressed twice
        return redirect(back if current_user.has_account else _by_role(back, session.get(OFFERED)), 303)
    with transaction():
        person = rules.new_person(
            name=form.name.data or "", email=None, language=i18n.language(), now=clock.now()
        )
        person_id = person.id
        # The exact time is stored encrypted only: the guest's own row holds no more than the hour.
        done_once.note(f"{person_id} {clock.now().timestamp():.0f}")
    return _in_by_role(person_id, back)


def _guest_again(noted: str) -> ResponseReturnValue | None:
    """Return the guest of a repeated form, for a short time and until that guest logs out: on a shared
    computer somebody else may press the button of a page that was left open."""
    person_id, made = noted.split()
    is_fresh = clock.now().timestamp() - float(made) < LOST_ANSWER.total_seconds()
    with transaction():
        is_there = db.session.get(Person, UUID(person_id)) is not None
        ended = select(LoginSession.id).where(
            LoginSession.person_id == UUID(person_id), LoginSession.ended_at.is_not(None)
        )
        if not is_there or not is_fresh or db.session.scalar(ended.limit(1)) is not None:
            return None
    return _in_by_role(UUID(person_id), safe_path(request.form.get("verder")))


def _in_by_role(person_id: UUID, back: str) -> ResponseReturnValue:
    """Log the guest in, and ask for a role on the way."""
    offered = session.get(OFFERED)
    inside = make_response(log_in(person_id, back=back))
    if offered:
        session[OFFERED] = offered  # a login clears the cookie
    inside.location = _by_role(inside.location, offered)
    return inside


def _by_role(back: str, offered: str | None) -> str:
    """Return the page that asks for a role and then leads `back`, or `back` itself where it was shown today."""
    return back if offered == clock.today().isoformat() else url_for("people.role", verder=back)


@bp.get("/gast/rol")
@allows(PeoplePermission.ENTER)
def role() -> ResponseReturnValue:
    """Ask somebody without an account for their role: one press, or a link past it. Never required.

    Opening it counts as having been asked: who goes on without answering is not asked again that day.
    """
    back = safe_path(request.args.get("verder"))
    if not current_user.is_known:  # a browser that keeps no cookies reads along
        return redirect(back, 303)
    session[OFFERED] = clock.today().isoformat()
    return _role_page(RoleForm(formdata=None), back)


@bp.post("/gast/rol")
@allows(PeoplePermission.CHANGE_OWN)
def say_role() -> ResponseReturnValue:
    """Store the role of the button that was pressed. Idempotent; another press changes it."""
    form, back = RoleForm(), safe_path(request.form.get("verder"))
    if not form.validate():
        return _role_page(form, back), 422
    with transaction():
        profile_rules.say_role(
            current_user, None, participant_role=ParticipantRole(form.participant_role.data)
        )
    return redirect(back, 303)


def _role_page(form: RoleForm, back: str) -> str:
    mine = current_user.participant_role
    roles = offered("participant_role", PARTICIPANT_ROLES, [mine])
    if mine is ParticipantRole.UNDISCLOSED:
        del roles[mine]  # the link past the page says so
        chosen = None
    else:
        chosen = PARTICIPANT_ROLES[mine]
    return render_template("people/role.html", form=form, back=back, roles=roles, chosen=chosen)
