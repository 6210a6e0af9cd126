"""Routes to take part as a guest, without an e-mail address."""

from datetime import timedelta
from uuid import UUID

from flask import (
    redirect,
    render_template,
    request,
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
from dagvandebuurt.people import rules
from dagvandebuurt.people.access.login_flow import log_in
from dagvandebuurt.people.forms import (
    GuestForm,
)
from dagvandebuurt.people.models import LoginSession, Person
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.routes import bp

LOST_ANSWER = timedelta(minutes=10)


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

    Idempotent: sending the same form again, because its response was lost, gives the same guest.
    """
    form = GuestForm()
    back = safe_path(request.form.get("verder"))
    if not form.validate():
        return render_template("people/guest.html", form=form, back=back), 422
    if current_user.is_known:
        return redirect(back, 303)
    with transaction():
        person = rules.new_person(
            name=form.name.data or "", email=None, language=i18n.language(), now=clock.now()
        )
        person_id = person.id
        # The exact time is stored encrypted only: the guest's own row holds no more than the hour.
        done_once.note(f"{person_id} {clock.now().timestamp():.0f}")
    return log_in(person_id, back=back)


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
    return log_in(UUID(person_id), back=safe_path(request.form.get("verder")))
