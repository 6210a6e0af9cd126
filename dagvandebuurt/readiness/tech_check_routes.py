"""Routes of the technical check: try it, say how it went, and see who did."""

from typing import Any, TypeVar
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.network import network
from dagvandebuurt.core.permissions import allows, require
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import limiter
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.programme.models import Edition, ProgrammeSession, Speaker
from dagvandebuurt.programme.photos.queries import token_for as photo_token
from dagvandebuurt.programme.queries import current_edition
from dagvandebuurt.readiness import check_queries, queries, tech_check_mail
from dagvandebuurt.readiness.forms import OutcomeForm
from dagvandebuurt.readiness.permissions import ReadinessPermission
from dagvandebuurt.readiness.routes import bp
from dagvandebuurt.readiness.rules import record_check
from dagvandebuurt.readiness.stage_trial import trial_of
from dagvandebuurt.readiness.tech_check_links import opened_by

ResponseOf = TypeVar("ResponseOf", bound=Response)


@bp.get("/proef")
@limiter.limit("120 per minute", key_func=network)
@allows(ReadinessPermission.TRY)
def try_out() -> ResponseReturnValue:
    """Try picture, sound, microphone and connection, without saying who one is."""
    return render_template(
        "readiness/tech_check.html",
        here=current_edition(),
        sessions=[],
        speaker=None,
        check=None,
        token="",
        photo_token="",
        form=None,
    )


@bp.get("/proef/<token>")
@limiter.limit("120 per minute", key_func=network)
@allows(ReadinessPermission.TRY)
def tech_check(token: str) -> ResponseReturnValue:
    """Try it as a speaker, read where and when one is expected, and say how it went."""
    found = opened_by(token, now=clock.now())
    if found is None:
        return _over()
    return _page(token, *found)


def _page(
    token: str, edition: Edition, speaker: Speaker, form: OutcomeForm | None = None, status: int = 200
) -> ResponseReturnValue:
    sessions = check_queries.sessions_of(speaker, edition)
    asked = request.args.get("beeld", "")
    page = render_template(
        "readiness/tech_check.html",
        here=edition,
        speaker=speaker,
        sessions=[(each, trial_of(each, plays=each.slug == asked)) for each in sessions],
        check=check_queries.last_check(speaker, edition),
        token=token,
        photo_token=photo_token(speaker),
        form=form or OutcomeForm(formdata=None),
    )
    return _private(make_response(page, status))


def _over() -> ResponseReturnValue:
    sentence = _("Deze link werkt niet meer. Vraag de organisatie om een nieuwe.")
    return _private(make_response(render_template("errors/http.html", code=410, sentence=sentence), 410))


def _private(response: ResponseOf) -> ResponseOf:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/proef/<token>")
@limiter.limit("30 per hour", key_func=network)
@allows(ReadinessPermission.TRY)
@once
def answer(token: str) -> ResponseReturnValue:
    """Say that it works, or that help is needed. The newest answer counts."""
    found = opened_by(token, now=clock.now())
    if found is None:
        return _over()
    form = OutcomeForm()

    def act() -> None:
        again = opened_by(token, now=clock.now())
        if again is None:
            raise NotFound
        record_check(*again, outcome=form.outcome.data, note=form.note.data or "", now=clock.now())

    return attempt(
        form,
        act,
        page=lambda form, status: _page(token, *found, form, status),
        back=url_for(".tech_check", token=token),
        said=_("Dank je. De organisatie en je moderator zien het nu."),
    )


@bp.get("/proeven")
@allows(ReadinessPermission.READ_CHECKS)
def tech_checks() -> ResponseReturnValue:
    """Show for each session one arranges or runs who did the check, with the link to send them."""
    edition = queries.edition_of_lists(current_user)
    sessions = check_queries.checks_for(current_user, edition) if edition is not None else []
    return render_template("readiness/tech_checks.html", here=edition, sessions=sessions)


@bp.post("/proeven/<uuid:session_id>/<uuid:speaker_id>/mail")
@limiter.limit("200 per hour", key_func=lambda: f"tech check mail {current_user.id}")
@allows(ReadinessPermission.READ_CHECKS)
@once
def mail_link(session_id: UUID, speaker_id: UUID) -> ResponseReturnValue:
    """Mail a speaker the link of their check."""
    with transaction():
        session = _found(ProgrammeSession, session_id)
        require(current_user, ReadinessPermission.ASK_TO_CHECK, session)
        speaker = _found(Speaker, speaker_id)
        if speaker not in {*session.speakers, *session.hosts}:
            raise NotFound
        is_sent = tech_check_mail.send_link(session.edition, speaker, now=clock.now())
        name = speaker.name
    flash(
        _("De mail aan %(name)s gaat zo weg.", name=name)
        if is_sent
        else _("Van %(name)s is geen e-mailadres bekend. Stuur de link zelf.", name=name)
    )
    return redirect(url_for(".tech_checks"), 303)


def _found(kind: type[Any], thing_id: UUID) -> Any:
    found = db.session.get(kind, thing_id)
    if found is None:
        raise NotFound
    return found
