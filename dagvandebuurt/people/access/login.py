"""Login state: the user loader of Flask-Login, and authentication of sockets for the live core."""

import secrets
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, cast
from uuid import UUID, uuid4

from flask import Request, current_app, g, has_request_context, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from dagvandebuurt.core import i18n
from dagvandebuurt.core.errors import NotAllowed
from dagvandebuurt.core.signing import TolerantSigner, secret_keys
from dagvandebuurt.extensions import login_manager
from dagvandebuurt.live.batching import Batcher
from dagvandebuurt.people.access.login_columns import along_of
from dagvandebuurt.people.identity import Identity, Stranger
from dagvandebuurt.people.queries import (
    identities_of_logins,
    identity_and_more,
    known_of_nobody,
)

LIVE_TOKEN_SECONDS = 2 * 24 * 60 * 60
SCREEN = "screen:"  # how the token of a page begins that many people look at

login_manager.session_protection = None  # the IP address of a phone changes on the move
login_manager.anonymous_user = Stranger


@login_manager.user_loader
def _identity(login_id: str) -> Identity | None:
    try:
        wanted = along_of(request.endpoint) if has_request_context() else {}
        identity, along = identity_and_more(UUID(login_id), wanted)
    except ValueError:
        return None
    if along:
        g.along = along
    return identity


def along_here() -> Mapping[str, Any]:
    """Return the extra columns that this page reads with the user (`people.access.login_columns`)."""
    current_actor()  # set for logged-in browsers
    if "along" not in g:
        g.along = known_of_nobody(along_of(request.endpoint))
    return g.along  # type: ignore[no-any-return]


def current_actor() -> Identity | Stranger:
    """Return the actor of this request as a plain value, usable on another thread, where Flask-Login's
    `current_user` would be anonymous."""
    return current_user._get_current_object()  # type: ignore[no-any-return]


def pending_bundle() -> UUID | None:
    """Return the id of this browser's bundle of pending actions."""
    return UUID(session["wishes"]) if "wishes" in session else None


def new_pending_bundle() -> UUID:
    """Return the same, creating the bundle if there is none."""
    return UUID(session.setdefault("wishes", str(uuid4())))


def live_token(*, is_screen: bool = False) -> str:
    """Return the token that a page prints for its own socket: bound to this browser (CSWSH). `is_screen`: many
    people look at it, or somebody who is counted elsewhere, so it is no reader.
    """
    browser = session.setdefault("browser", secrets.token_urlsafe(16))
    return _serializer().dumps(f"{SCREEN}{browser}" if is_screen else browser)


def reader_here() -> UUID | None:
    """Return what names this browser while nobody logged in; once, after that, what named it before. None for
    its first request: who keeps no cookie is not counted, however often they look.
    """
    return _reader_of(session.pop("read_as", None) if current_user.is_known else session.get("browser"))


def _reader_of(browser: str | None) -> UUID | None:
    try:
        return UUID(bytes=urlsafe_b64decode(f"{browser}==")) if browser else None
    except ValueError:
        return None


def authenticate_socket(request: Request, token: str) -> Any:
    """Authenticate a socket. Raises NotAllowed without the page's own token."""
    cookie = _cookie_of(request)
    try:
        browser = _serializer().loads(token, max_age=LIVE_TOKEN_SECONDS)
    except BadSignature:
        raise NotAllowed from None
    is_screen = browser.startswith(SCREEN)
    browser = browser.removeprefix(SCREEN)
    if not browser or browser != cookie.get("browser"):
        raise NotAllowed
    login_id = cookie.get("_user_id")
    language = cookie.get("language") or i18n.of_browser(request.accept_languages.values())
    identity = _identity_among_others(login_id) if login_id else None
    if identity is None:
        return Stranger(language, None if is_screen else _reader_of(browser))
    read_as = _reader_of(cookie.get("read_as"))
    return replace(identity, reader=read_as) if read_as else identity


def _cookie_of(request: Request) -> dict[str, Any]:
    """Decode the session cookie as Flask would, with one signer reused for thousands of handshakes."""
    reader = current_app.extensions.get("cookie_reader")
    if reader is None:
        made = cast(SecureCookieSessionInterface, current_app.session_interface).get_signing_serializer(
            current_app
        )
        reader = current_app.extensions.setdefault("cookie_reader", made)
    assert reader is not None  # there is a key: the settings see to that
    lifetime = int(current_app.permanent_session_lifetime.total_seconds())
    value = request.cookies.get(current_app.config["SESSION_COOKIE_NAME"], "")
    try:
        return dict(reader.loads(value, max_age=lifetime))
    except BadSignature:
        return {}


def _identity_among_others(login_id: str) -> Identity | None:
    """Load an identity, batched with other sockets that connect now."""
    together: Batcher[UUID, Identity | None] | None = current_app.extensions.get("logins")
    if together is None:
        together = current_app.extensions.setdefault("logins", Batcher(identities_of_logins))
    try:
        return together.ask(UUID(login_id))
    except ValueError:
        return None


def actor_now(actor: Identity | Stranger) -> Identity | None:
    """Return the current actor of the login behind an open socket; None once it has ended."""
    return _identity(str(actor.login_id)) if actor.login_id else None


def _serializer() -> URLSafeTimedSerializer:
    return _serializer_of(tuple(secret_keys()))


@lru_cache(maxsize=4)
def _serializer_of(keys: tuple[str, ...]) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(keys), salt="live-token", signer=TolerantSigner)
