"""Whether the process lives, whether it can do its work, and what its operator should mend."""

from pathlib import Path

from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text

from dagvandebuurt.core import network
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
    if (jobs.is_watching or not current_app.testing) and jobs.are_dead():
        found.append("jobs")
    return found


def warnings() -> list[str]:
    """What works, and not as well as it should: a sentence each, for whoever runs the service. Empty is good."""
    found = []
    if network.proxy_is_forgotten():
        found.append(
            "X-Forwarded-For arrives and TRUSTED_PROXIES is 0: all strangers share one rate limit. "
            "Set TRUSTED_PROXIES to the number of proxies in front."
        )
    if current_app.config["WORKERS"] > 1 and not current_app.config["REDIS_URL"]:
        found.append("WORKERS is above 1 without REDIS_URL: every process counts rate limits for itself.")
    return found


def _newest_migration() -> str | None:
    return ScriptDirectory(str(Path(resource("migrations")))).get_current_head()
