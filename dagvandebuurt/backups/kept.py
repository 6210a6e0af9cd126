"""What restores set aside: found, and removed when all is well. It holds everybody who was there."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import inspect

from dagvandebuurt.backups.rows import quoted
from dagvandebuurt.backups.staging import Target

NAME = re.compile(r"dagvandebuurt[-_]before[-_]\d{8}[-_]\d{6}(\.db)?")


def found(settings: Mapping[str, Any]) -> list[str]:
    """Return where everything is that a restore set aside. Raises BackupProblem when the database does not
    answer."""
    paths, schemas = _all(settings)
    return [*map(str, paths), *(f"the schema {name}" for name in schemas)]


def remove(settings: Mapping[str, Any]) -> list[str]:
    """Delete it all, and return what was deleted. Raises BackupProblem and OSError; can be run again."""
    paths, schemas = _all(settings)
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    if schemas:
        with _target(settings).connected() as connection:
            for name in schemas:
                connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {quoted(connection, name)} CASCADE")
            connection.commit()
    return [*map(str, paths), *(f"the schema {name}" for name in schemas)]


def _target(settings: Mapping[str, Any]) -> Target:
    return Target(str(settings["SQLALCHEMY_DATABASE_URI"]))


def _all(settings: Mapping[str, Any]) -> tuple[list[Path], list[str]]:
    target = _target(settings)
    folders = {Path(settings["DATA_FOLDER"])} | ({target.path.parent} if target.is_sqlite else set())
    paths = {
        path
        for folder in folders
        if folder.is_dir()
        for path in folder.iterdir()
        if NAME.fullmatch(path.name)
    }
    if target.is_sqlite:
        return sorted(paths), []
    with target.connected() as connection:
        schemas = [name for name in inspect(connection).get_schema_names() if NAME.fullmatch(name)]
    return sorted(paths), sorted(schemas)
