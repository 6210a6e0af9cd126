"""Rows of the demo: each has an id made from its name in the content file, so that loading is idempotent."""

from typing import Any

from dagvandebuurt.core.db import db
from dagvandebuurt.core.models import Base
from dagvandebuurt.demo.content import id_of

# Prefix of a name in the content file → what it names.
KINDS = {
    "les": "lesson", "i": "initiative", "lq": "learning_question", "s": "session", "f": "follow_up",
}  # fmt: skip


def add(kind: type[Base], name: str, /, **values: Any) -> bool:
    """Store a row under the id of its name, unless it is there. Return whether it was new."""
    if db.session.get(kind, id_of(name)) is not None:
        return False
    db.session.add(kind(id=id_of(name), **values))
    return True


def reference(name: str | None) -> Any:
    """Return the id of a name that may be absent."""
    return id_of(name) if name else None


def kind_of(name: str) -> str:
    """Return what a name in the content file names."""
    return KINDS[name.rstrip("0123456789")]
