"""Idempotency keys for form posts: a form that is submitted twice is executed once.

Each form carries an operation id, made when its page was rendered (`new_op`). A view that creates something
is marked with `once`: a row under a keyed hash of that id is written in the same transaction. A second post
of the same content gets the first response; different content under the same id is refused. A page without
an id is executed as often as it is sent.
"""

import hashlib
import hmac
import re
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, flash, g, has_request_context, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.errors import AlreadySent
from dagvandebuurt.live.models import FormOnce

View = Callable[..., ResponseReturnValue]
Again = Callable[[str], ResponseReturnValue | None]

OP = re.compile(r"[A-Za-z0-9_-]{8,64}")
NOT_CONTENT = {"op", "csrf_token"}
WAIT_SECONDS = 3.0  # longest wait for the first request, which is still running
LOOK_SECONDS = 0.05
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class _Before(BaseException):
    """The form was executed before. Not a RuleBroken, so that no handler catches it on its way to `once`."""


class _Form:
    """Form of the current request: its keys in the table, and whether this request claimed it."""

    def __init__(self, op: str) -> None:
        self.op = op
        self.is_ours = False
        self.note = ""
        who = str(current_user.id) if current_user.is_known else ""
        self.key = _hashed(
            "key", op, who, str(request.endpoint), repr(sorted((request.view_args or {}).items()))
        )
        sent = sorted(
            (name, value) for name, value in request.form.items(multi=True) if name not in NOT_CONTENT
        )
        files = [
            hashlib.sha256(file.read()).hexdigest() for file in request.files.values() if not file.seek(0)
        ]
        for file in request.files.values():
            file.seek(0)
        self.request = _hashed("request", op, repr(sent), repr(files))

    def sealed(self, text: str) -> bytes:
        """Encrypt or decrypt `text` with the operation id (symmetric)."""
        return _sealed(self.op, text.encode())


def init_app(app: Flask) -> None:
    app.jinja_env.globals["new_op"] = new_op


def new_op() -> str:
    """Return a new operation id, for one form on one page."""
    return secrets.token_urlsafe(16)


def once(view: View | None = None, *, again: Again | None = None) -> Any:
    """Make a view idempotent. It opens one transaction.

    `again(note)` builds the response to a second post where redirecting to the same place is not enough; if
    it returns None the form is executed again (see `note`).
    """
    if view is None:
        return lambda decorated: once(decorated, again=again)

    @wraps(view)
    def wrapper(*args: Any, **values: Any) -> ResponseReturnValue:
        op = request.form.get("op", "")
        if not OP.fullmatch(op):
            return view(*args, **values)
        form = g.form_once = _Form(op)
        try:
            response = make_response(view(*args, **values))
        except _Before:
            g.pop("form_once", None)
            db.session.rollback()
            return _answer_again(form, again) or view(*args, **values)
        except Exception:
            _settle(form, None)
            raise
        finally:
            g.pop("form_once", None)
        _settle(form, response.headers.get("Location", "") if response.status_code < 400 else None)
        return response

    wrapper.is_done_once = True  # type: ignore[attr-defined]
    return wrapper


def skip() -> None:
    """Opt out for this request: what it posts is stored in the browser's own cookie only."""
    g.pop("form_once", None)


def note(text: str) -> None:
    """Store, inside the transaction of a `once` view, what a second response needs."""
    form: _Form | None = g.get("form_once")
    if form is not None:
        form.note = text
        db.session.execute(
            update(FormOnce).where(FormOnce.key == form.key).values(result=form.sealed(f"{text}\n"))
        )


def claim() -> None:
    """Claim the operation id at the start of the view's transaction.

    A concurrent second request waits here for the first (the unique key on PostgreSQL, the single writer on
    SQLite).
    """
    form: _Form | None = g.get("form_once") if has_request_context() else None
    if form is None:
        return
    insert = _INSERT[db.engine.dialect.name](FormOnce)
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    made = db.session.scalar(
        insert.values(key=form.key, request=form.request, at=hour)
        .on_conflict_do_nothing()
        .returning(FormOnce.key)
    )
    if made is None and not form.is_ours:
        raise _Before
    form.is_ours = True


def _settle(form: _Form, location: str | None) -> None:
    """Store the redirect target of the response. None: it was refused after all, so it is not claimed."""
    if not form.is_ours:
        return
    g.pop("form_once", None)
    mine = FormOnce.key == form.key
    with transaction():
        if location is None:
            db.session.execute(delete(FormOnce).where(mine))
        else:
            db.session.execute(
                update(FormOnce).where(mine).values(result=form.sealed(f"{form.note}\n{location}"))
            )


def _answer_again(form: _Form, again: Again | None) -> ResponseReturnValue | None:
    """Replay the first response. None when its transaction was rolled back meanwhile."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        row = db.session.execute(
            select(FormOnce.request, FormOnce.result).where(FormOnce.key == form.key)
        ).one_or_none()
        db.session.rollback()
        if row is None:
            return None
        if row.request != form.request:
            raise AlreadySent
        said, _sep, location = (
            _sealed(form.op, row.result).decode().partition("\n") if row.result else ("", "", "")
        )
        if location or (again is not None and said) or time.monotonic() > until:
            break
        time.sleep(LOOK_SECONDS)
    if again is not None:
        return again(said)
    flash(_("Dit was al binnen. We hebben het één keer bewaard."), "done")
    return redirect(location or _page_of_form(), 303)


def _page_of_form() -> str:
    """Return the page of the form, as far as it is known."""
    return request.path if "GET" in _methods_at(request.path) else "/"


def _methods_at(path: str) -> set[str]:
    adapter = current_app.create_url_adapter(request)
    return set(adapter.allowed_methods(path)) if adapter else set()


def _hashed(*parts: str) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.digest(secret, "\0".join(("form once", *parts)).encode(), "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _sealed(op: str, text: bytes) -> bytes:
    """Apply a stream cipher: SHAKE-256 of the operation id, which has 128 bits and is used for one text.

    (That text grows once, from its note to its note and place; the beginning stays the same.)
    """
    secret = str(current_app.config["SECRET_KEY"]).encode()
    stream = hashlib.shake_256(b"form once result\0" + secret + b"\0" + op.encode()).digest(len(text))
    return bytes(one ^ other for one, other in zip(text, stream, strict=True))
