"""Routes to read and type captions."""

from datetime import timedelta
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.captions import events
from dagvandebuurt.captions.exports import cues_of
from dagvandebuurt.captions.models import LINE_MAX_CHARS
from dagvandebuurt.captions.permissions import CaptionPermission
from dagvandebuurt.captions.queries import last_lines, lines_of
from dagvandebuurt.core import clock, webvtt
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, can, require
from dagvandebuurt.core.pseudonyms import pseudonym
from dagvandebuurt.live import items
from dagvandebuurt.live import labels as live_labels
from dagvandebuurt.live.writes import Outcome
from dagvandebuurt.people.access.login import live_token
from dagvandebuurt.people.models import Role
from dagvandebuurt.programme.form_posts import do
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.programme.queries import require_open, session_by_slug, sessions_for

bp = Blueprint("captions", __name__)
AT_THE_DESK = 12  # lines shown to the captioner, to correct
MOST_SECONDS = 4 * 3600.0
STAYS_LISTED = timedelta(days=7)  # so that a late correction finds its session


def _session(slug: str) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require_open(current_user, session, now=clock.now())
    return session


@bp.get("/ondertitels")
@allows(CaptionPermission.READ_LIST)
def sessions() -> ResponseReturnValue:
    """Show the sessions that this person captions: what is on, what comes, what is over."""
    now = clock.now()
    mine = [
        (session, session.phase_at(now).value)
        for session in db.session.scalars(sessions_for(current_user))
        if current_user.holds(Role.CAPTIONER, session.id)
        and session.phase_at(now) is not Phase.CANCELLED
        and session.ends_at > now - STAYS_LISTED
    ]
    return render_template("captions/sessions.html", sessions=mine)


@bp.get("/sessies/<slug>/ondertitels")
@allows(CaptionPermission.READ)
def index(slug: str) -> ResponseReturnValue:
    """Show all captions; for a captioner also the input."""
    session = _session(slug)
    if can(current_user, CaptionPermission.TYPE, session):
        return _desk(session)
    return render_template("captions/index.html", session=session, lines=lines_of(session.id))


def _desk(session: ProgrammeSession, *, text: str = "", error: str = "") -> ResponseReturnValue:
    lines = last_lines(session.id, AT_THE_DESK)
    page = render_template(
        "captions/type.html",
        session=session,
        is_over=session.phase_at(clock.now()) is Phase.ENDED,
        epoch=items.state_of(session.id).epoch,
        revision=max((line.revision for line in lines), default=items.FIRST_REVISION),
        live_token=live_token(),
        lines=lines,
        most=LINE_MAX_CHARS,
        op=uuid4().hex,
        script_words=live_labels.for_the_script(),
        text=text,
        error=error,
        outbox_of=pseudonym(session.id, "outbox", current_user.id),
    )
    return page, 422 if error else 200


@bp.post("/sessies/<slug>/ondertitels")
@allows(CaptionPermission.READ)
def add(slug: str) -> ResponseReturnValue:
    session = _session(slug)
    require(current_user, CaptionPermission.TYPE, session)
    outcome = do(events.ADD, session)
    if not outcome["ok"]:
        return _desk(session, text=request.form.get("text", ""), error=_why_not(outcome))
    return redirect(url_for(".index", slug=slug), 303)


@bp.post("/sessies/<slug>/ondertitels/<uuid:line_id>")
@allows(CaptionPermission.READ)
def correct(slug: str, line_id: UUID) -> ResponseReturnValue:
    session = _session(slug)
    require(current_user, CaptionPermission.TYPE, session)
    outcome = do(events.CORRECT, session, line=str(line_id))
    if outcome["ok"]:
        flash(_("Verbeterd."), "done")
    else:
        flash(_why_not(outcome), "watch")
    return redirect(url_for(".index", slug=slug), 303)


@bp.get("/sessies/<slug>/ondertitels.vtt")
@allows(CaptionPermission.READ)
def as_vtt(slug: str) -> ResponseReturnValue:
    """Download as WebVTT, from the start of the session; `later` shifts it by so many seconds."""
    session = _session(slug)
    later = request.args.get("later", 0.0, type=float)
    later = later if -MOST_SECONDS <= later <= MOST_SECONDS else 0.0
    cues = webvtt.shifted(cues_of(session, lines_of(session.id)), later)
    return Response(webvtt.write(cues), mimetype="text/vtt")


def _why_not(outcome: Outcome) -> str:
    error = outcome["error"]
    texts = [text for texts in error.get("fields", {}).values() for text in texts]
    return " ".join(texts) or str(error["message"])
