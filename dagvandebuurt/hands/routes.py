"""Routes of raised hands: one's own, and those of a session for its moderators."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.errors import LoginNeeded, RuleBroken
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, require
from dagvandebuurt.extensions import throttle
from dagvandebuurt.hands import events
from dagvandebuurt.hands.panel import by_at_the_desk, desk_hands, hall_hands
from dagvandebuurt.hands.permissions import HandPermission
from dagvandebuurt.hands.queries import hand_rules, hand_up_of
from dagvandebuurt.hands.ways import meeting_for
from dagvandebuurt.live import items
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Outcome
from dagvandebuurt.people.access.login import live_token
from dagvandebuurt.programme.form_posts import do
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import require_open, session_by_slug
from dagvandebuurt.qanda import labels as question_labels

bp = Blueprint("hands", __name__)


def _session(slug: str) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require_open(current_user, session, now=clock.now())
    return session


def _at_the_desk(slug: str) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require(current_user, HandPermission.CALL, session)
    return session


@bp.get("/sessies/<slug>/hand")
@allows(HandPermission.READ)
def own(slug: str) -> ResponseReturnValue:
    """Show one's own hand and whose turn it is. `?deel=1`: only the part that changes, for the room's script."""
    session = _session(slug)
    live().presence.beat(session.id, current_user.id)  # who waits here for a turn is in the room
    return _own_page(session)


def _own_page(session: ProgrammeSession, *, error: str = "", status: int = 200) -> ResponseReturnValue:
    is_part = request.args.get("deel") == "1"
    page = render_template(
        "hands/_panel.html" if is_part else "hands/own.html",
        session=session,
        panel=hall_hands(session),
        labels=question_labels,
        hand_error=error,
        hand_typed=request.form.get("about", ""),
        **({} if is_part else _live_page(session)),
    )
    return page, status, {"Cache-Control": "no-store"}


def _live_page(session: ProgrammeSession) -> dict[str, object]:
    return {
        "state": items.state_of(session.id),
        "live_token": live_token(),
        "script_words": question_labels.for_the_script(),
    }


@bp.post("/sessies/<slug>/hand")
@allows(HandPermission.READ)
def raise_hand(slug: str) -> ResponseReturnValue:
    """Raise one's hand. Refused: the page with the reason, and what was typed."""
    session = _session(slug)
    require(current_user, HandPermission.RAISE, session)
    outcome = do(events.RAISE, session)
    if not outcome["ok"]:
        return _own_page(session, error=_in_words(outcome), status=422)
    flash(_("Je hand is omhoog. Blijf hier: je leest en hoort wanneer je aan de beurt bent."), "done")
    return redirect(url_for(".own", slug=slug), 303)


@bp.post("/sessies/<slug>/hand/<uuid:hand_id>/omlaag")
@allows(HandPermission.READ)
def lower(slug: str, hand_id: UUID) -> ResponseReturnValue:
    """Take one's hand down, or end one's turn."""
    session = _session(slug)
    require(current_user, HandPermission.RAISE, session)
    return _answered(
        do(events.LOWER, session, hand=str(hand_id)), url_for(".own", slug=slug), _("Je hand is weer omlaag.")
    )


@bp.post("/sessies/<slug>/hand/spreken")
@throttle("20 per minute", together="600 per minute")
@allows(HandPermission.READ)
def speak(slug: str) -> ResponseReturnValue:
    """Go into the meeting, by an address made for this person. Only while it is their turn."""
    session = _session(slug)
    if not current_user.is_known:
        raise LoginNeeded
    hand = hand_up_of(session.id, current_user.id)
    if hand is None or not hand.speaks_at(clock.now()):
        return redirect(url_for(".own", slug=slug), 303)  # that page says how it stands
    try:
        way_in = meeting_for(current_app.config, current_user, session, hand_rules(session.id))
    except RuleBroken as broken:
        flash(str(broken.message), "watch")
        way_in = ""
    return redirect(way_in or url_for(".own", slug=slug), 303)


@bp.get("/sessies/<slug>/regie/handen")
@allows(HandPermission.READ)
def desk(slug: str) -> ResponseReturnValue:
    """List the hands in the order in which they come. `?deel=1`: only what changes, for the desk's script."""
    return _desk_page(_at_the_desk(slug))


def _desk_page(session: ProgrammeSession, *, error: str = "", status: int = 200) -> ResponseReturnValue:
    is_part = request.args.get("deel") == "1"
    page = render_template(
        "hands/_desk.html" if is_part else "hands/desk.html",
        session=session,
        hands=desk_hands(session),
        labels=question_labels,
        by_at_the_desk=by_at_the_desk,
        hand_error=error,
        hand_typed=request.form if error else {},
        **({} if is_part else _live_page(session)),
    )
    return page, status, {"Cache-Control": "no-store"}


@bp.post("/sessies/<slug>/regie/handen")
@allows(HandPermission.READ)
def arrange(slug: str) -> ResponseReturnValue:
    """Let people raise a hand or not, and say how and how long somebody speaks. Refused: with what was typed."""
    session = _at_the_desk(slug)
    outcome = do(events.ARRANGE, session)
    if not outcome["ok"]:
        return _desk_page(session, error=_in_words(outcome), status=422)
    return _answered(outcome, url_for(".desk", slug=slug), _("Zo doen we het."))


@bp.post("/sessies/<slug>/regie/handen/<uuid:hand_id>")
@allows(HandPermission.READ)
def call(slug: str, hand_id: UUID) -> ResponseReturnValue:
    """Give somebody the turn, end it, or put a hand down."""
    session = _at_the_desk(slug)
    said = {
        "let_in": _("Aan de beurt. Iedereen in de zaal leest het."),
        "finish": _("De beurt is voorbij."),
        "put_down": _("Deze hand is omlaag."),
    }.get(request.form.get("deed", ""), "")
    return _answered(do(events.CALL, session, hand=str(hand_id)), url_for(".desk", slug=slug), said)


def _answered(outcome: Outcome, to: str, sentence: str) -> ResponseReturnValue:
    flash(sentence if outcome["ok"] else _in_words(outcome), "done" if outcome["ok"] else "watch")
    return redirect(to, 303)


def _in_words(outcome: Outcome) -> str:
    """Return why it was refused: the sentences of the fields, else the rule's own."""
    error = outcome["error"]
    texts = [text for texts in error.get("fields", {}).values() for text in texts]
    return " ".join(texts) or str(error["message"])
