"""Route for an administrator who steps in for a moderator, at once."""

from dataclasses import replace
from uuid import uuid4

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.live.runtime import live
from dagvandebuurt.organisation.routes import bp
from dagvandebuurt.people import roles
from dagvandebuurt.people.access.login import current_actor
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import Role
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.programme.queries import session_by_slug
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.forms import SayBackstage


@bp.post("/organisatie/sessies/<slug>/inval")
@allows(PeoplePermission.STEP_IN)
@once
def step_in(slug: str) -> ResponseReturnValue:
    """Become moderator of this session, and tell who runs it behind the scenes."""
    with transaction():
        session = session_by_slug(current_user, slug)
        session_id = session.id
        is_new = roles.step_in(current_user, session_id, now=clock.now())
    if is_new:
        actor = current_actor()
        assert isinstance(actor, Identity)
        actor = replace(actor, grants=actor.grants | {(Role.MODERATOR.value, session_id)})
        text = _("%(name)s valt hier in als moderator.", name=actor.name)
        act = SayBackstage.from_message({"session": str(session_id), "op": uuid4().hex, "text": text})
        told = live().do(events.BACKSTAGE, actor, act)["ok"]
        flash(
            _("Je valt in als moderator. Je collega's hier lezen het achter de schermen.")
            if told
            else _("Je valt in als moderator. Zeg het je collega's hier zelf: het bericht lukte niet.")
        )
    return redirect(url_for("qanda.desk", slug=slug), 303)
