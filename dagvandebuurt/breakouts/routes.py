"""Routes of one's own table in a breakout round. Plain forms; a script keeps the page up to date."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.breakouts import note_rules, seat_rules
from dagvandebuurt.breakouts.forms import LineForm, WishForm
from dagvandebuurt.breakouts.models import BreakoutGroup
from dagvandebuurt.breakouts.permissions import BreakoutPermission
from dagvandebuurt.breakouts.round_view import TableView, table_view, video_of, way_into_video
from dagvandebuurt.core import clock, security
from dagvandebuurt.core.after_commit import after_commit
from dagvandebuurt.core.errors import NotAllowed, NotFound, RuleBroken
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.pseudonyms import fingerprint
from dagvandebuurt.core.text import folded
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import throttle
from dagvandebuurt.live import items
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Moment, raise_revision
from dagvandebuurt.parts.stage.bbb import MeetingAway
from dagvandebuurt.parts.stage.protocol import Frame, Meeting, Nothing, Shown
from dagvandebuurt.people.access.login import live_token
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import require_open, session_by_slug
from dagvandebuurt.qanda import labels

bp = Blueprint("breakouts", __name__)


def _session(slug: str) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require_open(current_user, session, now=clock.now())
    return session


def in_room(session: ProgrammeSession, act: Callable[[Moment], Any]) -> Any:
    """Run a command under the lock of the live room, in the running transaction; after it every open page is
    told."""
    revision = raise_revision(session.id)
    if revision is None:
        raise NotFound
    after_commit(live().tell)
    return act(Moment(session.id, revision, clock.now()))


def pressed(
    session: ProgrammeSession, act: Callable[[Moment], Any], *, back: str, said: str = "", instead: str = ""
) -> ResponseReturnValue:
    """Do what a button asks and go `back`, or `instead` where it was refused; the reason is told there."""
    try:
        with transaction():
            in_room(session, act)
    except (NotAllowed, NotFound):
        raise
    except RuleBroken as broken:
        flash(str(broken.message), "watch")
        return redirect(instead or back, 303)
    if said:
        flash(said, "done")
    return redirect(back, 303)


@bp.get("/sessies/<slug>/tafel")
@allows(BreakoutPermission.READ)
def table(slug: str) -> ResponseReturnValue:
    """Show one's own table; to a person who has none, how to get one."""
    return _page(_session(slug))


@bp.get("/sessies/<slug>/tafel/nu")
@allows(BreakoutPermission.READ)
def table_now(slug: str) -> ResponseReturnValue:
    """Render what of it changes, for its script."""
    session = _session(slug)
    live().presence.beat(session.id, current_user.id)
    page = make_response(render_template("breakouts/_table.html", **_shown(session)))
    page.headers["Cache-Control"] = "no-store"
    return page


def _shown(
    session: ProgrammeSession, line: LineForm | None = None, wish: WishForm | None = None
) -> dict[str, Any]:
    view = table_view(current_user, session, clock.now())
    if wish is None:
        joins = "nee" if view.wish is not None and not view.wish.joins else "ja"
        wish = WishForm(formdata=None, joins=joins)
    return {
        "session": session,
        "view": view,
        "line": line or LineForm(formdata=None),
        "wish": wish,
        "video": _video(session, view),
        "plays": request.args.get("beeld") == "1",
    }


def _video(session: ProgrammeSession, view: TableView) -> Shown:
    if not view.is_here or view.is_over or view.group is None:
        return Nothing()
    return video_of(current_user, session, view.group)


def _page(session: ProgrammeSession, status: int = 200, **forms: Any) -> ResponseReturnValue:
    live().presence.beat(session.id, current_user.id)
    shown = _shown(session, **forms)
    video = shown["video"]
    if isinstance(video, Meeting):
        security.allow("form-action", video.origin)  # its button goes through a redirect of our own
    elif shown["plays"] and isinstance(video, Frame):
        security.allow("frame-src", video.origin)
        security.allow_devices(video.origin)
    page = render_template(
        "breakouts/table.html",
        **shown,
        state=items.state_of(session.id),
        live_token=live_token(),
        script_words=labels.for_the_script(),
    )
    return page, status


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for(".table", slug=slug), 303)


def _done(slug: str, act: Callable[[ProgrammeSession, Moment], Any], said: str = "") -> ResponseReturnValue:
    session = _session(slug)
    return pressed(session, lambda at: act(session, at), back=url_for(".table", slug=slug), said=said)


