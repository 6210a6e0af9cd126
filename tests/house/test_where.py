"""docs/developing/where.md: each pointer exists, and one search for the field's word finds it."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "developing" / "where.md").read_text()
ROW = re.compile(r"^\| (?P<task>.+?) \| `(?P<file>[^`]+)`: `(?P<name>\w+)` \| `(?P<word>[^`]+)` \|$", re.M)
ROWS = [pytest.param(*match.group("file", "name", "word"), id=match["task"]) for match in ROW.finditer(PAGE)]
SEARCHED = ("dagvandebuurt", "templates", "static/js", "config.py")
MOST_FILES = 25  # a search that finds more finds nothing


@cache
def sources():
    return {
        str(path.relative_to(ROOT)): path.read_text()
        for name in SEARCHED
        for path in ([ROOT / name] if (ROOT / name).is_file() else sorted((ROOT / name).rglob("*")))
        if path.suffix in {".py", ".html", ".js"}
    }


def test_every_row_is_read():
    assert len(ROWS) == sum(line.startswith("| ") for line in PAGE.splitlines()) - 1  # its head
    assert len(ROWS) >= 20


@pytest.mark.parametrize(("file", "name", "word"), ROWS)
def test_the_file_is_there_holds_the_name_and_is_found(file, name, word):
    defines = re.compile(
        rf"^\s*(?:async )?(?:def|class|export class|export function|function|export const|const|let)? ?{name}\b",
        re.M,
    )
    found = [path for path, text in sources().items() if re.search(word, text, re.I)]

    assert defines.search(sources()[file]), f"{file} defines no {name}"
    assert file in found
    assert len(found) <= MOST_FILES, found
