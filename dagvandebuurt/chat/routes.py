"""Routes of the hall chat: reading and writing along, and what its moderators do."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.chat import events
from dagvandebuurt.chat.panel import desk_chat, hall_chat
from dagvandebuurt.chat.permissions import ChatPermission
from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, require
from dagvandebuurt.live import items
from dagvandebuurt.live.runtime import live
from dagvandebuurt.people.access.login import live_token
from dagvandebuurt.programme.form_posts import do
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import require_open, session_by_slug
from dagvandebuurt.qanda import labels as question_labels
from dagvandebuurt.qanda.form_responses import answered, refusal_in_words, status_of

bp = Blueprint("chat", __name__)
DEEDS = {"hide": events.HIDE, "show": events.SHOW, "mute": events.MUTE, "unmute": events.UNMUTE}


def _session(slug: str) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require_open(current_user, session, now=clock.now())
    return session


def _at_the_desk(slug: str) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require(current_user, ChatPermission.MODERATE, session)
    return session


@bp.get("/sessies/<slug>/zaalgesprek")
@allows(ChatPermission.READ)
def read(slug: str) -> ResponseReturnValue:
    """Show the hall chat alone. `?deel=1`: only the part that changes, for the room's script."""
    session = _session(slug)
    live().presence.beat(session.id, current_user.id)  # who chats is in the room
    return _page(session)


def _page(session: ProgrammeSession, *, error: str = "", status: int = 200) -> ResponseReturnValue:
    is_part = request.args.get("deel") == "1"
    page = render_template(
        "chat/_fold.html" if is_part else "chat/read.html",
        session=session,
        panel=hall_chat(session),
        labels=question_labels,
        chat_error=error,
        chat_typed=request.form.get("text", "") if error else "",
        **({} if is_part else _live_page(session)),
    )
    return page, status, {"Cache-Control": "no-store"}


def _live_page(session: ProgrammeSession) -> dict[str, object]:
    return {
        "state": items.state_of(session.id),
        "live_token": live_token(),
        "script_words": question_labels.for_the_script(),
    }


@bp.post("/sessies/<slug>/zaalgesprek")
@allows(ChatPermission.READ)
def say(slug: str) -> ResponseReturnValue:
    """Write a line. Refused: the page with the reason, and what was typed."""
    session = _session(slug)
    require(current_user, ChatPermission.SAY, session)
    outcome = do(events.SAY, session)
    if not outcome["ok"]:
        return _page(session, error=refusal_in_words(outcome), status=status_of(outcome))
    flash(_("Je regel staat in het zaalgesprek."), "done")
    return redirect(url_for(".read", slug=slug), 303)


@bp.get("/sessies/<slug>/regie/zaalgesprek")
@allows(ChatPermission.READ)
def desk(slug: str) -> ResponseReturnValue:
    """List the lines for who runs the session. `?deel=1`: only what changes, for the desk's script."""
    return _desk_page(_at_the_desk(slug))


def _desk_page(session: ProgrammeSession) -> ResponseReturnValue:
    is_part = request.args.get("deel") == "1"
    page = render_template(
        "chat/_desk.html" if is_part else "chat/desk.html",
        session=session,
        chat=desk_chat(session),
        labels=question_labels,
        **({} if is_part else _live_page(session)),
    )
    return page, 200, {"Cache-Control": "no-store"}


@bp.post("/sessies/<slug>/regie/zaalgesprek")
@allows(ChatPermission.READ)
def arrange(slug: str) -> ResponseReturnValue:
    """Turn the hall chat on or off, and say how slow it goes."""
    session = _at_the_desk(slug)
    return answered(do(events.ARRANGE, session), url_for(".desk", slug=slug), _("Zo doen we het."))


@bp.post("/sessies/<slug>/regie/zaalgesprek/<uuid:line_id>")
@allows(ChatPermission.READ)
def decide(slug: str, line_id: UUID) -> ResponseReturnValue:
    """Hide a line or show it again; mute its author or let them take part again."""
    session = _at_the_desk(slug)
    deed = request.form.get("deed", "")
    said = {
        "hide": _("De regel is verborgen. De schrijver leest waarom."),
        "show": _("De zaal leest deze regel weer."),
        "mute": _("Deze persoon is stilgezet in deze zaal."),
        "unmute": _("Deze persoon mag weer meedoen."),
    }
    to = url_for("moderation.reports" if request.form.get("terug") else ".desk", slug=slug)
    verb = DEEDS.get(deed, events.SHOW)
    return answered(do(verb, session, line=str(line_id)), to, said.get(deed, ""))
