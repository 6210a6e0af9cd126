"""Whether the process lives, and whether it can do its work."""

from pathlib import Path

from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text

from dagvandebuurt.core.db import db
from dagvandebuurt.core.paths import resource


def problems() -> list[str]:
    """Why this process cannot do its work now. Empty is good. Words without details of the machine."""
    found = []
    try:
        known = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except Exception:
        db.session.rollback()
        return ["database"]
    if known != _newest_migration():
        found.append("migrations")
    jobs = current_app.extensions["jobs"]
    if not current_app.testing and not jobs.is_running and current_app.config["WORKERS"] == 1:
        found.append("jobs")
    return found


def _newest_migration() -> str | None:
    return ScriptDirectory(str(Path(resource("migrations")))).get_current_head()
