"""Routes of the personal page: own details and notes."""

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
from dagvandebuurt.people import notifications, rules
from dagvandebuurt.people.forms import (
    DetailsForm,
    NewPasswordForm,
    NothingForm,
)
from dagvandebuurt.people.models import Domain, ParticipantRole
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.personal_page import sections_for
from dagvandebuurt.people.routes import bp


@bp.get("/mijn")
@allows(PeoplePermission.READ_OWN)
def mine() -> ResponseReturnValue:
    return my_page()


def my_page(
    *, password: NewPasswordForm | None = None, details: DetailsForm | None = None, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "people/mine.html",
        sections=sections_for(current_user),
        form=NothingForm(),
        password=password or NewPasswordForm(formdata=None),
        subjects=notifications.SUBJECTS.values(),
        muted=notifications.muted_by(current_user.id),
        details=details
        or DetailsForm(
            formdata=None,
            name=current_user.name,
            participant_role=current_user.participant_role.value,
            domain=current_user.domain.value if current_user.domain else "",
            neighbourhood=current_user.neighbourhood,
        ),
    )
    return page, status


@bp.post("/mijn/gegevens/verbeteren")
@allows(PeoplePermission.CHANGE_OWN)
def change_details() -> ResponseReturnValue:
    form = DetailsForm()
    if not form.validate():
        return my_page(details=form, status=422)
    with transaction():
        rules.change_details(
            current_user,
            None,
            name=form.name.data or "",
            participant_role=ParticipantRole(form.participant_role.data),
            domain=Domain(form.domain.data) if form.domain.data else None,
            neighbourhood=form.neighbourhood.data,
        )
    flash(_("Je gegevens zijn verbeterd."))
    return redirect(f"{url_for('.mine')}#over-mij", 303)


@bp.post("/mijn/bewaard/<uuid:target_id>")
@allows(PeoplePermission.SAVE)
def note(target_id: UUID) -> ResponseReturnValue:
    """Save a private note beside a bookmark."""
    text = shortened(clean_text(request.form.get("notitie"), lines=6), 500)
    with transaction():
        rules.note(current_user, target_id, text=text)
    flash(_("Je notitie is bewaard."))
    return redirect(f"{url_for('.mine')}#bewaard", 303)
