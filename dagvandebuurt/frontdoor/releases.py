"""Migrations of this release, and whether it works with a database of another one."""

from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import delete, select, text
from sqlalchemy.exc import SQLAlchemyError

from dagvandebuurt.core.db import db
from dagvandebuurt.core.paths import resource
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.frontdoor.models import SchemaFloor

ROW = "schema"


def newest_migration() -> str | None:
    """Return the last migration of this release."""
    return _scripts().get_current_head()


def is_unknown_migration(version: str) -> bool:
    """Return whether no migration of this release has this name: a newer release was here."""
    return version not in _known()


def floor() -> str:
    """Return the newest migration of this release that is not additive, or the first of all."""
    steps = list(_scripts().walk_revisions())  # newest first
    return next((each.revision for each in steps if not each.module.additive), steps[-1].revision)


def not_additive_since(version: str | None) -> list[str]:
    """Return the steps from `version` to this release that do more than add: the release of before does not
    work on with those. An empty database has no release of before."""
    if version is None:
        return []
    found: list[str] = []
    for each in _scripts().walk_revisions():
        if each.revision == version:
            return found
        if not each.module.additive:
            found.append(each.revision)
    return []  # of a newer release: nothing is migrated


def keep_floor() -> None:
    """Write down which releases work with this database. After a migration, in an app context."""
    with transaction():
        db.session.execute(delete(SchemaFloor).where(SchemaFloor.name == ROW))
        db.session.add(SchemaFloor(name=ROW, revision=floor()))


def database_version() -> str | None:
    """Return the migration that the database is at; None for an empty one. Raises SQLAlchemyError when it
    does not answer."""
    version: str | None = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def works_with(version: str | None) -> bool:
    """Return whether this release works with a database at `version`: its own, or a newer one of which every
    step since ours only added something."""
    if version == newest_migration():
        return True
    if version is None or not is_unknown_migration(version):
        return False
    try:
        lowest = db.session.scalar(select(SchemaFloor.revision).where(SchemaFloor.name == ROW))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return lowest is not None and not is_unknown_migration(lowest)


@cache
def _known() -> frozenset[str]:
    return frozenset(each.revision for each in _scripts().walk_revisions())


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(Path(resource("migrations"))))
