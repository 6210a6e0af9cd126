"""docs/developing/add-a-feature.md really works: its blocks are put in a copy of the package and run there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

pytestmark = pytest.mark.slow  # a copy of the package, migrated and tested in processes of its own
ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "developing" / "add-a-feature.md").read_text()
BLOCK = re.compile(r"^```(?P<kind>\w+) (?P<path>\S+)\n(?P<text>.*?)^```$", re.M | re.S)
MIGRATE = "from tests.conftest import test_settings as s; from dagvandebuurt.app import create_app; \
from flask_migrate import upgrade, downgrade; from pathlib import Path; \
app = create_app(s(Path('data'))); app.app_context().push(); upgrade(); downgrade(revision='-1'); upgrade(); \
from sqlalchemy import inspect; from dagvandebuurt.core.db import db; \
assert 'announcement' in inspect(db.engine).get_table_names()"


@pytest.fixture
def copy(tmp_path) -> Path:
    """The package with the example added."""
    there = tmp_path / "copy"
    there.mkdir()
    for name in ("dagvandebuurt", "templates", "migrations"):
        shutil.copytree(ROOT / name, there / name, ignore=shutil.ignore_patterns("__pycache__"))
    (there / "tests").mkdir()
    for path in (ROOT / "tests").glob("*.py"):
        shutil.copy(path, there / "tests")
    for name in ("config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, there)
    (there / "static").symlink_to(ROOT / "static")
    (there / "data").mkdir()
    newest = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    for kind, path, text in BLOCK.findall(PAGE):
        put(there / path, kind, text.replace("THE_NEWEST", newest))
    return there


def put(path: Path, kind: str, text: str) -> None:
    """Make a file of a block, or replace the line of a diff that stands there once."""
    if kind != "diff":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return
    old, new = (re.findall(rf"^\{sign}(.*)$", text, re.M) for sign in "-+")
    before = path.read_text()
    assert (len(old), len(new), before.count(old[0])) == (1, 1, 1), f"{path.name}: {old}"
    path.write_text(before.replace(old[0], new[0]))


def run(there: Path, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=there,
        env={**os.environ, "PYTHONPATH": str(there)},
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_the_example_migrates_and_passes_its_own_test(copy):
    run(copy, "-c", MIGRATE)
    run(copy, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "tests/announcements")


def test_the_example_is_formatted_and_keeps_the_import_contracts(copy):
    made = [path for kind, path, _ in BLOCK.findall(PAGE) if kind == "python"]

    run(copy, "-m", "ruff", "format", "--check", *made)
    run(copy, "-m", "ruff", "check", "--no-cache", *made)
    run(
        copy,
        "-c",
        "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))",
    )
