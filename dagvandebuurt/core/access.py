"""Access control for routes, default deny: a route without an `@allows` decision is refused."""

from flask import Flask, current_app, request
from flask_login import current_user

from dagvandebuurt.core.permissions import Permission, require

# Flask's own: static files, open to everybody.
OPEN_ENDPOINTS = frozenset({"static"})


def init_app(app: Flask) -> None:
    app.before_request(_ask)


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """Return the permission that `@allows` set on the route of `endpoint`; None where it set none."""
    return getattr(app.view_functions[endpoint], "needs", None)


def _ask() -> None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN_ENDPOINTS:
        return
    permission = permission_of(current_app, endpoint)
    if permission is None:
        raise RuntimeError(f"{endpoint} does not say who may use it: add @allows")
    require(current_user, permission)
