"""SQLite connections: durability of acknowledged writes."""

import sqlite3
from contextlib import closing

from sqlalchemy import create_engine

from dagvandebuurt.core import db  # noqa: F401 (it prepares every engine)

FULL = 2


def test_e21_sqlite_syncs_every_commit_to_disk(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'any.db'}")

    with closing(engine.raw_connection()) as connection:
        assert isinstance(connection.driver_connection, sqlite3.Connection)
        pragmas = {
            name: connection.driver_connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("synchronous", "journal_mode")
        }
    engine.dispose()

    assert pragmas == {"synchronous": FULL, "journal_mode": "wal"}
