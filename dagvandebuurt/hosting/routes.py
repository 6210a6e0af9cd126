"""Routes of the host's view, and of the same for speakers: read-only."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, can, require
from dagvandebuurt.hands.panel import hands_at_stage
from dagvandebuurt.hosting import events, stage_link
from dagvandebuurt.hosting.permissions import HostingPermission
from dagvandebuurt.hosting.show import PART_KINDS
from dagvandebuurt.hosting.stage_view import SIGNALS, StageView, stage_view
from dagvandebuurt.live import items
from dagvandebuurt.live.writes import Outcome, Verb
from dagvandebuurt.people.access.login import live_token
from dagvandebuurt.programme.form_posts import do
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.queries import require_open, session_by_id, session_by_slug
from dagvandebuurt.qanda import events as question_events
from dagvandebuurt.qanda import labels as question_labels

bp = Blueprint("hosting", __name__)


def _session(slug: str, needs: HostingPermission = HostingPermission.READ) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require(current_user, needs, session)
    return session


def _page(
    session: ProgrammeSession, now_url: str, *, runs: bool, fragment: bool = False
) -> ResponseReturnValue:
    view: StageView = stage_view(session, runs=runs)
    shown: dict[str, Any] = {
        "session": session,
        "view": view,
        "labels": question_labels,
        "signals": SIGNALS,
        "kinds": PART_KINDS,
    }
    if fragment:
        page = make_response(render_template("hosting/_stage.html", **shown))
        page.headers["Cache-Control"] = "no-store"
        return page
    state = items.state_of(session.id)
    return render_template(
        "hosting/stage.html",
        **shown,
        beside=hands_at_stage(session, state) if runs else {},
        now_url=now_url,
        speaker_link=current_app.config["PUBLIC_URL"] + stage_link.path_to(session.id) if runs else "",
        state=state,
        live_token=live_token(is_screen=True),
        script_words=question_labels.for_the_script(),
    )


@bp.get("/sessies/<slug>/gespreksleider")
@allows(ProgrammePermission.READ)
def host(slug: str) -> ResponseReturnValue:
    """Show what is on, what is next and how much time is left; with buttons for the session's moderators."""
    session = _session(slug)
    runs = can(current_user, HostingPermission.RUN, session)
    return _page(session, url_for(".host_now", slug=slug), runs=runs)


@bp.get("/sessies/<slug>/gespreksleider/nu")
@allows(ProgrammePermission.READ)
def host_now(slug: str) -> ResponseReturnValue:
    """Render what of it changes, for its script."""
    session = _session(slug)
    return _page(session, "", runs=can(current_user, HostingPermission.RUN, session), fragment=True)


@bp.get("/op-het-podium/<token>")
@allows(ProgrammePermission.READ)
def speaker(token: str) -> ResponseReturnValue:
    """Show the same to a speaker without an account, read-only. `?nu=1`: only what changes."""
    session = session_by_id(current_user, stage_link.session_of(token))
    require_open(current_user, session, now=clock.now())
    fragment = request.args.get("nu") == "1"
    return _page(session, url_for(".speaker", token=token, nu=1), runs=False, fragment=fragment)


@bp.post("/sessies/<slug>/gespreksleider/beurt")
@allows(ProgrammePermission.READ)
def turn(slug: str) -> ResponseReturnValue:
    """Put the next question on stage; with `on` empty, end the turn of the one that is there."""
    ends = request.form.get("on") == ""
    said = _("Klaar. Er is geen vraag aan de beurt.") if ends else _("De zaal ziet deze vraag nu groot.")
    return _done(slug, question_events.LIVE, said)


@bp.post("/sessies/<slug>/gespreksleider/volgorde/<uuid:question_id>")
@allows(ProgrammePermission.READ)
def place(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Move a question one place earlier or later in what comes next."""
    return _done(slug, events.PLACE, _("Zo is nu de volgorde."), question=str(question_id))


@bp.post("/sessies/<slug>/gespreksleider/sein")
@allows(ProgrammePermission.READ)
def signal(slug: str) -> ResponseReturnValue:
    """Send a signal to the people on stage, or say that it was read."""
    said = _("Wie op het podium zit, ziet het.") if request.form.get("kind") else _("Gelezen.")
    return _done(slug, events.SIGNAL, said)


@bp.post("/sessies/<slug>/gespreksleider/zeg")
@allows(ProgrammePermission.READ)
def say(slug: str) -> ResponseReturnValue:
    """Say something to the others who run this session."""
    return _done(slug, question_events.BACKSTAGE, _("De anderen zien het."))


def _done(slug: str, verb: Verb, sentence: str, **more: Any) -> ResponseReturnValue:
    session = _session(slug, HostingPermission.RUN)
    outcome = do(verb, session, **more)
    flash(sentence if outcome["ok"] else refusal_in_words(outcome), "done" if outcome["ok"] else "watch")
    return redirect(url_for(".host", slug=slug), 303)


def refusal_in_words(outcome: Outcome) -> str:
    """Return the reason of a refusal: field errors, else who was first, else the rule's own sentence."""
    error = outcome["error"]
    texts = [text for texts in error.get("fields", {}).values() for text in texts]
    return " ".join(texts) or question_labels.who_was_first(error)
