"""Transactions: the one way to save."""

from collections.abc import Iterator
from contextlib import contextmanager

from dagvandebuurt.core import after_commit
from dagvandebuurt.core.db import begin_writing, db
from dagvandebuurt.core.hooks import Runs, hook


@hook(Runs.IN_TRANSACTION)
def transaction_began() -> None:
    """A transaction began. Called before anything else in it."""


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
                transaction_began()
                yield
                db.session.commit()
            except BaseException:
                db.session.rollback()
                after_commit.discard()
                raise
    finally:
        db.session.info.pop("open", None)
    after_commit.run()