@bp.post("/sessies/<slug>/tafel")
@allows(BreakoutPermission.SIT)
@once
def sit(slug: str) -> ResponseReturnValue:
    """Sit down, or come back."""
    role = current_user.participant_role
    return _done(slug, lambda session, at: seat_rules.sit(current_user, session, role=role, at=at))


@bp.post("/sessies/<slug>/tafel/weg")
@allows(BreakoutPermission.SIT)
@once
def leave(slug: str) -> ResponseReturnValue:
    return _done(
        slug,
        lambda session, at: seat_rules.leave(current_user, session, at=at),
        _("Je bent van tafel. Tot de ronde voorbij is, kun je weer aanschuiven."),
    )


@bp.post("/sessies/<slug>/tafel/andere")
@allows(BreakoutPermission.SIT)
@once
def move(slug: str) -> ResponseReturnValue:
    """Go to another table when nobody came to one's own."""
    said = _("Je zit nu aan een andere tafel.")
    return _done(slug, lambda session, at: seat_rules.move(current_user, session, at=at), said)


@bp.post("/sessies/<slug>/tafel/regels")
@allows(BreakoutPermission.SIT)
@throttle("40 per minute", together="3000 per minute")
@once
def write(slug: str) -> ResponseReturnValue:
    """Add a line to the note. A refused one comes back with what was typed."""
    session, form = _session(slug), LineForm()
    text = form.text.data or ""
    return attempt(
        form,
        lambda: in_room(session, lambda at: note_rules.write(current_user, session, text=text, at=at)),
        page=lambda form, status: _page(session, status, line=form),
        back=url_for(".table", slug=slug) + "#opgeschreven",
        said=_("Het staat erbij."),
        at=form.text,
    )


@bp.post("/sessies/<slug>/tafel/regels/<uuid:line_id>/mee")
@allows(BreakoutPermission.SIT)
@once
def take_along(slug: str, line_id: UUID) -> ResponseReturnValue:
    """Take a line along to the wrap-up, or not any more."""
    on = request.form.get("on") == "1"
    return _done(
        slug,
        lambda session, at: note_rules.take_along(current_user, session, line_id=line_id, on=on, at=at),
    )


@bp.post("/sessies/<slug>/tafel/regels/<uuid:line_id>/weg")
@allows(BreakoutPermission.SIT)
@once
def retract(slug: str, line_id: UUID) -> ResponseReturnValue:
    said = _("De regel is weg.")
    return _done(
        slug, lambda session, at: note_rules.retract(current_user, session, line_id=line_id, at=at), said
    )


@bp.post("/sessies/<slug>/tafel/hulp")
@allows(BreakoutPermission.SIT)
@once
def call(slug: str) -> ResponseReturnValue:
    """Ask who runs the session to come, or say that it is not needed any more."""
    on = request.form.get("on") != ""
    said = (
        _("De moderator ziet dat jullie hulp willen.") if on else _("De moderator ziet dat het opgelost is.")
    )
    return _done(slug, lambda session, at: note_rules.call(current_user, session, on=on, at=at), said)


@bp.post("/sessies/<slug>/tafel/wens")
@allows(BreakoutPermission.SIT)
@once
def wish(slug: str) -> ResponseReturnValue:
    """Say whether one wants to sit at a table, and with whom."""
    session, form = _session(slug), WishForm()
    joins, word = form.joins.data == "ja", folded(form.word.data or "").strip()
    key = fingerprint(session.id, f"breakout {word}".encode()) if word else None
    return attempt(
        form,
        lambda: in_room(
            session, lambda at: seat_rules.wish(current_user, session, joins=joins, word_key=key, at=at)
        ),
        page=lambda form, status: _page(session, status, wish=form),
        back=url_for(".table", slug=slug),
        said=_("Fijn. Komt er een ronde, dan is er een plaats voor je.")
        if joins
        else _("Goed. Je blijft in de zaal. Je kunt altijd nog aanschuiven."),
        at=form.word,
    )


@bp.post("/sessies/<slug>/tafel/beeld")
@throttle("20 per minute", together="600 per minute")
@allows(BreakoutPermission.SIT)
def join_video(slug: str) -> ResponseReturnValue:
    """Redirect to the video meeting of one's table, by an address made for this person."""
    session = _session(slug)
    view = table_view(current_user, session, clock.now())
    video = _video(session, view)
    if not isinstance(video, Meeting):
        raise NotFound
    group: BreakoutGroup = view.group  # type: ignore[assignment]
    try:
        return redirect(way_into_video(current_user, session, group), 303)
    except MeetingAway as broken:
        flash(str(broken.message), "watch")
        return _back(slug)
