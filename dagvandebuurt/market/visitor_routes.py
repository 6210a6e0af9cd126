"""Routes of visitors at a stand, who need no account: leave a name or number, say that one wants it too."""

import secrets
from datetime import timedelta

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock, pseudonyms
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import throttle
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.market import rules
from dagvandebuurt.market.contacts import new_token, opened
from dagvandebuurt.market.forms import ContactForm
from dagvandebuurt.market.permissions import MarketPermission
from dagvandebuurt.market.privacy import contacts_of_long_ago
from dagvandebuurt.market.queries import contact_of, stand_by_slug
from dagvandebuurt.market.routes import bp, stand_page, wish_form
from dagvandebuurt.wijkwijzer.models import SHOWN_INITIATIVES

KEPT = timedelta(days=contacts_of_long_ago.days or 0)
HAS_TOKEN = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@bp.post("/markt/<slug>/briefje")
@throttle("20 per hour", together="200 per hour")
@allows(MarketPermission.VISIT)
@once
def leave_contact(slug: str) -> ResponseReturnValue:
    """Leave a name or number. Refused: the stand with what was typed."""
    form, token = ContactForm(), new_token()
    return attempt(
        form,
        lambda: rules.leave_contact(
            current_user, stand_by_slug(slug), contact=form.contact, token=token, now=clock.now()
        ),
        page=lambda form, status: stand_page(stand_by_slug(slug), status, contact=form),
        back=url_for(".own_contact", token=token),
        said=_("Je briefje ligt in de kraam."),
    )


@bp.get("/markt/briefje/<token>")
@allows(MarketPermission.VISIT)
def own_contact(token: str) -> ResponseReturnValue:
    """Show what one left at a stand, to who has its link; or that it is not there any more."""
    there = contact_of(token)
    page = render_template(
        "market/contact.html",
        there=there,
        left=opened(there) if there else None,
        away_at=there.left_at + KEPT if there else None,
        token=token,
    )
    return page, 200, HAS_TOKEN


@bp.post("/markt/briefje/<token>/weg")
@allows(MarketPermission.VISIT)
@once
def take_contact_back(token: str) -> ResponseReturnValue:
    with transaction():
        there = contact_of(token)
        if there is not None:
            rules.take_contact_back(current_user, there)
    flash(_("Je briefje is weg. Niemand leest het meer."), "done")
    return redirect(url_for(".own_contact", token=token), 303)


@bp.post("/markt/<slug>/wil-ik-ook")
@throttle("60 per hour", together="600 per hour")
@allows(MarketPermission.VISIT)
@once
def wish(slug: str) -> ResponseReturnValue:
    """Say that one wants this in one's own neighbourhood too; with `weg` not any more."""
    form, leaves = wish_form(), bool(request.form.get("weg"))
    browser = session.setdefault("browser", secrets.token_urlsafe(16))  # as for a live page
    stand = stand_by_slug(slug)
    key = pseudonyms.fingerprint(stand.id, f"wish|{browser}".encode())
    return attempt(
        form,
        lambda: rules.wish(
            current_user, stand_by_slug(slug), visitor_key=key, place_id=form.place_id, on=not leaves
        ),
        page=lambda form, status: stand_page(stand_by_slug(slug), status, wish=form),
        back=url_for(".stand" if leaves else ".wished", slug=slug),
        said=_("Je telt niet meer mee.") if leaves else _("Je telt mee."),
    )


@bp.get("/markt/<slug>/wil-ik-ook")
@allows(MarketPermission.VISIT)
def wished(slug: str) -> ResponseReturnValue:
    """Offer what to do with the wish: leave a name or number, or ask a learning question."""
    stand = stand_by_slug(slug)
    its = stand.initiative
    example = its.slug if its is not None and its.status in SHOWN_INITIATIVES else None
    page = render_template("market/wished.html", stand=stand, example=example, now=clock.now())
    return page, 200, {"Cache-Control": "no-store"}
