"""Route of *Mijn werk*: every desk that somebody has."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core.permissions import allows
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.routes import bp
from dagvandebuurt.people.work import desks_for


@bp.get("/mijn/werk")
@allows(PeoplePermission.READ_OWN)
def work() -> ResponseReturnValue:
    return render_template("people/work.html", found=desks_for(current_user))
