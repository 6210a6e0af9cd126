"""Routes of home, help, legal pages and machine endpoints."""

from datetime import timedelta
from hmac import compare_digest
from ipaddress import ip_address
from urllib.parse import urlsplit

import prometheus_client
from flask import Blueprint, Response, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from dagvandebuurt.core import clock
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.hosts import LOOPBACK
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.personal_data import retention_table
from dagvandebuurt.frontdoor import health, metrics
from dagvandebuurt.frontdoor.permissions import FrontdoorPermission
from dagvandebuurt.frontdoor.queries import example_of_a_question, figures_of, where_held
from dagvandebuurt.lessons.queries import newest
from dagvandebuurt.market.queries import has_market
from dagvandebuurt.parts.branding.mailbox import published_mailbox, sending_mailbox
from dagvandebuurt.parts.partners.queries import partners
from dagvandebuurt.parts.street.street import street
from dagvandebuurt.programme.queries import closed_edition, current_edition, live_now
from dagvandebuurt.texts.queries import shown

bp = Blueprint("frontdoor", __name__)
LESSONS_ON_HOME = 3
# Headers that a proxy adds to a request; a direct one has none of them.
PASSED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via")


@bp.get("/")
@allows(FrontdoorPermission.READ)
def home() -> ResponseReturnValue:
    edition = g.edition = current_edition()
    if edition is None:
        return render_template("frontdoor/no_edition.html", closed=closed_edition())
    now = clock.now()
    figures = figures_of(edition)
    return render_template(
        "frontdoor/home.html",
        text=shown("home"),
        figures=figures,
        partners=partners(),
        where=where_held(edition),
        street=street(edition.slug, figures.registered, expected=edition.expected_participants),
        live_sessions=live_now(edition, now),
        market=has_market(edition.id),
        example=example_of_a_question(now),
        lessons=newest(LESSONS_ON_HOME),
        registration_open=edition.registration_opens_at <= now < edition.registration_closes_at,
    )


@bp.get("/zo-werkt-het")
@allows(FrontdoorPermission.READ)
def help() -> ResponseReturnValue:
    return render_template("frontdoor/help.html", text=shown("help"))


@bp.get("/privacy")
@allows(FrontdoorPermission.READ)
def privacy() -> ResponseReturnValue:
    kept = [(line.what, line.why, line.until) for line in retention_table()]
    return render_template("frontdoor/privacy.html", text=shown("privacy"), kept=kept)


@bp.get("/toegankelijkheid")
@allows(FrontdoorPermission.READ)
def accessibility() -> ResponseReturnValue:
    return render_template("frontdoor/accessibility.html", text=shown("access"))


@bp.get("/cookies")
@allows(FrontdoorPermission.READ)
def cookies() -> ResponseReturnValue:
    return render_template("frontdoor/cookies.html", text=shown("cookies"))


@bp.get("/over")
@allows(FrontdoorPermission.READ)
def about() -> ResponseReturnValue:
    return render_template("frontdoor/about.html", text=shown("about"))


@bp.get("/stijl")
@allows(FrontdoorPermission.READ)
def style() -> ResponseReturnValue:
    """Show every component in both colour schemes (style guide). Demo only."""
    if not current_app.config["DEMO"]:
        raise NotFound
    return render_template("style/stijl.html", street=street("stijl", 214, expected=500))


@bp.get("/healthz")
@allows(FrontdoorPermission.READ)
def alive() -> ResponseReturnValue:
    """Report liveness, without asking any other service."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/tijd")
@allows(FrontdoorPermission.READ)
def server_time() -> ResponseReturnValue:
    """Return the server's time in milliseconds since 1970 (UTC): the `Date` header counts whole seconds
    only. In a rehearsal also how many of them pass in one."""
    fast = {} if clock.pace() == 1 else {"pace": clock.pace()}
    answer = jsonify(now=round(clock.now().timestamp() * 1000), **fast)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/readyz")
@allows(FrontdoorPermission.READ)
def ready() -> ResponseReturnValue:
    """Report readiness of database, migrations and job runner: 200, or 503 with the names of what is not
    ready.

    Lines that begin with `warning:` change nothing about the status.
    """
    found = health.problems()
    lines = [*(found or ["ready"]), f"open files: {health.open_files()}"]
    lines += [f"warning: {sentence}" for sentence in health.warnings()]
    return Response("\n".join(lines) + "\n", 503 if found else 200, mimetype="text/plain")


@bp.get("/metrics")
@allows(FrontdoorPermission.READ)
def measured() -> ResponseReturnValue:
    """Serve metrics for Prometheus: to this machine by a loopback name, and to clients with METRICS_TOKEN. A proxy
    must not pass it on."""
    token = current_app.config["METRICS_TOKEN"]
    passed_on = any(name in request.headers for name in PASSED_ON) or request.root_path
    address = ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104 - means unknown here
    host = urlsplit(f"//{request.host}").hostname
    is_here = address.is_loopback and host in LOOPBACK
    if passed_on or not (is_here or (token and _has_token(token))):
        raise NotFound
    return Response(metrics.collect(), content_type=prometheus_client.CONTENT_TYPE_LATEST)


def _has_token(token: str) -> bool:
    given = request.authorization
    if given is None or given.type != "bearer":
        return False
    return compare_digest((given.token or "").encode(), token.encode())


@bp.get("/.well-known/security.txt")
@allows(FrontdoorPermission.READ)
def security_txt() -> ResponseReturnValue:
    """Serve security.txt (RFC 9116). The expiry is computed on request, so that it is never in the past."""
    edition = current_edition()
    mailbox = published_mailbox(edition.contact_email if edition else "") or sending_mailbox()
    expires = (clock.now() + timedelta(days=180)).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    public = current_app.config["PUBLIC_URL"]
    lines = [
        f"Contact: mailto:{mailbox}" if mailbox else f"Contact: {public}/hulp",
        f"Expires: {expires}",
        "Preferred-Languages: nl, en",
        f"Canonical: {public}/.well-known/security.txt",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/robots.txt")
@allows(FrontdoorPermission.READ)
def robots() -> ResponseReturnValue:
    private = ("/mijn", "/organisatie", "/inloggen", "/link/", "/dev/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in private)]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
