"""Routes of the handbooks."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.handbooks import queries
from dagvandebuurt.handbooks.content import BY_CODE
from dagvandebuurt.handbooks.permissions import HandbookPermission

bp = Blueprint("handbooks", __name__)


@bp.get("/hulp")
@allows(HandbookPermission.READ)
def index() -> ResponseReturnValue:
    """List the handbooks: first those of what the reader does here."""
    own, others = queries.handbooks_for(current_user)
    return render_template("handbooks/index.html", own=own, others=others)


@bp.get("/hulp/<code>")
@allows(HandbookPermission.READ)
def show(code: str) -> ResponseReturnValue:
    """Show one handbook, whole."""
    if code not in BY_CODE:
        raise NotFound
    before, after = queries.beside(code)
    return render_template("handbooks/show.html", handbook=queries.handbook(code), before=before, after=after)
