"""Routes of the run of show of a session, and of its end: plain forms."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, can, require
from dagvandebuurt.hosting import show_events
from dagvandebuurt.hosting.permissions import HostingPermission
from dagvandebuurt.hosting.routes import bp, refusal_in_words
from dagvandebuurt.hosting.show import PART_KINDS, pace_of, show_of
from dagvandebuurt.live.writes import Outcome
from dagvandebuurt.programme.form_posts import do
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.queries import session_by_slug


def _session(slug: str, needs: HostingPermission) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require(current_user, needs, session)
    return session


def _page(session: ProgrammeSession, refused: Outcome | None = None) -> ResponseReturnValue:
    page = render_template(
        "hosting/show.html",
        session=session,
        pace=pace_of(session, clock.now()),
        seen=show_of(session.id).revision,
        kinds=PART_KINDS,
        typed=request.form if refused else {},
        errors=refused["error"].get("fields", {}) if refused else {},
        refusal=refusal_in_words(refused) if refused else "",
        new_id=str(uuid4()),
        runs=can(current_user, HostingPermission.RUN, session),
    )
    return page, 422 if refused else 200


@bp.get("/sessies/<slug>/draaiboek")
@allows(ProgrammePermission.READ)
def show(slug: str) -> ResponseReturnValue:
    return _page(_session(slug, HostingPermission.PLAN))


@bp.post("/sessies/<slug>/draaiboek")
@allows(ProgrammePermission.READ)
def write_part(slug: str) -> ResponseReturnValue:
    """Add a part at the end, or change one."""
    session = _session(slug, HostingPermission.PLAN)
    more = {name: None for name in ("speaker",) if not request.form.get(name)}
    outcome = do(show_events.WRITE_PART, session, **more)
    if not outcome["ok"]:
        return _page(session, outcome)
    flash(_("Bewaard in het draaiboek."), "done")
    return redirect(url_for(".show", slug=slug), 303)


@bp.post("/sessies/<slug>/draaiboek/<uuid:part_id>/weg")
@allows(ProgrammePermission.READ)
def remove_part(slug: str, part_id: UUID) -> ResponseReturnValue:
    session = _session(slug, HostingPermission.PLAN)
    outcome = do(show_events.REMOVE_PART, session, part=str(part_id))
    return _answered(outcome, url_for(".show", slug=slug), _("Uit het draaiboek gehaald."))


@bp.post("/sessies/<slug>/draaiboek/<uuid:part_id>/volgorde")
@allows(ProgrammePermission.READ)
def move_part(slug: str, part_id: UUID) -> ResponseReturnValue:
    session = _session(slug, HostingPermission.PLAN)
    outcome = do(show_events.MOVE_PART, session, part=str(part_id))
    return _answered(outcome, url_for(".show", slug=slug), _("Zo is nu de volgorde."))


@bp.post("/sessies/<slug>/draaiboek/<uuid:part_id>/begin")
@allows(ProgrammePermission.READ)
def begin_part(slug: str, part_id: UUID) -> ResponseReturnValue:
    """Begin this part now: host's view, lobby and big screen follow."""
    session = _session(slug, HostingPermission.RUN)
    outcome = do(show_events.BEGIN_PART, session, part=str(part_id))
    return _answered(outcome, url_for(".host", slug=slug), _("Dit onderdeel is begonnen."))


@bp.post("/sessies/<slug>/gespreksleider/eindtijd")
@allows(ProgrammePermission.READ)
def change_end(slug: str) -> ResponseReturnValue:
    """End the session some minutes later, or now. Everybody inside reads it at once."""
    session = _session(slug, HostingPermission.RUN)
    outcome = do(show_events.CHANGE_END, session)
    ends = request.form.get("minutes") == "0"
    said = (
        _("De sessie is afgelopen. De zaal ziet het.")
        if ends
        else _("De sessie duurt langer. De zaal ziet het.")
    )
    return _answered(outcome, url_for(".host", slug=slug), said)


def _answered(outcome: Outcome, to: str, sentence: str) -> ResponseReturnValue:
    flash(sentence if outcome["ok"] else refusal_in_words(outcome), "done" if outcome["ok"] else "watch")
    return redirect(to, 303)
