"""Page frame and error pages: language, menu, edition, and one way to refuse."""

import math
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Flask, current_app, g, jsonify, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from dagvandebuurt.api.problems import asks_a_machine, problem, refusal
from dagvandebuurt.broadcasts.models import Broadcast
from dagvandebuurt.broadcasts.queries import shown
from dagvandebuurt.core import clock, i18n, security
from dagvandebuurt.core.archiving import is_for_archive
from dagvandebuurt.core.db import is_unavailable
from dagvandebuurt.core.errors import LoginNeeded, NotAllowed, RuleBroken
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.text import in_threes
from dagvandebuurt.extensions import limiter
from dagvandebuurt.handbooks.queries import guide_to
from dagvandebuurt.parts.branding.menu import MENU
from dagvandebuurt.parts.branding.words import offered
from dagvandebuurt.people.access.login import live_token
from dagvandebuurt.people.errors import SiteEnded
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.queries import ending
from dagvandebuurt.people.work import desks_for, has_work, page_here
from dagvandebuurt.programme.errors import NotYetOpen
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.preview import previewed
from dagvandebuurt.programme.queries import current_edition, session_by_slug
from dagvandebuurt.safety.queries import Concerns, concerns_of


def init_app(app: Flask) -> None:
    app.before_request(_choose_language)
    app.before_request(_take_nothing_after_the_end)
    app.context_processor(_frame)
    app.add_template_filter(clock.local, "local")
    app.add_template_filter(i18n.in_words, "in_words")
    app.add_template_filter(i18n.hour)
    app.add_template_filter(i18n.language_name)
    app.add_template_filter(i18n.said)
    app.add_template_filter(datetime.fromisoformat, "from_iso")
    app.add_template_filter(in_threes)
    app.register_error_handler(RuleBroken, refuse)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _went_wrong)


def _choose_language() -> None:
    """Speak what somebody chose, here or for their account; on a first visit what the browser asks for."""
    of_account = current_user.language if current_user.is_known else None
    of_browser = i18n.of_browser(request.accept_languages.values())
    i18n.speak(session.get("language") or of_account or of_browser)


def _take_nothing_after_the_end() -> None:
    """Refuse whatever is sent in once the organisation stopped; choosing a language stores nothing here."""
    if request.method in ("GET", "HEAD", "OPTIONS") or request.endpoint == "people.choose_language":
        return
    if ending().is_read_only:
        raise SiteEnded


def _frame() -> dict[str, Any]:
    return {
        "lang": i18n.language(),
        "dir": "ltr",
        "languages": i18n.offered(),
        "nav_items": [
            (url_for(endpoint), str(label), request.path.startswith(url_for(endpoint)))
            for endpoint, label in offered("menu", MENU).items()
            if endpoint in current_app.view_functions
        ],
        "works": has_work(current_user),
        "desks_here": lambda: desks_for(current_user, request.path),
        "guide_here": _guide_here,
        "edition": _edition(),
        "previewed": previewed(),
        "for_archive": is_for_archive(),
        "broadcasts": _broadcasts,
        "urgent": _urgent,
        "connection_token": live_token,
        "rehearsal": bool(current_app.config["REHEARSAL"]),
        "ending": ending(),
        "now": clock.now(),
        "public_url": current_app.config["PUBLIC_URL"],
        "demo": current_app.config["DEMO"],
        "has_route": lambda endpoint: endpoint in current_app.view_functions,
    }


def _guide_here() -> str | None:
    """Return the address of the section of a handbook about this page, or about the desk that it belongs to."""
    desk = page_here(current_user, request.path)
    return guide_to(request.endpoint, desk.endpoint if desk else None)


def _edition() -> Any:
    if "edition" not in g:
        g.edition = current_edition()
    return g.edition


def _broadcasts() -> Sequence[Broadcast]:
    """Return what the organisers tell the readers of this page now."""
    edition = _edition()
    if edition is None or is_for_archive():
        return ()
    until = g.broadcasts_until if "broadcasts_until" in g else edition.broadcasts_until
    return shown(edition.id, until, clock.now(), (request.view_args or {}).get("slug"))


