"""Bring the database to this release, one process at a time."""

from pathlib import Path

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from dagvandebuurt.core.db import db
from dagvandebuurt.core.migration_lock import alone
from dagvandebuurt.core.search import index
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.frontdoor.releases import database_version, keep_floor, not_additive_since
from dagvandebuurt.parts import keys


def migrate(app: Flask) -> None:
    """Run the migrations that are missing, under the migration lock."""
    folder = Path(app.config["DATA_FOLDER"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with app.app_context(), alone(db.engine, folder):
        to_this_release()


def to_this_release() -> None:
    """Run the migrations that are missing, rebuild the search index, and remember which keys belong to the
    database. Needs an app context, and a database that nobody else migrates."""
    from flask_migrate import upgrade

    upgrade()
    keep_floor()
    with transaction():
        index.rebuild()  # what this release finds may read differently
    keys.remember()


def not_additive_pending(app: Flask) -> list[str]:
    """Return the missing migrations that do more than add, oldest last."""
    with app.app_context():
        try:
            return not_additive_since(database_version())
        except SQLAlchemyError:  # no table: an empty database
            return []
        finally:
            db.session.remove()
            db.engine.dispose()
