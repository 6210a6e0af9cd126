"""Unbound Flask extensions and rate limits. `app.py` binds them."""

from collections.abc import Callable
from typing import Any

from flask import request
from flask_limiter import Limiter
from flask_login import LoginManager, current_user
from flask_migrate import Migrate
from flask_socketio import SocketIO
from flask_wtf import CSRFProtect

from dagvandebuurt.core.network import network

# Of what changes something and has no limit of its own: a person, and a building full of anonymous visitors.
BY_HAND = "240 per minute"
BY_STRANGERS = "1200 per minute"

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def rate_limit_key() -> str:
    """Return the rate-limit key of the current request: the person where there is one, else their network.

    A guest is a person. A client that can make guests can make keys, so a limit on guessing counts
    `network()`.
    """
    return f"person {current_user.id}" if current_user.is_authenticated else network()


def _is_stranger() -> bool:
    return not current_user.is_authenticated


login_manager = LoginManager()
csrf = CSRFProtect()
migrate = Migrate()
limiter = Limiter(
    rate_limit_key,
    default_limits=[lambda: BY_STRANGERS if _is_stranger() else BY_HAND],
    default_limits_exempt_when=lambda: request.method not in ("POST", "PUT", "PATCH", "DELETE"),
)


def throttle(each: str, *, together: str) -> Decorator:
    """Return the rate limits of one route: `each` for every person we know, `together` for a whole network.

    A community centre is one network, so `together` is what a hall full of people does; it also bounds
    anonymous visitors, and a client that makes one guest after another. Both in the notation of `limits`
    ("30 per hour"). Exceeded, the response is 429 with Retry-After.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        view = limiter.limit(together, key_func=network)(view)
        limited: Callable[..., Any] = limiter.limit(each, key_func=rate_limit_key, exempt_when=_is_stranger)(
            view
        )
        return limited

    return decorate


def make_socketio() -> SocketIO:
    """Return a Socket.IO instance for one app, because handlers belong to the app they were registered on."""
    return SocketIO()
