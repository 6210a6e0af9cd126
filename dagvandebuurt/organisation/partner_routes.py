"""Routes for the partners on the front page: add, change, put earlier, remove."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.organisation.branding_forms import PartnerForm
from dagvandebuurt.organisation.lookup import found
from dagvandebuurt.organisation.routes import bp
from dagvandebuurt.parts.files.errors import StoreAway
from dagvandebuurt.parts.files.keeping import could_keep
from dagvandebuurt.parts.files.pictures import Picture
from dagvandebuurt.parts.partners import rules
from dagvandebuurt.parts.partners.models import Partner
from dagvandebuurt.parts.partners.permissions import PartnerPermission
from dagvandebuurt.parts.partners.queries import partners as all_partners
from dagvandebuurt.parts.partners.rules import Logo


@bp.get("/organisatie/partners")
@allows(PartnerPermission.ARRANGE)
def partners() -> ResponseReturnValue:
    return _page(PartnerForm(formdata=None))


def _page(form: PartnerForm, changed: Partner | None = None, status: int = 200) -> ResponseReturnValue:
    """Render the list; `form` is that of a new partner, or of the one that is `changed`."""
    there = all_partners()
    forms = {each.id: PartnerForm.filled(each) for each in there}
    if changed is not None:
        forms[changed.id] = form
    page = render_template(
        "organisation/partners.html",
        partners=there,
        forms=forms,
        new=PartnerForm(formdata=None) if changed is not None else form,
    )
    return page, status


@bp.post("/organisatie/partners")
@allows(PartnerPermission.ARRANGE)
@once
def add_partner() -> ResponseReturnValue:
    form = PartnerForm()
    if not form.validate():
        return _page(form, status=422)
    if not could_keep(form.picture, form.picture.made, also_for_sharing=False):
        return _page(form, status=StoreAway.status)

    def act() -> None:
        rules.add(current_user, None, **form.given, logo=_logo(form.picture.made), now=clock.now())

    return attempt(
        form,
        act,
        page=lambda form, status: _page(form, status=status),
        back=url_for(".partners"),
        said=_("De partner staat op de voorpagina."),
        validate=False,
    )


@bp.post("/organisatie/partners/<uuid:partner_id>")
@allows(PartnerPermission.ARRANGE)
@once
def change_partner(partner_id: UUID) -> ResponseReturnValue:
    partner, form = found(Partner, partner_id), PartnerForm()
    if not form.validate():
        return _page(form, partner, 422)
    if not could_keep(form.picture, form.picture.made, also_for_sharing=False):
        return _page(form, partner, StoreAway.status)
    with transaction():
        logo = _logo(form.picture.made)
        rules.change(current_user, found(Partner, partner_id), **form.given, logo=logo)
    flash(_("Bewaard."), "done")
    return _back()


@bp.post("/organisatie/partners/<uuid:partner_id>/omhoog")
@allows(PartnerPermission.ARRANGE)
@once
def move_partner_up(partner_id: UUID) -> ResponseReturnValue:
    with transaction():
        rules.move_up(current_user, found(Partner, partner_id))
    return _back()


@bp.post("/organisatie/partners/<uuid:partner_id>/weg")
@allows(PartnerPermission.ARRANGE)
@once
def remove_partner(partner_id: UUID) -> ResponseReturnValue:
    with transaction():
        rules.remove(current_user, found(Partner, partner_id))
    flash(_("De partner staat niet meer op de voorpagina."), "done")
    return _back()


def _logo(made: Picture | None) -> Logo | None:
    return Logo(made.name, made.width, made.height) if made is not None else None


def _back() -> ResponseReturnValue:
    return redirect(url_for(".partners"), 303)
