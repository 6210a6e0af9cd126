"""Domain events: recorded by rules, delivered to listeners after the commit."""

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from dagvandebuurt.core.db import db

logger = logging.getLogger(__name__)

Listener = TypeVar("Listener", bound=Callable[[Any], None])
_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def record(fact: object) -> None:
    """Queue `fact` until the running transaction commits. A fact holds ids, never rows."""
    db.session.info.setdefault("facts", []).append(fact)


def listens_to(*kinds: type) -> Callable[[Listener], Listener]:
    """Subscribe a function to facts of these kinds; it runs after the commit."""

    def register(listener: Listener) -> Listener:
        for kind in kinds:
            if listener not in _listeners[kind]:
                _listeners[kind].append(listener)
        return listener

    return register


def count() -> int:
    """Return how many facts wait for the commit."""
    return len(db.session.info.get("facts", ()))


def forget(*, beyond: int = 0) -> None:
    """Discard the facts recorded after the first `beyond`: their savepoint was rolled back."""
    del db.session.info.get("facts", [])[beyond:]


def tell() -> None:
    """Deliver the recorded facts in order. A failing listener does not stop the others."""
    for fact in db.session.info.pop("facts", []):
        for listener in _listeners[type(fact)]:
            try:
                listener(fact)
            except Exception:
                logger.exception("%s could not hear %s", listener.__qualname__, type(fact).__name__)
                db.session.rollback()
