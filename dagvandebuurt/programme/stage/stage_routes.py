"""Routes of the stage of a session: settings for organisers; meetings and recordings for everybody."""

from uuid import UUID

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock, webvtt
from dagvandebuurt.core.errors import NotFound, RuleBroken
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, require
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import throttle
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.parts.stage.bbb import BigBlueButton
from dagvandebuurt.parts.stage.protocol import Meeting, Nothing
from dagvandebuurt.programme.labels import HOW_SHOWN, NOT_SHOWN
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.public.routes import bp
from dagvandebuurt.programme.queries import recording_by_id, require_open, session_by_slug
from dagvandebuurt.programme.stage import rules
from dagvandebuurt.programme.stage.forms import CaptionsForm, RecordingForm, StageForm
from dagvandebuurt.programme.stage.models import Purpose, StageSource
from dagvandebuurt.programme.stage.view import (
    MAIN,
    NAMES,
    host_of,
    recordings,
    room_of,
    shown_to,
    stage_of,
    viewer_of,
)

WAYS = {name: purpose for purpose, name in NAMES.items()}


@bp.get("/sessies/<slug>/opnames/<uuid:source_id>.vtt")
@allows(ProgrammePermission.READ)
def recording_captions(slug: str, source_id: UUID) -> ResponseReturnValue:
    """Return the captions of the recording, shifted by its offset."""
    source = recording_by_id(session_by_slug(current_user, slug), source_id)
    if not source.captions:
        raise NotFound
    cues = webvtt.shifted(webvtt.read(source.captions), source.captions_offset)
    return Response(webvtt.write(cues), mimetype="text/vtt")


# --- meetings ---


def _meeting_in(slug: str) -> tuple[ProgrammeSession, BigBlueButton, str]:
    """Return the session, its server and the meeting named in the form. Raises NotFound."""
    session = session_by_slug(current_user, slug)
    require_open(current_user, session, now=clock.now())
    way = request.form.get("beeld", MAIN)
    purpose = WAYS.get(way)
    address = session.stage_url if way == MAIN else _address_for(session, purpose)
    url, secret = current_app.config["BBB_URL"], current_app.config["BBB_SECRET"]
    if not url or not isinstance(shown_to(current_user, session, address)[1], Meeting):
        raise NotFound
    return session, BigBlueButton(url, secret), (address or "").partition(":")[2]


def _address_for(session: ProgrammeSession, purpose: Purpose | None) -> str | None:
    return next((source.address for source in session.sources if source.purpose is purpose), None)


@bp.post("/sessies/<slug>/beeld/meedoen")
@throttle("20 per minute", together="600 per minute")
@allows(ProgrammePermission.READ)
def join_meeting(slug: str) -> ResponseReturnValue:
    """Redirect to the meeting, by an address made for this person. When it is unreachable, go back to the
    alternatives.
    """
    session, server, name = _meeting_in(slug)
    if session.phase_at(clock.now()) is Phase.ENDED and not viewer_of(current_user, session).runs:
        flash(_("Deze sessie is voorbij."), "watch")
        return redirect(url_for("qanda.room", slug=slug), 303)
    try:
        way_in = server.way_in(name, room_of(session), viewer_of(current_user, session))
    except RuleBroken as broken:
        flash(str(broken.message), "watch")
        return redirect(url_for("qanda.room", slug=slug, hulp=1) + "#hulp-bij-beeld", 303)
    return redirect(way_in, 303)


@bp.post("/sessies/<slug>/beeld/sluiten")
@allows(ProgrammePermission.READ)
def end_meeting(slug: str) -> ResponseReturnValue:
    require(current_user, ProgrammePermission.RUN, session_by_slug(current_user, slug))
    session, server, name = _meeting_in(slug)
    try:
        server.end(name, room_of(session))
        flash(_("De vergadering is gesloten."), "done")
    except RuleBroken as broken:
        flash(str(broken.message), "watch")
    return redirect(url_for("qanda.room", slug=slug), 303)


# --- for organisers ---


@bp.get("/organisatie/sessies/<slug>/beeld")
@allows(ProgrammePermission.EDIT)
def stage(slug: str) -> ResponseReturnValue:
    return _stage_page(session_by_slug(current_user, slug))


