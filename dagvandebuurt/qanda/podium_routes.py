"""Routes of the big screen of a session, and of its overlay for streaming software: public data only."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.hooks import merged
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.qr import qr_code
from dagvandebuurt.live import items
from dagvandebuurt.live.runtime import live
from dagvandebuurt.parts.street.street import street
from dagvandebuurt.people.access.login import live_token
from dagvandebuurt.people.identity import Stranger
from dagvandebuurt.programme.hooks import podium_page_views
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.programme.queries import code_of
from dagvandebuurt.qanda import labels
from dagvandebuurt.qanda.items import card
from dagvandebuurt.qanda.models import Question, QuestionStatus
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.queries import asking_rules, questions_for
from dagvandebuurt.qanda.routes import bp, session_in_room
from dagvandebuurt.qanda.rules import accepts_questions

WHOLE_WIDTH = 1600  # this many people fill the drawn street on a big screen
FRAGMENTS = {"podium": "qanda/_podium_screen.html", "overlay": "qanda/_podium_overlay.html"}


@dataclass(frozen=True, slots=True)
class Screen:
    """What the big screen shows now. `is_asking`: questions can be asked."""

    phase: str
    question: dict[str, Any] | None
    is_asking: bool
    beside: dict[str, Any]

    @property
    def poll(self) -> Any:
        """Return the poll that is open, or the newest result; none once the session is over."""
        return self.beside.get("polls") if self.phase not in (Phase.ENDED, Phase.CANCELLED) else None

    @property
    def is_polling(self) -> bool:
        """Tell whether a poll is open: then it takes the place of the question."""
        return self.poll is not None and self.poll.status == "open"


def _screen(session: ProgrammeSession) -> Screen:
    now = clock.now()
    phase = session.phase_at(now)
    question = None
    if phase not in (Phase.ENDED, Phase.CANCELLED):
        question = db.session.scalar(
            questions_for(Stranger(), session).where(Question.status == QuestionStatus.LIVE)
        )
    return Screen(
        phase.value,
        card(question) if question is not None else None,
        accepts_questions(session, asking_rules(session.id), now),
        merged(podium_page_views(session)),
    )


def _shown(session: ProgrammeSession) -> dict[str, Any]:
    """Return what both designs show. After the end the QR code leads to what was heard."""
    screen = _screen(session)
    way_in = url_for("programme.show" if screen.phase == Phase.ENDED else "qanda.room", slug=session.slug)
    public = current_app.config["PUBLIC_URL"]
    return {
        "labels": labels,
        "session": session,
        "screen": screen,
        "code": code_of(session),
        "short_address": f"{public.split('://')[1]}{url_for('registration.code')}",
        "qr": qr_code(f"{public}{way_in}", _("QR-code naar deze zaal")),
        "captions_wanted": request.args.get("ondertitels") != "nee",
    }


def _page(slug: str, design: str) -> ResponseReturnValue:
    session = session_in_room(slug)
    present = live().presence.count_now(session.id)
    return render_template(
        "qanda/podium.html" if design == "podium" else "qanda/podium_overlay.html",
        **_shown(session),
        script_words=labels.for_the_script(),
        epoch=items.state_of(session.id).epoch,
        revision=items.FIRST_REVISION,
        live_token=live_token(is_screen=True),
        present=present,
        street=street(session.slug, present, expected=WHOLE_WIDTH),
        screen_url=url_for(
            ".podium_now", slug=slug, voor=design, ondertitels=request.args.get("ondertitels") or None
        ),
    )


@bp.get("/sessies/<slug>/podium")
@allows(QandaPermission.READ)
def podium(slug: str) -> ResponseReturnValue:
    """Show the screen for a hall or a shared call: the question on stage, and how to join.

    Holds only public data, so it needs no permission beyond the room's.
    """
    return _page(slug, "podium")


@bp.get("/sessies/<slug>/podium/overlay")
@allows(QandaPermission.READ)
def podium_overlay(slug: str) -> ResponseReturnValue:
    """Show the same on a transparent page, for a browser source in streaming software such as OBS."""
    return _page(slug, "overlay")


@bp.get("/sessies/<slug>/podium/beeld")
@allows(QandaPermission.READ)
def podium_now(slug: str) -> ResponseReturnValue:
    """Render what the screen shows now, for its script: drawn in one place, so that a page kept open all day
    equals one just loaded.
    """
    session = session_in_room(slug)
    template = FRAGMENTS.get(request.args.get("voor", ""), FRAGMENTS["podium"])
    page = make_response(render_template(template, **_shown(session)))
    page.headers["Cache-Control"] = "private, no-cache"
    page.add_etag()
    return page.make_conditional(request)
