import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import TEST_KEY

ROOT = Path(__file__).resolve().parents[2]


def run(folder, *words):
    """Run a command with no setting but its folder, as right after a clone."""
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATA_FOLDER": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "dagvandebuurt.cli", *words],
        env=bare, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip


def test_the_demo_needs_no_settings(tmp_path):
    done = run(tmp_path, "demo", "--no-serve")

    assert done.returncode == 0, done.stderr
    assert "The demo congress is at http://127.0.0.1:5000" in done.stdout


def test_a_missing_setting_is_named(tmp_path):
    refused = run(tmp_path, "migrate")

    assert refused.returncode != 0
    assert refused.stderr.startswith("SECRET_KEY is missing or too weak.")
    assert not (tmp_path / "dagvandebuurt.db").exists()


def test_help_needs_no_settings_and_offers_nothing_that_is_not_installed(tmp_path):
    said = run(tmp_path, "--help")

    assert said.returncode == 0, said.stderr
    assert {"setup", "serve", "restore"} <= set(said.stdout.split())
    assert "SECRET_KEY" not in said.stdout + said.stderr
    assert "--env-file" not in said.stdout


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_d16_concurrent_migrations_are_serialised(tmp_path, request, database):
    environ = {**os.environ, "DATA_FOLDER": str(tmp_path), "SECRET_KEY": TEST_KEY}
    if database == "postgresql":
        environ["DATABASE_URL"] = request.getfixturevalue("postgres")
    command = [sys.executable, "-m", "dagvandebuurt.cli", "migrate"]

    at_once = [
        subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(3)
    ]

    for process in at_once:
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()[-1000:]
