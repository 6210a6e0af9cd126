"""Routes of one's own settings: the list of pages, each page, and own details."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people import notifications, profile_rules
from dagvandebuurt.people.forms import DetailsForm, NewPasswordForm
from dagvandebuurt.people.hooks import PersonalPage
from dagvandebuurt.people.models import Domain, ParticipantRole
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.personal_page import SETTINGS, sections_for, settings_path
from dagvandebuurt.people.routes import bp


@bp.get("/mijn/instellingen")
@allows(PeoplePermission.READ_OWN)
def settings() -> ResponseReturnValue:
    return render_template("people/settings.html", settings=SETTINGS)


@bp.get("/mijn/instellingen/over-mij", defaults={"page": "over-mij"})
@bp.get("/mijn/instellingen/aanmelding", defaults={"page": "aanmelding"})
@bp.get("/mijn/instellingen/berichten", defaults={"page": "berichten"})
@bp.get("/mijn/instellingen/inloggen", defaults={"page": "inloggen"})
@bp.get("/mijn/instellingen/gegevens", defaults={"page": "gegevens"})
@allows(PeoplePermission.READ_OWN)
def settings_page(page: str) -> ResponseReturnValue:
    return show_settings(PersonalPage(page))


def show_settings(
    page: PersonalPage,
    *,
    password: NewPasswordForm | None = None,
    details: DetailsForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Render a page of settings, with a refused form where there is one."""
    shown = render_template(
        "people/settings_page.html",
        settings=SETTINGS,
        this=next(each for each in SETTINGS if each.page is page),
        sections=sections_for(current_user, page),
        password=password or NewPasswordForm(formdata=None),
        subjects=notifications.SUBJECTS.values(),
        muted=notifications.muted_by(current_user.id),
        details=details or _own_details(),
    )
    return shown, status


def _own_details() -> DetailsForm:
    return DetailsForm(
        formdata=None,
        name=current_user.name,
        participant_role=current_user.participant_role.value,
        domain=current_user.domain.value if current_user.domain else "",
        neighbourhood=current_user.neighbourhood,
    )


@bp.post("/mijn/gegevens/verbeteren")
@allows(PeoplePermission.CHANGE_OWN)
def change_details() -> ResponseReturnValue:
    form = DetailsForm()
    if not form.validate():
        return show_settings(PersonalPage.ABOUT, details=form, status=422)
    with transaction():
        profile_rules.change_details(
            current_user,
            None,
            name=form.name.data or "",
            participant_role=ParticipantRole(form.participant_role.data),
            domain=Domain(form.domain.data) if form.domain.data else None,
            neighbourhood=form.neighbourhood.data,
        )
    flash(_("Je gegevens zijn verbeterd."))
    return redirect(settings_path(PersonalPage.ABOUT), 303)
