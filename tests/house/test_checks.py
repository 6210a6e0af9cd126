"""docs/checks.md against the tests: every named test exists, and every numbered test is listed."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "checks.md").read_text()
LEAST = {
    "A": 28,
    "B": 25,
    "C": 16,
    "D": 16,
    "E": 37,
    "F": 12,
    "I": 13,
    "J": 13,
    "K": 10,
    "L": 11,
    "M": 8,
    "O": 6,
}  # no list gets shorter
# A test names its check (`test_b12_…`) or has it in a comment (`# B12`).
IN_NAME = re.compile(r"_([a-fijkm]\d+)(?=_|$)")
BEHIND = re.compile(r"\b([A-FIJKM]\d{1,2})\b")


def rows():
    for line in PAGE.splitlines():
        if match := re.match(r"\| ([A-Z]\d+) \|", line):
            yield match[1], [cell.strip() for cell in line.strip("|").split("|")]


def numbered():
    """Every test function: (its id, its check numbers)."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        source = path.read_text()
        lines = source.splitlines()
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                head = "\n".join(lines[node.lineno - 1 : node.body[0].lineno - 1])
                behind = " ".join(re.findall(r"#(.*)", head))
                numbers = {n.upper() for n in IN_NAME.findall(node.name)} | set(BEHIND.findall(behind))
                yield f"{path.relative_to(ROOT)}::{node.name}", numbers


def test_every_check_has_one_row_and_no_number_is_left_out():
    found = [number for number, _ in rows()]
    most = {group: max(int(number[1:]) for number in found if number[0] == group) for group in LEAST}

    assert found == [f"{group}{number}" for group in LEAST for number in range(1, most[group] + 1)]
    assert {group: number for group, number in most.items() if number < LEAST[group]} == {}


def test_every_row_has_a_promise_and_a_test():
    for number, cells in rows():
        assert len(cells) == 4, number
        promise, shown = cells[1:3]
        assert promise.endswith("."), number
        assert "::" in shown or shown == "not yet" or shown.startswith("belongs to "), number


def test_every_test_on_the_page_exists():
    there = {name for name, _ in numbered()}
    named = set(re.findall(r"`(tests/[^`]+)`", PAGE))

    assert len(named) > 40
    assert named - there == set()


def test_every_numbered_test_is_in_its_row():
    row_of = {number: " ".join(cells[2:]) for number, cells in rows()}
    left_out = [
        (number, name)
        for name, numbers in numbered()
        for number in numbers
        if f"`{name}`" not in row_of[number]
    ]

    assert left_out == []
