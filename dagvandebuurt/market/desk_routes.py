"""Routes of the market at the organiser's desk: make stands, change and close them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.market import rules
from dagvandebuurt.market.forms import PlaceForm
from dagvandebuurt.market.models import MarketStand
from dagvandebuurt.market.permissions import MarketPermission
from dagvandebuurt.market.queries import holders_of, numbers_of_contacts, stand_at_desk, stands_of
from dagvandebuurt.market.routes import bp
from dagvandebuurt.people.models import Role
from dagvandebuurt.people.queries import open_invitations
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.programme.queries import edition_chosen_by
from dagvandebuurt.wijkwijzer.models import SHOWN_INITIATIVES, Initiative


def _edition() -> Edition:
    """Return the edition that the organiser works on. Raises NotFound without one."""
    edition = edition_chosen_by(current_user.id)
    if edition is None:
        raise NotFound
    return edition


def _offered(form: PlaceForm) -> PlaceForm:
    shown = select(Initiative).where(Initiative.status.in_(SHOWN_INITIATIVES))
    form.offer(list(db.session.scalars(shown.order_by(Initiative.title, Initiative.id))))
    return form


@bp.get("/organisatie/markt")
@allows(MarketPermission.ARRANGE)
def desk() -> ResponseReturnValue:
    """List the stands of the edition, with a form for one more."""
    return _desk_page(_offered(PlaceForm.for_edition(_edition(), formdata=None)))


def _desk_page(form: PlaceForm, status: int = 200) -> ResponseReturnValue:
    edition = _edition()
    stands = stands_of(edition)
    page = render_template(
        "market/desk.html",
        edition=edition,
        stands=stands,
        holders=holders_of(stands),
        contacts=numbers_of_contacts(stands),
        form=form,
        now=clock.now(),
    )
    return page, status


@bp.post("/organisatie/markt")
@allows(MarketPermission.ARRANGE)
@once
def make_stand() -> ResponseReturnValue:
    form = _offered(PlaceForm())
    return attempt(
        form,
        lambda: rules.make_stand(current_user, _edition(), place=form.place, now=clock.now()),
        page=lambda form, status: _desk_page(form, status),
        back=lambda made: url_for(".desk_stand", slug=made.slug),
        said=_("De kraam staat op de markt. Nodig nu uit wie er staat."),
    )


@bp.get("/organisatie/markt/<slug>")
@allows(MarketPermission.ARRANGE)
def desk_stand(slug: str) -> ResponseReturnValue:
    """Show one stand to arrange: name and hours, and who keeps it."""
    return _desk_stand_page(stand_at_desk(slug))


def _desk_stand_page(
    stand: MarketStand,
    status: int = 200,
    *,
    place: PlaceForm | None = None,
) -> ResponseReturnValue:
    now = clock.now()
    page = render_template(
        "market/desk_stand.html",
        stand=stand,
        now=now,
        place=place or _offered(PlaceForm.filled(stand, formdata=None)),
        holders=holders_of([stand])[stand.id],
        invited=[
            each.email
            for each in open_invitations(now)
            if each.role is Role.STAND_HOLDER and each.scope_id == stand.id
        ],
    )
    return page, status


@bp.post("/organisatie/markt/<slug>")
@allows(MarketPermission.ARRANGE)
@once
def change_stand(slug: str) -> ResponseReturnValue:
    form = _offered(PlaceForm())
    return attempt(
        form,
        lambda: rules.change_place(current_user, stand_at_desk(slug), place=form.place, now=clock.now()),
        page=lambda form, status: _desk_stand_page(stand_at_desk(slug), status, place=form),
        back=url_for(".desk_stand", slug=slug),
        said=_("Bewaard."),
    )


@bp.post("/organisatie/markt/<slug>/sluiten")
@allows(MarketPermission.ARRANGE)
@once
def close_stand(slug: str) -> ResponseReturnValue:
    return _set_closed(slug, is_closed=True)


@bp.post("/organisatie/markt/<slug>/openen")
@allows(MarketPermission.ARRANGE)
@once
def open_stand(slug: str) -> ResponseReturnValue:
    return _set_closed(slug, is_closed=False)


def _set_closed(slug: str, *, is_closed: bool) -> ResponseReturnValue:
    with transaction():
        rules.close(current_user, stand_at_desk(slug), is_closed=is_closed, now=clock.now())
    flash(_("De kraam is dicht.") if is_closed else _("De kraam volgt weer zijn tijden."), "done")
    return redirect(url_for(".desk_stand", slug=slug), 303)
