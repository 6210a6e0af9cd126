"""Security headers and session cookies: Content-Security-Policy, framing, CSRF, caching."""

from enum import Enum
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer
from werkzeug.http import COOP

from dagvandebuurt.core.signing import TolerantSigner

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
BAD_REQUEST = HTTPStatus.BAD_REQUEST
# Where one response may widen the policy, and for which hosts: never for all pages, never with a wildcard.
WIDENED = ("frame-src", "media-src", "connect-src", "form-action")


class _Sessions(SecureCookieSessionInterface):
    """Session interface that sends no cookie with a response that is the same for everybody, or to a forged
    request."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        made = super().get_signing_serializer(app)
        if made is not None:
            made.signer = TolerantSigner
        return made

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not g.get("is_for_everybody", False) and not _is_cross_site_post(response.status_code):
            super().save_session(app, session, response)


def _is_cross_site_post(status: int) -> bool:
    """Return whether another site may have sent this request (CSRF), so that the response must not set
    cookies.

    A cross-site POST arrives without the cookie (SameSite=Lax): the response has an empty session, and
    setting it would log the visitor out. A response to our own page may set one.
    """
    if request.method in SAFE_METHODS:
        return False
    came_from = provenance()
    return came_from is Provenance.ELSEWHERE or (came_from is Provenance.UNTOLD and status >= BAD_REQUEST)


class Provenance(Enum):
    """Origin of a request, as the browser reports it."""

    HERE = "a page of this site, or the person themselves"
    ELSEWHERE = "a page of another site"
    UNTOLD = "an older browser, or no browser"


def provenance() -> Provenance:
    """Return the origin of the current request: from Sec-Fetch-Site, else from Origin."""
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None:
        return Provenance.HERE if fetched_from in ("same-origin", "none") else Provenance.ELSEWHERE
    origin = request.headers.get("Origin")
    if origin is None:
        return Provenance.UNTOLD
    ours = {origin_of(request.host_url), origin_of(current_app.config["PUBLIC_URL"])}
    return Provenance.HERE if origin in ours else Provenance.ELSEWHERE


def init_app(app: Flask) -> None:
    app.session_interface = _Sessions()
    app.after_request(_headers)


def allow(directive: str, *sources: str) -> None:
    """Let this response load from these exact origins (`https://host`) as well: an embedded stage."""
    assert directive in WIDENED, directive
    g.setdefault("allowed", {}).setdefault(directive, set()).update(sources)


def allow_devices(origin: str) -> None:
    """Let frames of `origin` in this response ask for camera and microphone: a meeting."""
    g.setdefault("devices", set()).add(origin)


def publicly_cacheable() -> None:
    """Mark this response as the same for everybody: no cookie, and shared caches may keep it."""
    g.is_for_everybody = True


def allow_framing() -> None:
    """Let any site embed this response in a frame. Only for public pages without input."""
    g.may_be_anywhere = True


def origin_of(url: str) -> str:
    """Return the `https://host` of an address, for the policy."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _headers(response: Response) -> Response:
    socket_host = f"{'wss' if request.is_secure else 'ws'}://{request.host}"
    anywhere = g.get("may_be_anywhere", False)
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "media-src": "'self'",
        "connect-src": f"'self' {socket_host}",  # older Safari does not count ws:// as 'self'
        "manifest-src": "'self'",
        "frame-src": "'none'",
        "frame-ancestors": "*" if anywhere else "'none'",
        "form-action": "'none'" if anywhere else "'self'",
        "base-uri": "'none'",
    }
    for directive, sources in g.get("allowed", {}).items():
        besides = [] if policy[directive] == "'none'" else [policy[directive]]
        policy[directive] = " ".join(besides + sorted(sources))
    devices = " ".join(["self", *(f'"{origin}"' for origin in sorted(g.get("devices", ())))])
    headers = response.headers
    headers.setdefault("Content-Security-Policy", "; ".join(f"{k} {v}" for k, v in policy.items()))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", f"camera=({devices}), microphone=({devices}), geolocation=()")
    if not anywhere:
        headers.setdefault("X-Frame-Options", "DENY")
    response.cross_origin_opener_policy = COOP.SAME_ORIGIN
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint != "static" and "Cache-Control" not in headers:
        # A page may hold a name: no shared cache stores it, and the back button reloads it.
        headers["Cache-Control"] = "private, no-store"
        response.vary.update(("Cookie", "Accept-Language"))
    if current_app.debug and not current_app.testing:
        headers["X-Robots-Tag"] = "noindex"
    return response
