"""Imports inside and between the sections: what import-linter does not see, on lists that only shrink."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

from dagvandebuurt.app import SECTIONS
from tests.conftest import TEST_KEY

ROOT = Path(__file__).resolve().parents[2]
INSIDE = "Inside a section: routes, forms, rules, queries, models"
# `identity`, `roles` and `login_flow` are how other sections meet people; `timelines` is how a question stands.
PUBLIC_FACE = {
    *("models", "queries", "rules", "hooks", "permissions", "labels", "errors", "facts"),
    *("identity", "roles", "login_flow", "timelines"),
}
OUTSIDE_THE_CONTRACT = "modules_outside_the_contract.txt"
BESIDE_THE_FACE = "imports_beside_the_public_face.txt"


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("dagvandebuurt", exclude_type_checking_imports=True, cache_dir=None)


def inside_contract() -> dict:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return next(each for each in settings["tool"]["importlinter"]["contracts"] if each["name"] == INSIDE)


def uncovered() -> Iterator[str]:
    """Yield the name of each module or package directly in a section that no layer of the contract names."""
    contract = inside_contract()
    named = {name for layer in contract["layers"] for name in re.findall(r"\w+", layer)}
    packages = set(contract["containers"])
    for container in packages:
        for module in graph().find_children(container):
            if module.rpartition(".")[2] not in named:
                yield module.removeprefix("dagvandebuurt.")


def beside_the_face() -> Iterator[str]:
    """Yield `section -> module` for each import of another section's module that is not of its public face."""
    sections = {f"dagvandebuurt.{name}": name for name in SECTIONS if name != "live" and "." not in name}
    for own, name in sections.items():
        for module in {own} | graph().find_descendants(own):
            for imported in graph().find_modules_directly_imported_by(module):
                section = ".".join(imported.split(".")[:2])
                if section == own or section not in sections or imported == section:
                    continue
                if imported.rpartition(".")[2] not in PUBLIC_FACE:
                    yield f"{name} -> {imported.removeprefix('dagvandebuurt.')}"


LISTS = [(uncovered, OUTSIDE_THE_CONTRACT), (beside_the_face, BESIDE_THE_FACE)]


@pytest.mark.parametrize(("found", "file"), LISTS)
def test_what_stands_outside_is_known_and_becomes_less(found, file):
    """A new line needs another design, not a line in the list; a line that is mended leaves the list."""
    known = (Path(__file__).parent / file).read_text(encoding="utf-8").split("\n")[:-1]
    now = sorted(set(found()))

    assert known == sorted(known)
    assert [each for each in now if each not in known] == [], f"new in {file}"
    assert [each for each in known if each not in now] == [], f"take it out of {file}"


def test_the_server_imports_nothing_of_the_demo_or_its_packages(tmp_path):
    """`serve`, an app of real settings, and every module in its place: no demo, and none of its packages."""
    code = """
import os, sys
from dagvandebuurt import serve, settings
from dagvandebuurt.app import create_app
create_app(settings.load(os.environ))
print(*sorted({name for name in sys.modules if name.split(".")[0] in ("rich", "yaml") or "dagvandebuurt.demo" in name}))
"""
    environ = {**os.environ, "SECRET_KEY": TEST_KEY, "DATA_FOLDER": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environ, cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert ended.stdout.strip() == ""


def shorten_lists() -> None:
    """Take off the lists what is mended: `python -m tests.house.test_layers`. Nothing is added."""
    for found, file in LISTS:
        path = Path(__file__).parent / file
        now = set(found())
        path.write_text(
            "".join(
                line
                for line in path.read_text(encoding="utf-8").splitlines(keepends=True)
                if line.strip() in now
            )
        )


if __name__ == "__main__":
    shorten_lists()
