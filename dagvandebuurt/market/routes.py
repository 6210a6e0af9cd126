"""Public routes of the market: the list, and one stand."""

from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.market.forms import ContactForm, WishForm
from dagvandebuurt.market.models import MarketStand
from dagvandebuurt.market.permissions import MarketPermission
from dagvandebuurt.market.queries import numbers_there, stand_by_slug, stands_of, there_now, wishes_shown
from dagvandebuurt.programme.places.queries import place_choices
from dagvandebuurt.programme.queries import current_edition
from dagvandebuurt.programme.stage.facts import film_at
from dagvandebuurt.wijkwijzer.models import SHOWN_INITIATIVES

bp = Blueprint("market", __name__)


@bp.get("/markt")
@allows(MarketPermission.READ)
def index() -> ResponseReturnValue:
    """List the stands of the edition, those that are open first."""
    edition = g.edition = current_edition()
    if edition is None:
        raise NotFound
    now = clock.now()
    stands = sorted(stands_of(edition), key=lambda each: not each.is_open(now))
    return render_template(
        "market/index.html", edition=edition, stands=stands, now=now, there=numbers_there(edition, now)
    )


@bp.get("/markt/<slug>")
@allows(MarketPermission.READ)
def stand(slug: str) -> ResponseReturnValue:
    """Show one stand: what it is, its film, pictures and papers, and who is there."""
    return stand_page(stand_by_slug(slug))


def stand_page(
    found: MarketStand,
    status: int = 200,
    *,
    contact: ContactForm | None = None,
    wish: WishForm | None = None,
) -> ResponseReturnValue:
    """Render the page of a stand, with a form that was refused where there is one."""
    now = clock.now()
    initiative = found.initiative
    page = render_template(
        "market/stand.html",
        stand=found,
        now=now,
        film=film_at(found.film_url, title=found.title, is_asked_for=bool(request.args.get("film"))),
        there=there_now(found, now),
        initiative=initiative if initiative and initiative.status in SHOWN_INITIATIVES else None,
        contact=contact or ContactForm(formdata=None, line=_wanted_too()),
        wish=wish or wish_form(formdata=None),
        wishes=wishes_shown(found),
        may_keep=can(current_user, MarketPermission.KEEP, found),
    )
    return page, status, {"Cache-Control": "no-store"}


def wish_form(**given: Any) -> WishForm:
    form = WishForm(**given)
    form.place.offer(place_choices())
    return form


def _wanted_too() -> str:
    """Return the sentence that somebody begins with who comes from *dit wil ik ook*."""
    return _("Dit wil ik ook in mijn buurt.") if request.args.get("wens") else ""
