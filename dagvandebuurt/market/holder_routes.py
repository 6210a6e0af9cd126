"""Routes of who keeps a stand: which ones they keep, furnishing one, and saying that they are there."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, require
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.market import rules
from dagvandebuurt.market.contacts import opened
from dagvandebuurt.market.forms import FurnishForm, HangForm, PaperForm
from dagvandebuurt.market.models import MarketStand
from dagvandebuurt.market.permissions import MarketPermission
from dagvandebuurt.market.queries import (
    contacts_at,
    number_of_wishes,
    numbers_of_contacts,
    presence_of,
    stand_at_desk,
    stands_kept_by,
    there_now,
    wishes_by_place,
)
from dagvandebuurt.market.queue_queries import numbers_waiting
from dagvandebuurt.market.routes import bp
from dagvandebuurt.parts.files.errors import StoreAway
from dagvandebuurt.parts.files.keeping import could_keep

MOST_SHOWN = 100


@bp.get("/kraam")
@allows(MarketPermission.KEEP)
def kept() -> ResponseReturnValue:
    """List the stands that one keeps."""
    stands = stands_kept_by(current_user)
    return render_template(
        "market/kept.html",
        stands=stands,
        contacts=numbers_of_contacts(stands),
        waiting=numbers_waiting(stands),
        now=clock.now(),
    )


@bp.get("/kraam/<slug>")
@allows(MarketPermission.KEEP)
def keep(slug: str) -> ResponseReturnValue:
    """Show a stand to who keeps it."""
    stand = stand_at_desk(slug)
    require(current_user, MarketPermission.KEEP, stand)
    now = clock.now()
    page = render_template(
        "market/keep.html",
        stand=stand,
        now=now,
        mine=presence_of(stand, current_user.id, now),
        there=there_now(stand, now),
        contacts=numbers_of_contacts([stand]).get(stand.id, 0),
        waiting=numbers_waiting([stand]).get(stand.id, 0),
        wishes=number_of_wishes(stand),
        places=wishes_by_place(stand),
    )
    return page, 200, {"Cache-Control": "no-store"}


@bp.post("/kraam/<slug>/aanwezig")
@allows(MarketPermission.KEEP)
@once
def come(slug: str) -> ResponseReturnValue:
    """Say that one is at the stand, or that one leaves."""
    leaves, queue = bool(request.form.get("weg")), bool(request.form.get("rij"))
    with transaction():
        stand = stand_at_desk(slug)
        if leaves:
            rules.go(current_user, stand, now=clock.now())
        else:
            rules.come(current_user, stand, now=clock.now())
    flash(_("Je staat niet meer in de kraam.") if leaves else _("Bezoekers zien dat je er bent."), "done")
    return redirect(url_for(".waiting" if queue else ".keep", slug=slug), 303)


@bp.get("/kraam/<slug>/briefjes")
@allows(MarketPermission.KEEP)
def contacts(slug: str) -> ResponseReturnValue:
    """Show to who keeps the stand what visitors left there."""
    stand = stand_at_desk(slug)
    require(current_user, MarketPermission.KEEP, stand)
    found = contacts_at(stand, MOST_SHOWN)
    page = render_template(
        "market/contacts.html",
        stand=stand,
        number=numbers_of_contacts([stand]).get(stand.id, 0),
        contacts=[(each, opened(each)) for each in found],
    )
    return page, 200, {"Cache-Control": "no-store"}


@bp.post("/kraam/<slug>/briefjes/<uuid:contact_id>/klaar")
@allows(MarketPermission.KEEP)
@once
def settle_contact(slug: str, contact_id: UUID) -> ResponseReturnValue:
    """Delete what a visitor left: it was dealt with."""
    with transaction():
        rules.settle_contact(current_user, stand_at_desk(slug), contact_id=contact_id)
    flash(_("Het briefje is weg. We bewaren er niets van."), "done")
    return redirect(url_for(".contacts", slug=slug), 303)


@bp.get("/kraam/<slug>/inrichten")
@allows(MarketPermission.EDIT)
def furnish_form(slug: str) -> ResponseReturnValue:
    """Show what is in the stand, to change it."""
    return _furnish_page(_editable(slug))


def _editable(slug: str) -> MarketStand:
    stand = stand_at_desk(slug)
    require(current_user, MarketPermission.EDIT, stand)
    return stand


def _furnish_page(
    stand: MarketStand,
    status: int = 200,
    *,
    form: FurnishForm | None = None,
    hang: HangForm | None = None,
    paper: PaperForm | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "market/furnish.html",
        stand=stand,
        form=form or FurnishForm(formdata=None, obj=stand),
        hang=hang or HangForm(formdata=None),
        paper=paper or PaperForm(formdata=None),
        most_pictures=rules.MOST_PICTURES,
        most_papers=rules.MOST_PAPERS,
    )
    return page, status


@bp.post("/kraam/<slug>/inrichten")
@allows(MarketPermission.EDIT)
@once
def furnish(slug: str) -> ResponseReturnValue:
    form = FurnishForm()
    return attempt(
        form,
        lambda: rules.furnish(current_user, stand_at_desk(slug), furnishing=form.furnishing, now=clock.now()),
        page=lambda form, status: _furnish_page(_editable(slug), status, form=form),
        back=url_for(".furnish_form", slug=slug),
        said=_("Bewaard. Zo staat het in je kraam."),
    )


@bp.post("/kraam/<slug>/fotos")
@allows(MarketPermission.EDIT)
@once
def hang_picture(slug: str) -> ResponseReturnValue:
    """Hang a picture; it is stored before the transaction: a slow store must not keep a lock."""
    form, stand = HangForm(), _editable(slug)
    if not form.validate():
        return _furnish_page(stand, 422, hang=form)
    made = form.picture.made
    assert made is not None
    if not could_keep(form.picture, made, also_for_sharing=False):
        return _furnish_page(stand, StoreAway.status, hang=form)
    return attempt(
        form,
        lambda: rules.hang_picture(current_user, stand_at_desk(slug), made=made, alt=form.alt.data or ""),
        page=lambda form, status: _furnish_page(_editable(slug), status, hang=form),
        back=url_for(".furnish_form", slug=slug) + "#fotos",
        said=_("De foto hangt in je kraam."),
        validate=False,
    )


@bp.post("/kraam/<slug>/fotos/<uuid:picture_id>/weg")
@allows(MarketPermission.EDIT)
@once
def take_picture_down(slug: str, picture_id: UUID) -> ResponseReturnValue:
    with transaction():
        rules.take_picture_down(current_user, stand_at_desk(slug), picture_id=picture_id)
    flash(_("De foto is weg."), "done")
    return redirect(url_for(".furnish_form", slug=slug) + "#fotos", 303)


@bp.post("/kraam/<slug>/papieren")
@allows(MarketPermission.EDIT)
@once
def put_paper(slug: str) -> ResponseReturnValue:
    form = PaperForm()
    return attempt(
        form,
        lambda: rules.put_paper(
            current_user, stand_at_desk(slug), title=form.title.data or "", url=form.url.data or ""
        ),
        page=lambda form, status: _furnish_page(_editable(slug), status, paper=form),
        back=url_for(".furnish_form", slug=slug) + "#papieren",
        said=_("Het papier ligt in je kraam."),
    )


@bp.post("/kraam/<slug>/papieren/<uuid:paper_id>/weg")
@allows(MarketPermission.EDIT)
@once
def take_paper_away(slug: str, paper_id: UUID) -> ResponseReturnValue:
    with transaction():
        rules.take_paper_away(current_user, stand_at_desk(slug), paper_id=paper_id)
    flash(_("Het papier is weg."), "done")
    return redirect(url_for(".furnish_form", slug=slug) + "#papieren", 303)
