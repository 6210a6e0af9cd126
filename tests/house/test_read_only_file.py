"""Start on a database file that takes no writes: one sentence, and no site that half works."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from dagvandebuurt.core.db import read_only
from tests.conftest import TEST_KEY
from tests.served import free_port

NOBODY = 65534
# The imports happen as the user that runs the tests; then the process loses the rights of root.
START = (
    f"import os; import dagvandebuurt.serve as server; os.geteuid() or os.seteuid({NOBODY}); server.main()"
)


@pytest.fixture
def folder():
    """A data folder that the server's user owns, and others may enter."""
    with tempfile.TemporaryDirectory(prefix="dvb-read-only-") as name:
        path = Path(name)
        with closing(sqlite3.connect(path / "dagvandebuurt.db")) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("CREATE TABLE something (one INTEGER)")
            connection.commit()
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY)
        yield path


def started(folder):
    """(exit code, what it said) of a server that is started on this folder."""
    done = subprocess.run(
        [sys.executable, "-c", START],
        env={
            "PATH": os.environ["PATH"],
            "SECRET_KEY": TEST_KEY,
            "DATA_FOLDER": str(folder),
            "PUBLIC_URL": "https://dag.example",
            "PORT": str(free_port()),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_e10_a_read_only_database_file_stops_the_start_with_one_sentence(folder):
    database = folder / "dagvandebuurt.db"
    database.chmod(0o444)

    code, said = started(folder)

    assert code == 1
    assert said.count("\n") == 1
    assert said.startswith(f"The database {database} takes no writes: attempt to write a readonly database.")


def test_e10_a_writable_busy_or_absent_file_is_no_reason_to_stop(folder):
    database = folder / "dagvandebuurt.db"
    url = f"sqlite:///{database}"
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        busy = read_only(url)
        other.execute("ROLLBACK")

    assert busy is None
    assert read_only(url) is None
    assert read_only(f"sqlite:///{folder}/none.db") is None
    assert not (folder / "none.db").exists()
    assert read_only("postgresql+psycopg://nobody@127.0.0.1:1/none") is None


def test_e10_a_file_that_is_no_database_is_named(folder):
    database = folder / "dagvandebuurt.db"
    database.write_bytes(b"this is a letter, and no database at all" * 40)

    assert "is not a database" in (read_only(f"sqlite:///{database}") or "")
