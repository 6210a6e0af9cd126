"""docs/glossary.md against the mapped classes, the stored enums, the blueprints and the addresses."""

import re
from pathlib import Path

from sqlalchemy import Enum

from dagvandebuurt.core.models import Base

PAGE = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text()


def terms(column):
    """Every word in backticks in this column of a table of three."""
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 3:
            yield from re.findall(r"`([^`]+)`", cells[column])


def stored():
    """Names of the mapped classes, and of the enums that a column stores."""
    for mapper in Base.registry.mappers:
        yield mapper.class_.__name__
        for column in mapper.local_table.columns:
            if isinstance(column.type, Enum) and column.type.enum_class:
                yield column.type.enum_class.__name__


def test_every_mapped_class_stored_enum_and_blueprint_is_explained_and_nothing_else(app):
    there, explained = set(stored()) | set(app.blueprints), set(terms(1))

    assert len(there) > 120
    assert (there - explained, explained - there) == (set(), set())


def test_every_address_is_explained_and_nothing_else(app):
    there = {"/" + rule.rule.split("/")[1] for rule in app.url_map.iter_rules()} - {"/"}

    assert there ^ set(terms(0)) == set()


def test_every_address_names_a_section_that_answers_it(app):
    answers = {
        ("/" + rule.rule.split("/")[1], rule.endpoint.partition(".")[0]) for rule in app.url_map.iter_rules()
    }
    named = [
        (address, cells[1])
        for line in PAGE.splitlines()
        if line.startswith("| `/") and (cells := [cell.strip() for cell in line.strip("|").split("|")])
        for address in re.findall(r"`([^`]+)`", cells[0])
    ]

    assert [pair for pair in named if pair not in answers and pair != ("/static", "*none*")] == []


def test_no_term_is_explained_twice_and_each_has_a_meaning():
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| on the")]
    names = list(terms(1))

    assert sorted(names) == sorted(set(names))
    assert [line for line in rows if not all(cell.strip() for cell in line.strip("|").split("|"))] == []
