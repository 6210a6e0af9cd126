"""Calls deferred until the running transaction is committed; a rollback drops them."""

import logging
from collections.abc import Callable
from functools import partial
from typing import ParamSpec

from dagvandebuurt.core.db import db

logger = logging.getLogger(__name__)
P = ParamSpec("P")


def after_commit(do: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Call `do` once the running transaction is saved. Hand it ids, never rows."""
    _waiting().append(partial(do, *args, **kwargs))


def count() -> int:
    """Count the calls that wait for the commit."""
    return len(_waiting())


def discard(*, beyond: int = 0) -> None:
    """Drop the calls after the first `beyond`: what they were about did not happen."""
    del _waiting()[beyond:]


def run() -> None:
    """Make the calls that waited, in order. One that fails is logged and stops none of the others."""
    for call in db.session.info.pop("after_commit", []):
        try:
            call()
        except Exception:
            logger.exception("%s failed after the commit", call.func.__qualname__)
            db.session.rollback()


def _waiting() -> list["partial[object]"]:
    waiting: list[partial[object]] = db.session.info.setdefault("after_commit", [])
    return waiting