def _stage_page(
    session: ProgrammeSession, form: StageForm | None = None, recording: RecordingForm | None = None
) -> ResponseReturnValue:
    typed = {purpose.value: _address_for(session, purpose) for purpose in NAMES}
    form = form or StageForm(formdata=None, data={"main": session.stage_url, **typed})
    recording = recording or RecordingForm(formdata=None)
    how = {field: how_shown(session, each.data) for field, each in form._fields.items() if each.data}
    page = render_template(
        "programme/stage.html",
        session=session,
        form=form,
        recording=recording,
        how=how,
        recordings=[(each, how_shown(session, each.address)) for each in recordings(session)],
        shows_any=bool(stage_of(current_user, session).choices),
    )
    return page, 422 if form.errors or recording.errors else 200


def how_shown(session: ProgrammeSession, address: str | None) -> str:
    """Return a sentence that says what visitors see at this address."""
    provider, shown = shown_to(current_user, session, address)
    if isinstance(shown, Nothing):
        return str(NOT_SHOWN["bbb" if (address or "").startswith("bbb:") else "nothing"])
    return str(HOW_SHOWN[provider] % {"host": host_of(shown)})


@bp.post("/organisatie/sessies/<slug>/beeld")
@allows(ProgrammePermission.EDIT)
def set_stage(slug: str) -> ResponseReturnValue:
    session, form = session_by_slug(current_user, slug), StageForm()
    if not form.validate_on_submit():
        return _stage_page(session, form)
    with transaction():
        rules.set_stage(current_user, session, main=form.main.data or None, others=form.others)
    flash(_("Bewaard. Wie de zaal nu opent, ziet het zo."), "done")
    return redirect(url_for(".stage", slug=slug), 303)


@bp.post("/organisatie/sessies/<slug>/beeld/opnames")
@allows(ProgrammePermission.EDIT)
@once
def add_recording(slug: str) -> ResponseReturnValue:
    session, form = session_by_slug(current_user, slug), RecordingForm()
    if not form.validate_on_submit():
        return _stage_page(session, recording=form)
    with transaction():
        rules.add_recording(
            current_user,
            session,
            address=form.address.data or "",
            label=form.label.data or "",
            **form.given,
        )
    flash(_("De opname staat bij de sessie."), "done")
    return redirect(url_for(".stage", slug=slug) + "#opnames", 303)


@bp.get("/organisatie/sessies/<slug>/beeld/opnames/<uuid:source_id>")
@allows(ProgrammePermission.EDIT)
def recording(slug: str, source_id: UUID) -> ResponseReturnValue:
    session = session_by_slug(current_user, slug)
    source = recording_by_id(session, source_id)
    given = {"captions_from": source.captions_from.value, "offset": source.captions_offset}
    return _recording_page(session, source, CaptionsForm(formdata=None, data=given))


def _recording_page(
    session: ProgrammeSession, source: StageSource, form: CaptionsForm
) -> ResponseReturnValue:
    page = render_template("programme/recording.html", session=session, source=source, form=form)
    return page, 422 if form.errors else 200


@bp.post("/organisatie/sessies/<slug>/beeld/opnames/<uuid:source_id>")
@allows(ProgrammePermission.EDIT)
def change_captions(slug: str, source_id: UUID) -> ResponseReturnValue:
    session = session_by_slug(current_user, slug)
    source, form = recording_by_id(session, source_id), CaptionsForm()
    if not form.validate_on_submit():
        return _recording_page(session, source, form)
    with transaction():
        rules.change_captions(current_user, session, source_id=source_id, **form.given)
    flash(_("De ondertitels van deze opname zijn bewaard."), "done")
    return redirect(url_for(".stage", slug=slug) + "#opnames", 303)


@bp.post("/organisatie/sessies/<slug>/beeld/opnames/<uuid:source_id>/weg")
@allows(ProgrammePermission.EDIT)
def remove_recording(slug: str, source_id: UUID) -> ResponseReturnValue:
    session = session_by_slug(current_user, slug)
    with transaction():
        rules.delete_recording(current_user, session, source_id=source_id)
    flash(_("De opname staat niet meer bij de sessie."), "done")
    return redirect(url_for(".stage", slug=slug) + "#opnames", 303)
