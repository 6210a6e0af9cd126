"""The one way to save."""

from collections.abc import Iterator
from contextlib import contextmanager

from dagvandebuurt.core import facts
from dagvandebuurt.core.db import begin_writing, db


@contextmanager
def transaction() -> Iterator[None]:
    """Save what happens inside, then tell it; on any error save nothing and stay silent.

    Only a door (route, live write, command, job) opens one; RuntimeError inside another. Whatever
    was read before is read again inside: the decision is taken on what is true now, under the lock.
    """
    if db.session.info.get("open"):
        raise RuntimeError("a transaction is already open: only doors open one")
    db.session.rollback()
    db.session.info["open"] = True
    try:
        with begin_writing():
            try:
                yield
                db.session.commit()
            except BaseException:
                db.session.rollback()
                facts.forget()
                raise
    finally:
        db.session.info.pop("open", None)
    facts.tell()
