"""Routes of *Mijn dag*: the page, and private notes beside what is saved."""

from uuid import UUID

from flask import (
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.text import clean_text, shortened
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people import rules
from dagvandebuurt.people.hooks import PersonalPage
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.personal_page import SETTINGS, sections_for
from dagvandebuurt.people.routes import bp


@bp.get("/mijn")
@allows(PeoplePermission.READ_OWN)
def mine() -> ResponseReturnValue:
    return render_template(
        "people/mine.html", sections=sections_for(current_user, PersonalPage.TODAY), settings=SETTINGS
    )


@bp.post("/mijn/bewaard/<uuid:target_id>")
@allows(PeoplePermission.SAVE)
def note(target_id: UUID) -> ResponseReturnValue:
    """Save a private note beside a bookmark."""
    text = shortened(clean_text(request.form.get("notitie"), lines=6), 500)
    with transaction():
        rules.note(current_user, target_id, text=text)
    flash(_("Je notitie is bewaard."))
    return redirect(f"{url_for('.mine')}#bewaard", 303)
