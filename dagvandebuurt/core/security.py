"""What every answer tells the browser to refuse: no foreign code, no inline code, no framing."""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from werkzeug.http import COOP


def init_app(app: Flask) -> None:
    app.after_request(_headers)


def allow_frames(*hosts: str) -> None:
    """Let this one answer embed frames of these exact hosts (`https://…`): a stage people asked for."""
    g.setdefault("frame_hosts", set()).update(hosts)


def origin_of(url: str) -> str:
    """`https://host` of an address: what a policy names."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def may_be_framed(url: str) -> bool:
    """Whether this is the https address of a host that STAGE_HOSTS names, exactly: no port, no name
    before an @, nothing that only ends alike."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and parts.netloc in current_app.config["STAGE_HOSTS"]


def _headers(response: Response) -> Response:
    socket_host = f"{'wss' if request.is_secure else 'ws'}://{request.host}"
    frames = " ".join(sorted(g.get("frame_hosts", ()))) or "'none'"
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "media-src": "'self'",
        "connect-src": f"'self' {socket_host}",  # older Safari does not count ws:// as 'self'
        "manifest-src": "'self'",
        "frame-src": frames,
        "frame-ancestors": "'none'",
        "form-action": "'self'",
        "base-uri": "'none'",
    }
    headers = response.headers
    headers.setdefault("Content-Security-Policy", "; ".join(f"{k} {v}" for k, v in policy.items()))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(self), microphone=(self), geolocation=()")
    headers.setdefault("X-Frame-Options", "DENY")
    response.cross_origin_opener_policy = COOP.SAME_ORIGIN
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint != "static" and "Cache-Control" not in headers:
        # A page may hold a name: no shared cache keeps it, and the back button asks again.
        headers["Cache-Control"] = "private, no-store"
        response.vary.add("Cookie")
    if current_app.debug and not current_app.testing:
        headers["X-Robots-Tag"] = "noindex"
    return response
