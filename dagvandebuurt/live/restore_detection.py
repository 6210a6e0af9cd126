"""Restore detection: an older copy of the database, or a lagging standby that was promoted.

Revisions then mean something else than what clients received, so every room gets another epoch and clients
reload. A running process notices it (the pump sees a revision below what it sent), and a starting one by a
high-water mark outside the database: the last revision sent for each room, in `DATA_FOLDER/told/`.
`dagvandebuurt restored` does the same by hand.
"""

import json
import logging
import os
import time
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live import items
from dagvandebuurt.live.hooks import database_restored
from dagvandebuurt.live.models import LiveRoom

logger = logging.getLogger(__name__)

WRITE_SECONDS = 1.0
OLD_SECONDS = 7 * 24 * 60 * 60


def new_epochs() -> None:
    """Give every room another epoch. Needs an app context, outside a transaction."""
    with transaction():
        db.session.execute(update(LiveRoom).values(epoch=uuid4()))
        database_restored()


class Mark:
    """High-water mark of this process, and those of others that share the folder.

    One file each, so that none overwrites another's; a lost or broken one only makes detection at a start
    less certain.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "told"
        self._own = self._folder / f"{uuid4().hex}.json"
        self._told: dict[str, int] = {}
        self._is_new = False
        self._written = float("-inf")

    def note(self, room_id: UUID, revision: int) -> None:
        """Record that this revision was sent."""
        if revision > self._told.get(str(room_id), 0):
            self._told[str(room_id)] = revision
            self._is_new = True

    def keep(self, *, now: bool = False) -> None:
        """Write the mark, once a second at most, or `now`. Never fails: a full disk must not stop the pump."""
        if not self._is_new or (not now and time.monotonic() - self._written < WRITE_SECONDS):
            return
        self._written, self._is_new = time.monotonic(), False
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = self._own.with_suffix(".new")
            draft.touch(mode=0o600)
            draft.write_text(json.dumps(self._told))
            os.replace(draft, self._own)
        except OSError as failure:
            logger.warning("the high-water mark could not be kept: %s", type(failure).__name__)

    def highest(self) -> dict[UUID, int]:
        """Return the highest recorded revision of each room. Old files are deleted."""
        found: dict[UUID, int] = {}
        for path in self._folder.glob("*.json"):
            try:
                told = json.loads(path.read_text())
                for room, revision in told.items():
                    found[UUID(room)] = max(found.get(UUID(room), 0), int(revision))
                if time.time() - path.stat().st_mtime > OLD_SECONDS:
                    path.unlink()
            except (OSError, ValueError, AttributeError):
                continue
        return found

    def clear(self) -> None:
        """Delete the marks, which belong to another epoch. Other running processes write theirs again."""
        self._told, self._is_new = {}, False
        for path in self._folder.glob("*.json"):
            path.unlink(missing_ok=True)


def is_put_back(told: Mapping[UUID, int]) -> bool:
    """Return whether the database is behind a recorded revision. Deleted rooms do not count."""
    states = items.states_of(list(told)) if told else {}
    return any(state.revision < told[room_id] for room_id, state in states.items())


def check_at_start(app: Flask, mark: Mark) -> bool:
    """Compare with the mark at a start, and begin a new epoch if the database was restored; return whether
    it was.

    A database that is away, or without tables, is checked by the pump once it is there.
    """
    try:
        with app.app_context():
            if not is_put_back(mark.highest()):
                return False
            logger.warning("the database was put back: every room begins anew")
            new_epochs()
            mark.clear()
            return True
    except Exception as failure:
        logger.warning("the database could not be compared with its mark: %s", type(failure).__name__)
        return False
