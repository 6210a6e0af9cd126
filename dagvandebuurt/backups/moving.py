"""Move an installation from SQLite to PostgreSQL, or back: every row, checked, or none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dagvandebuurt.backups import BackupProblem
from dagvandebuurt.backups.backing_up import source
from dagvandebuurt.backups.restoring import alone, in_words
from dagvandebuurt.backups.rows import different, engine_of, read, revision_of, tables_of
from dagvandebuurt.backups.staging import Target, building, kept_name
from dagvandebuurt.core.db import db
from dagvandebuurt.frontdoor.releases import newest_migration
from dagvandebuurt.parts.files import store_of
from dagvandebuurt.parts.files.errors import StoreAway
from dagvandebuurt.setup.migrating import to_this_release


@dataclass(frozen=True)
class Moved:
    """What a move did; `different` was counted row by row, and is 0."""

    tables: int
    rows: int
    different: int


def move_files(
    settings: Mapping[str, Any],
    there: Mapping[str, Any],
    *,
    seen: Callable[[int], None] = lambda _files: None,
) -> int:
    """Copy all uploaded files to the store of `there`, read each back, and return how many there are. Those
    that are here stay. Raises BackupProblem; run again it goes on where it stopped."""
    here, target = store_of(settings), store_of(there)
    count = 0
    data = Path(settings["DATA_FOLDER"])
    with in_words(data), alone(data):
        try:
            for name in list(here.names()):
                content = here.get(name)
                if content is None:
                    continue
                target.put(name, content)
                if store_of(there).get(name) != content:  # not from the memory of the one that wrote it
                    raise BackupProblem(f"{name} is not there as it is here. Nothing was changed.")
                count += 1
                seen(1)
        except StoreAway as away:
            raise BackupProblem(away.reason) from away
    return count


def move(
    settings: Mapping[str, Any],
    there: Mapping[str, Any],
    *,
    now: datetime,
    seen: Callable[[int], None] = lambda _rows: None,
) -> Moved:
    """Copy the database of `settings` to the empty one of `there`, with the same keys and files. Raises
    BackupProblem, and has changed nothing then."""
    from flask_migrate import upgrade

    data = Path(settings["DATA_FOLDER"])
    here, target = (Target(str(each["SQLALCHEMY_DATABASE_URI"])) for each in (settings, there))
    if here.url == target.url:
        raise BackupProblem(f"the database is at {here.name} already.")
    with in_words(data), alone(data, here, target), building(data, target):
        if held := target.holds():
            raise BackupProblem(f"the database {target.name} holds {held} rows already. Give an empty one.")
        with source(settings) as connection:
            if revision_of(connection) != newest_migration():
                raise BackupProblem("the database is not of this release. Run first: dagvandebuurt migrate")
            tables = tables_of(connection)
            staged = target.stage()
            try:
                staged.prepare()
                with staged.app(there) as app, app.app_context():
                    upgrade()
                    db.session.remove()
                    loaded = staged.fill(tables, lambda table: read(connection, table), seen)
                    to_this_release()  # the search index, of what is there now
                with engine_of(staged.url) as engine, engine.connect() as copy:
                    differ = sum(different(connection, copy, table) for table in tables)
                if differ:
                    raise BackupProblem(f"{differ} rows differ. Nothing was changed.")
                staged.publish(kept_name(now))
            finally:
                staged.discard()
    return Moved(len(tables), sum(digest.rows for digest in loaded.values()), differ)
