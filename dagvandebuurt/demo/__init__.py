"""Demo data: an invented congress with a round that is live when the demo starts.

Idempotent: every id derives from a name in the content file, and existing rows are left alone.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import current_app

from dagvandebuurt.core import clock
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.demo import dates
from dagvandebuurt.demo.content import Content
from dagvandebuurt.demo.loading import load
from dagvandebuurt.people.queries import demo_people


def delete_database(settings: Mapping[str, Any]) -> None:
    """Delete the demo: its database, keys, jobs and files. Only ever the demo's own folder."""
    url = settings["SQLALCHEMY_DATABASE_URI"]
    if not settings["DEMO"] or not url.startswith("sqlite"):
        raise SystemExit("demo --reset throws away the embedded demo only, not a database elsewhere.")
    folder = Path(settings["DATA_FOLDER"])
    for path in [*folder.glob("dagvandebuurt.db*"), *folder.glob("jobs.db*")]:
        path.unlink()
    shutil.rmtree(folder / "keys", ignore_errors=True)


def open_the_day() -> None:
    """Load what is missing, and shift the day so that a round is live now."""
    content = Content.read()
    now = clock.now()
    with transaction():
        load(content, now)
    with transaction():
        dates.make_live(now)


def welcome() -> str:
    """Print what a user of `make demo` needs to know."""
    lines = [
        "",
        f"  The demo congress is at {current_app.config['PUBLIC_URL']}",
        "",
        "  Begin at /inloggen: as a resident, as the host of a conversation, or as an organiser.",
        "  docs/demo.md is a walk of five minutes. Accounts, one click each:",
    ]
    for person in demo_people():
        roles = ", ".join(grant.role.value for grant in person.grants) or "participant"
        lines.append(f"    {person.name:<28} {person.email:<36} {roles}")
    lines += ["", "  Mail can be read at /dev/mail. Stop with Ctrl+C; what people did is kept.", ""]
    return "\n".join(lines)
