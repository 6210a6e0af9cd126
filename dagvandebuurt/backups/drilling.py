"""Restore drill: a backup that was never put back is a hope. It is built beside the real database, looked at,
and thrown away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from dagvandebuurt.backups import BackupProblem
from dagvandebuurt.backups.file import Backup, age_of
from dagvandebuurt.backups.restoring import Restored, beside, check, choose_keys, in_words, staged
from dagvandebuurt.backups.staging import Target
from dagvandebuurt.core.db import db
from dagvandebuurt.frontdoor import health
from dagvandebuurt.people.models import Role, RoleGrant

PAGES = ("/", "/programma", "/healthz")


@dataclass(frozen=True)
class Drilled:
    """What a drill found."""

    restored: Restored
    hours_old: float
    administrators: int


def drill(
    settings: Mapping[str, Any],
    backup: Backup,
    *,
    keys_file: Path | None = None,
    most_hours: float | None = None,
    now: datetime,
) -> Drilled:
    """Restore a backup beside the real database and look whether it works; throw it away again. Raises
    BackupProblem for whatever would be wrong with it, also when it is older than `most_hours`."""
    hours = age_of(backup.manifest, now)
    if most_hours is not None and hours > most_hours:
        raise BackupProblem(f"the newest backup is {hours:.0f} hours old. Look at the timer that makes them.")
    data = Path(settings["DATA_FOLDER"])
    with in_words(data):
        check(backup)
        # As on another machine: with the keys of the backup, not with those that are here.
        empty = {**settings, "KEY_FOLDER": str(data / ".no-keys-here")}
        chosen = choose_keys(empty, backup, keys_file, without_keys=False)
        target = Target(str(settings["SQLALCHEMY_DATABASE_URI"]))
        with (
            staged(empty, target, backup, chosen, seen=lambda _rows: None) as (folder, database, restored),
            database.app(settings, **beside(folder)) as app,
        ):
            administrators = _look_at(app)
    return Drilled(restored, hours, administrators)


def _look_at(app: Flask) -> int:
    with app.app_context():
        wrong = sorted(set(health.problems()) - {"jobs"})  # nobody runs any here
        count = db.session.scalar(
            select(func.count(func.distinct(RoleGrant.person_id))).where(RoleGrant.role == Role.ADMIN)
        )
        db.session.rollback()
    if wrong:
        raise BackupProblem(f"a server on this backup would not be ready: {', '.join(wrong)}.")
    browser = app.test_client()
    for page in PAGES:
        answer = browser.get(page, base_url=app.config["PUBLIC_URL"])
        if answer.status_code >= 500:
            raise BackupProblem(f"the page {page} does not open on this backup ({answer.status_code}).")
    return count or 0
