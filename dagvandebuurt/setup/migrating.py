"""Bring the database to this release, one process at a time."""

from pathlib import Path

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from dagvandebuurt.core.db import db
from dagvandebuurt.core.migration_lock import alone
from dagvandebuurt.core.search import index
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.frontdoor.releases import database_version, keep_floor, not_additive_since


def migrate(app: Flask) -> None:
    """Run the migrations that are missing, under the migration lock, and rebuild the search index."""
    from flask_migrate import upgrade

    folder = Path(app.config["DATA_FOLDER"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with app.app_context(), alone(db.engine, folder):
        upgrade()
        keep_floor()
        with transaction():
            index.rebuild()  # what this release finds may read differently


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
