"""Routes of polls, shown as a panel in the pages of a session."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.errors import LoginNeeded
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, require
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Outcome, Verb
from dagvandebuurt.polls import events
from dagvandebuurt.polls.choices import KINDS
from dagvandebuurt.polls.forms import STEPS
from dagvandebuurt.polls.panel import MINUTES, as_typed, desk_polls, hall_panel
from dagvandebuurt.polls.permissions import PollPermission
from dagvandebuurt.polls.queries import draft_of
from dagvandebuurt.programme.form_posts import do
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import require_open, session_by_slug

bp = Blueprint("polls", __name__)


def _room(slug: str) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require_open(current_user, session, now=clock.now())
    return session


def _is_opened_by_itself() -> bool:
    """Tell whether a browser shows the answer as a page, rather than a script putting it into one."""
    return request.headers.get("Sec-Fetch-Dest") == "document"


@bp.get("/sessies/<slug>/peilingen")
@allows(PollPermission.READ)
def panel(slug: str) -> ResponseReturnValue:
    """Render the panel of the hall, the same for everybody: no ballots, no withheld results."""
    session = _room(slug)
    if _is_opened_by_itself():
        return redirect(url_for("qanda.room", slug=slug))
    page = make_response(
        render_template("polls/_panel.html", session=session, panel=hall_panel(session, bare=True))
    )
    page.headers["Cache-Control"] = "private, no-cache"
    page.add_etag()
    return page.make_conditional(request)


@bp.get("/sessies/<slug>/regie/peilingen")
@allows(PollPermission.READ)
def desk_panel(slug: str) -> ResponseReturnValue:
    session = session_by_slug(current_user, slug)
    require(current_user, PollPermission.READ_DESK, session)
    if _is_opened_by_itself():
        return redirect(url_for("qanda.desk", slug=slug))
    page = make_response(
        render_template(
            "polls/_desk_list.html", session=session, polls=desk_polls(session), minutes=MINUTES, kinds=KINDS
        )
    )
    page.headers["Cache-Control"] = "no-store"
    return page


@bp.post("/sessies/<slug>/peilingen/<uuid:poll_id>/stem")
@allows(PollPermission.READ)
def ballot(slug: str, poll_id: UUID) -> ResponseReturnValue:
    session = _room(slug)
    if not current_user.is_known:
        raise LoginNeeded
    choices = [
        int(choice) if choice.isdecimal() and len(choice) < 4 else -1
        for choice in request.form.getlist("choice")
    ]
    if "text" in request.form:
        return _written(session, poll_id)
    choices = _moved(choices, request.form.get("move", ""))
    outcome = do(events.BALLOT, session, poll=str(poll_id), choices=choices)
    return _answered(
        outcome, _to_room(slug, poll_id), _("Je antwoord is binnen. Je kunt het nog veranderen.")
    )


def _written(session: ProgrammeSession, poll_id: UUID) -> ResponseReturnValue:
    """Store what somebody wrote. What is refused comes back in the field, on a page of its own; what came too late,
    to be copied.
    """
    texts = [text for text in request.form.getlist("text") if text.strip()]
    outcome = do(events.BALLOT, session, poll=str(poll_id), texts=texts)
    shown = next((each for each in hall_panel(session).polls if each.poll.id == poll_id), None)
    if not outcome["ok"] and shown is not None and shown.is_written:
        errors = [text for texts in _errors(outcome).values() for text in texts]
        return render_template(
            "polls/answer.html", session=session, shown=replace(shown, chosen=texts), error=" ".join(errors)
        ), 422
    sentence = _("Je antwoord is binnen. Je kunt het nog veranderen.")
    return _answered(
        outcome, _to_room(session.slug, poll_id), sentence if texts else _("Je antwoord is weg.")
    )


def _moved(choices: list[int], move: str) -> list[int]:
    """Return the order of a ranking after the pressed button: `up:3` swaps option 3 with the one above it."""
    way, _colon, number = move.partition(":")
    if way not in ("up", "down") or not number.isdecimal() or int(number[:3]) not in choices:
        return choices
    place = choices.index(int(number[:3]))
    other = place - 1 if way == "up" else place + 1
    if 0 <= other < len(choices):
        choices[place], choices[other] = choices[other], choices[place]
    return choices


@bp.post("/sessies/<slug>/reactie")
@allows(PollPermission.READ)
def reaction(slug: str) -> ResponseReturnValue:
    """Send applause or a heart, without JavaScript or where no WebSocket gets through."""
    session = _room(slug)
    require(current_user, PollPermission.REACT)
    kind = request.form.get("kind")
    if kind in ("applause", "heart"):
        live().reactions.add(session.id, current_user.id, kind)
        live().pump.wake()
        if request.accept_mimetypes.best == "application/json":
            return jsonify(ok=True)
        flash(_("Dank je wel. De zaal ziet het."), "done")
    return redirect(url_for("qanda.room", slug=slug), 303)


@bp.post("/sessies/<slug>/regie/peilingen")
@allows(PollPermission.READ)
def write(slug: str) -> ResponseReturnValue:
    return _at_desk(
        slug,
        events.WRITE,
        _("Bewaard. De zaal ziet de peiling nog niet."),
        poll=request.form.get("poll") or str(uuid4()),
    )


@bp.get("/sessies/<slug>/regie/peilingen/<uuid:poll_id>")
@allows(PollPermission.READ)
def edit(slug: str, poll_id: UUID) -> ResponseReturnValue:
    """Render the form in which a draft is changed. One that is a draft no more leads to the desk."""
    session = session_by_slug(current_user, slug)
    require(current_user, PollPermission.RUN, session)
    poll = draft_of(session, poll_id)
    if poll is None:
        flash(_("Deze peiling kun je niet meer veranderen."), "watch")
        return redirect(f"{url_for('qanda.desk', slug=slug)}#peilingen", 303)
    return render_template(
        "polls/write.html",
        session=session,
        typed=as_typed(poll),
        poll=str(poll.id),
        errors={},
        steps=STEPS,
        kinds=KINDS,
    )


@bp.post("/sessies/<slug>/regie/peilingen/<uuid:poll_id>/weg")
@allows(PollPermission.READ)
def remove(slug: str, poll_id: UUID) -> ResponseReturnValue:
    return _at_desk(slug, events.REMOVE, _("De peiling is weg."), poll=str(poll_id))


@bp.post("/sessies/<slug>/regie/peilingen/<uuid:poll_id>/klaar")
@allows(PollPermission.READ)
def ready(slug: str, poll_id: UUID) -> ResponseReturnValue:
    return _at_desk(slug, events.READY, _("Klaar. Open hem wanneer je wilt."), poll=str(poll_id))


@bp.post("/sessies/<slug>/regie/peilingen/<uuid:poll_id>/open")
@allows(PollPermission.READ)
def open_poll(slug: str, poll_id: UUID) -> ResponseReturnValue:
    return _at_desk(slug, events.OPEN, _("De peiling is open."), poll=str(poll_id))


@bp.post("/sessies/<slug>/regie/peilingen/<uuid:poll_id>/sluit")
@allows(PollPermission.READ)
def close(slug: str, poll_id: UUID) -> ResponseReturnValue:
    return _at_desk(slug, events.CLOSE, _("De peiling is dicht en geteld."), poll=str(poll_id))


@bp.post("/sessies/<slug>/regie/peilingen/<uuid:poll_id>/uitslag")
@allows(PollPermission.READ)
def results(slug: str, poll_id: UUID) -> ResponseReturnValue:
    shown = bool(request.form.get("on"))
    sentence = _("De zaal ziet de uitslag.") if shown else _("De zaal ziet de uitslag niet meer.")
    return _at_desk(slug, events.RESULTS, sentence, poll=str(poll_id))


@bp.post("/sessies/<slug>/regie/peilingen/<uuid:poll_id>/antwoorden")
@allows(PollPermission.READ)
def answers(slug: str, poll_id: UUID) -> ResponseReturnValue:
    """Show the ticked answers to the room, or hide them. A tick stands for one answer, or for a whole group."""
    ticked = [
        int(each) for box in request.form.getlist("answer") for each in box.split(",") if _is_number(each)
    ]
    shown = bool(request.form.get("on"))
    sentence = _("De zaal ziet deze antwoorden.") if shown else _("De zaal ziet deze antwoorden niet meer.")
    return _at_desk(slug, events.SHOW, sentence, poll=str(poll_id), answers=sorted(set(ticked)))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 17


def _at_desk(slug: str, verb: Verb, sentence: str, **more: Any) -> ResponseReturnValue:
    session = session_by_slug(current_user, slug)
    require(current_user, PollPermission.RUN, session)
    outcome = do(verb, session, **more)
    if not outcome["ok"] and verb is events.WRITE:
        page = render_template(
            "polls/write.html",
            session=session,
            typed=request.form,
            poll=more["poll"],
            errors=_errors(outcome),
            steps=STEPS,
            kinds=KINDS,
        )
        return page, 422
    return _answered(outcome, f"{url_for('qanda.desk', slug=slug)}#peilingen", sentence)


def _errors(outcome: Outcome) -> dict[str, list[str]]:
    error = outcome["error"]
    return error.get("fields") or {"title": [error["message"]]}


def _answered(outcome: Outcome, to: str, sentence: str) -> ResponseReturnValue:
    if outcome["ok"]:
        flash(sentence, "done")
    else:
        texts = [text for texts in outcome["error"].get("fields", {}).values() for text in texts]
        flash(" ".join(texts) or outcome["error"]["message"], "watch")
    return redirect(to, 303)


def _to_room(slug: str, poll_id: UUID) -> str:
    return f"{url_for('qanda.room', slug=slug)}#peiling-{poll_id}"
