"""Routes of the preview link: open it, and leave it."""

from typing import TypeVar

from flask import Flask, Response, redirect, render_template, session, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug import Response as AnyResponse

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.network import network
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.extensions import limiter
from dagvandebuurt.programme import preview
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.public.routes import bp

ResponseOf = TypeVar("ResponseOf", bound=AnyResponse)


@bp.get("/voorproef/<token>")
@limiter.limit("60 per minute", key_func=network)
@allows(ProgrammePermission.READ)
def open_preview(token: str) -> ResponseReturnValue:
    """Show the previewed edition in this browser. Changes nothing but its own cookie."""
    if preview.edition_of(token) is None:
        session.pop(preview.KEPT, None)
        sentence = _("Deze voorproef is afgelopen. Vraag de organisatie om een nieuwe link.")
        return _unlisted(Response(render_template("errors/http.html", code=410, sentence=sentence), 410))
    session[preview.KEPT] = token
    return _unlisted(redirect(url_for("frontdoor.home"), 303))


@bp.post("/voorproef-verlaten")
@allows(ProgrammePermission.READ)
def leave_preview() -> ResponseReturnValue:
    """Show the site as it is again. Idempotent."""
    session.pop(preview.KEPT, None)
    return redirect("/", 303)


def _unlisted(response: ResponseOf) -> ResponseOf:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _mark(response: Response) -> Response:
    return _unlisted(response) if preview.previewed() is not None else response


@bp.record_once
def _watch(state: BlueprintSetupState) -> None:
    app = state.app
    assert isinstance(app, Flask)
    app.after_request(_mark)
