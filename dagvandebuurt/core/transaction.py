"""Transactions: the one way to save."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dagvandebuurt.core import facts
from dagvandebuurt.core.db import begin_writing, db

_first: list[Callable[[], None]] = []


def first(do: Callable[[], None]) -> Callable[[], None]:
    """Register `do` to run inside every transaction, at its start. An exception rolls back."""
    if do not in _first:
        _first.append(do)
    return do


@contextmanager
def transaction() -> Iterator[None]:
    """Commit the block, then deliver its facts; roll back and deliver nothing on any error.

    Only an entry point (route, live write, command, job) opens one; nesting raises RuntimeError. Rows read
    before are read again inside, so that decisions are taken on current data, under the lock.
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
