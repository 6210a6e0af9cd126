"""The one way to save."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dagvandebuurt.core import facts
from dagvandebuurt.core.db import begin_writing, db

_first: list[Callable[[], None]] = []


def first(do: Callable[[], None]) -> Callable[[], None]:
    """Let `do` run at the beginning of every transaction, inside it. What it raises undoes the transaction."""
    if do not in _first:
        _first.append(do)
    return do


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
                for do in _first:
                    do()
                yield
                db.session.commit()
            except BaseException:
                db.session.rollback()
                facts.forget()
                raise
    finally:
        db.session.info.pop("open", None)
    facts.tell()
