"""Routes of the rehearsal: how it stands, start it, throw it away."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import limiter
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.programme.queries import edition_chosen_by
from dagvandebuurt.readiness.permissions import ReadinessPermission
from dagvandebuurt.readiness.routes import bp
from dagvandebuurt.rehearsal import process

PATIENCE_SECONDS = 20.0  # for a press; a slow machine gets the page that says it is being made


@bp.get("/organisatie/repetitie")
@allows(ReadinessPermission.REHEARSE)
def rehearsal() -> ResponseReturnValue:
    """Show whether a rehearsal runs, with the link of each of the crew."""
    data = current_app.config["DATA_FOLDER"]
    runs = process.is_running(data)
    found = process.read(data) if runs else None
    page = render_template(
        "readiness/rehearsal.html",
        asked=edition_chosen_by(current_user.id),
        is_one=bool(current_app.config["REHEARSAL"]),
        address=process.address(current_app.config),
        runs=runs,
        found=found if found is not None and found.is_ready else None,
        over_at=clock.at(found.over_at) if found is not None else None,
    )
    return page, 200, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@bp.post("/organisatie/repetitie/begin")
@limiter.limit("20 per hour")
@allows(ReadinessPermission.REHEARSE)
@once
def begin_rehearsal() -> ResponseReturnValue:
    """Copy the edition of this organiser and serve it beside the site."""
    _refuse_inside()
    with transaction():  # one press is one rehearsal
        edition = edition_chosen_by(current_user.id)
        slug = edition.slug if edition is not None else None
    data = current_app.config["DATA_FOLDER"]
    if slug is None or process.address(current_app.config) is None:
        raise NotFound
    if process.is_running(data):
        flash(_("Er loopt al een repetitie."))
        return redirect(url_for(".rehearsal"), 303)
    process.begin(data, slug)
    if process.wait_until_ready(data, PATIENCE_SECONDS):
        flash(_("De repetitie is begonnen. Geef iedereen een eigen link."))
    elif process.is_running(data):
        flash(_("De repetitie wordt klaargezet. Ververs deze pagina over een minuut."))
    else:
        flash(
            _("De repetitie begon niet. Vraag wie de server beheert om te kijken in rehearsal.log."), "watch"
        )
    return redirect(url_for(".rehearsal"), 303)


@bp.post("/organisatie/repetitie/weg")
@allows(ReadinessPermission.REHEARSE)
@once
def end_rehearsal() -> ResponseReturnValue:
    """Stop the rehearsal and delete all of it."""
    _refuse_inside()
    with transaction():
        pass  # one press is one press
    try:
        process.throw_away(current_app.config["DATA_FOLDER"])
    except process.Elsewhere:
        flash(_("De repetitie loopt op een andere machine. Vraag wie de server beheert."), "watch")
    else:
        flash(_("De repetitie is weg, met alles erin."))
    return redirect(url_for(".rehearsal"), 303)


def _refuse_inside() -> None:
    if current_app.config["REHEARSAL"]:
        raise NotFound
