"""Public routes of the market: the list, and one stand."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.market.forms import ContactForm, QueueForm, WishForm
from dagvandebuurt.market.models import MarketStand
from dagvandebuurt.market.permissions import MarketPermission
from dagvandebuurt.market.queries import stand_by_slug, stands_of, there_now, wishes_shown
from dagvandebuurt.market.queue_queries import (
    busy_at,
    numbers_waiting,
    visitor_key,
    wait_of,
    waits_of,
)
from dagvandebuurt.market.rules import LATE
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
        "market/index.html",
        edition=edition,
        stands=stands,
        now=now,
        busy=busy_at(edition, now),
        waits=waits_of(edition, own_key(edition.id)),
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
    queue: QueueForm | None = None,
) -> ResponseReturnValue:
    """Render the page of a stand, with a form that was refused where there is one."""
    now = clock.now()
    initiative = found.initiative
    wait = wait_of(found, own_key(found.edition_id))
    page = render_template(
        "market/stand.html",
        stand=found,
        now=now,
        film=film_at(found.film_url, title=found.title, is_asked_for=bool(request.args.get("film"))),
        there=there_now(found, now),
        initiative=initiative if initiative and initiative.status in SHOWN_INITIATIVES else None,
        contact=contact or ContactForm(formdata=None, line=_about()),
        takes_note=not found.is_over(now if "rij" not in request.args else now - LATE),
        queue=queue or QueueForm(formdata=None, nickname=current_user.name),
        wait=wait if wait is not None and wait.is_active else None,
        waiting=numbers_waiting([found]).get(found.id, 0),
        wish=wish or wish_form(formdata=None),
        wishes=wishes_shown(found),
        may_keep=can(current_user, MarketPermission.KEEP, found),
    )
    return page, status, {"Cache-Control": "no-store"}


def wish_form(**given: Any) -> WishForm:
    form = WishForm(**given)
    form.place.offer(place_choices())
    return form


def own_key(edition_id: UUID) -> str | None:
    """Return by what this browser is known in queues. None: it was in none."""
    browser = session.get("browser")
    return None if browser is None else visitor_key(edition_id, browser)


def _about() -> str:
    """Return the sentence that somebody begins with who comes from *dit wil ik ook*, or from a queue."""
    if request.args.get("wens"):
        return _("Dit wil ik ook in mijn buurt.")
    return _("Ik stond in de rij om te praten.") if request.args.get("rij") else ""