def _urgent() -> Concerns:
    """Return what of alarms about people in danger concerns the reader of this page."""
    edition = _edition()
    if edition is None or is_for_archive():
        return Concerns()
    until = g.dangers_until if "dangers_until" in g else edition.dangers_until
    return concerns_of(current_user, edition.id, until, clock.now())


def wants_json() -> bool:
    """Return whether a script asks for JSON."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def refuse(broken: RuleBroken) -> ResponseReturnValue:
    """Render a refusal by the rules as a page, with a way on."""
    if asks_a_machine():
        return refusal(broken)
    if wants_json():
        return jsonify(ok=False, error=broken.as_dict()), broken.status
    headers = {"Retry-After": str(broken.details["retry_after"])} if "retry_after" in broken.details else {}
    if not broken.is_final and (typed := _typed()):
        return *_once_more(broken.status, str(broken.message), typed), headers
    opens_at = broken.details.get("opens_at")
    about = _session_that_opens(broken)
    if about is not None and request.endpoint == "qanda.room":
        headers["Refresh"] = str(_seconds_to(about.opens_at))  # nothing can be typed here
    page = render_template(
        "errors/refused.html",
        broken=broken,
        awaits_proof=isinstance(broken, NotAllowed) and current_user.awaits_proof,
        login_needed=isinstance(broken, LoginNeeded),
        steps_in=_steps_in(broken),
        about=about,
        opens_at=datetime.fromisoformat(opens_at) if opens_at else None,
    )
    return page, broken.status, headers


def _session_that_opens(broken: RuleBroken) -> ProgrammeSession | None:
    """Return the session whose room is not open yet, for the way to its page."""
    slug = (request.view_args or {}).get("slug")
    return session_by_slug(current_user, slug) if isinstance(broken, NotYetOpen) and slug else None


LONGEST_LOOK = 900  # seconds: a session may be moved meanwhile


def _seconds_to(moment: datetime) -> int:
    """Return after how many seconds a closed room is worth another look."""
    left = math.ceil((moment - clock.now()).total_seconds())
    return min(max(left, 0) + 1, LONGEST_LOOK)


def _steps_in(broken: RuleBroken) -> str | None:
    """Return the session at whose desk an administrator may step in: that they do not run it is no dead end."""
    if not isinstance(broken, NotAllowed) or request.endpoint != "qanda.desk":
        return None
    may = can(current_user, PeoplePermission.STEP_IN)
    return str((request.view_args or {})["slug"]) if may else None


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    """Handle a failed CSRF check: show what was typed, to copy or resend.

    A post from another site is reported as such, without a button to resend.
    """
    if wants_json():
        return jsonify(ok=False, error={"code": "house.stale_form", "message": _("Vernieuw de pagina.")}), 403
    if security.provenance() is security.Provenance.ELSEWHERE:
        sentence = _("Dit werd vanaf een andere site gestuurd. Er is niets gedaan.")
        return render_template("errors/http.html", code=403, sentence=sentence), 403
    return _once_more(403, _("Deze pagina was te lang open"), _typed())


# Hidden fields that a page fills in, not a person: resent with the same operation id.
OF_THE_PAGE = ("op", "id", "seen", "instead_of", "on", "poll", "terug", "verder", "question", "into")


def _typed() -> list[tuple[str, str]]:
    """Return the fields of this form without passwords, to give them back with a temporary refusal."""
    if request.method != "POST":
        return []
    return [
        (name, value)
        for name, value in request.form.items()
        if name != "csrf_token" and "password" not in name and value.strip()
    ]


def _once_more(status: int, heading: str, typed: list[tuple[str, str]]) -> tuple[str, int]:
    page = render_template(
        "errors/once_more.html", heading=heading, typed=typed, machine=OF_THE_PAGE, back=request.path
    )
    return page, status


_HTTP_SENTENCES = {
    400: _l("Dit verzoek is niet te lezen."),
    404: _l("Deze pagina bestaat niet, of niet meer."),
    405: _l("Zo werkt deze pagina niet. Ga terug en gebruik de knop."),
    408: _l(
        "Het versturen duurde te lang. Probeer het opnieuw, dichter bij de wifi of met een kleiner bestand."
    ),
    429: _l("Dat gaat wat snel. Wacht even en probeer het dan opnieuw."),
}


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    sentence = str(_HTTP_SENTENCES.get(error.code, _l("Dit lukt nu niet.")))
    if error.code == 413:
        most = (request.max_content_length or 0) // 1_000_000
        sentence = _("Dit is te groot. Maximaal %(most)d MB.", most=most)
    if asks_a_machine():
        return problem(error.code, f"http.{error.code}", sentence)
    if wants_json():
        return jsonify(ok=False, error={"code": f"http.{error.code}", "message": sentence}), error.code
    headers = {"Allow": ", ".join(error.valid_methods or ())} if error.code == 405 else {}  # type: ignore[attr-defined]
    if error.code == 429:
        headers = {"Retry-After": str(_seconds_to_wait())}
        if typed := _typed():
            return *_once_more(429, sentence, typed), headers
    return render_template("errors/http.html", code=error.code, sentence=sentence), error.code, headers


def _seconds_to_wait() -> int:
    limit = limiter.current_limit
    return max(1, limit.reset_at - int(time.time())) if limit else 60


def _database_away(failure: Exception) -> ResponseReturnValue:
    """Render a static page: without the database there is no menu, no edition and no user."""
    current_app.logger.warning("the database is away: %s", type(failure).__name__)
    sentence = _("Het lukt even niet. Probeer het over een halve minuut opnieuw.")
    headers = {"Retry-After": "30"}
    if asks_a_machine():
        return problem(503, "live.try_again", sentence, retry_after=30)
    if wants_json():
        return jsonify(ok=False, error={"code": "live.try_again", "message": sentence}), 503, headers
    page = current_app.jinja_env.get_template(
        "errors/away.html"
    )  # no context processor: they query the database
    typed = _typed()
    told = page.render(
        lang=i18n.language(),
        sentence=sentence,
        typed=typed if any(name not in OF_THE_PAGE for name, _value in typed) else [],
        sent=request.method == "POST",
        machine=OF_THE_PAGE,
        back=request.path,
    )
    return told, 503, headers


def _went_wrong(failure: Exception) -> ResponseReturnValue:
    """Handle an unexpected error: log it, and show an apology with a way back.

    JSON requests get JSON, also when rendering fails too (a person's language is in the database that is
    away).
    """
    try:
        return _said_what_went_wrong(failure)
    except Exception as another:
        if current_app.config.get("PROPAGATE_EXCEPTIONS") and another is failure:
            raise
        current_app.logger.warning("a failure could not be told: %s", type(another).__name__)
        sentence = "Het lukt even niet. Probeer het over een halve minuut opnieuw."
        headers = {"Retry-After": "30"}
        if wants_json():
            return jsonify(ok=False, error={"code": "live.try_again", "message": sentence}), 503, headers
        return f'<!doctype html><html lang="nl"><title>{sentence}</title><h1>{sentence}</h1>', 503, headers


def _said_what_went_wrong(failure: Exception) -> ResponseReturnValue:
    if current_app.config.get("PROPAGATE_EXCEPTIONS") and not is_unavailable(failure):
        raise failure
    if is_unavailable(failure):
        return _database_away(failure)
    current_app.logger.exception("a page failed: %s", type(failure).__name__)
    sentence = _("Er ging bij ons iets mis. Er is niets half opgeslagen. Probeer het opnieuw.")
    if asks_a_machine():
        return problem(500, "house.failed", sentence)
    if wants_json():
        return jsonify(ok=False, error={"code": "house.failed", "message": sentence}), 500
    return render_template("errors/http.html", code=500, sentence=sentence), 500
