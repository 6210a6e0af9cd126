import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from dagvandebuurt.core.spreadsheets import csv_bytes, xlsx_bytes

NASTY = ['Jan; "de Lange"', "twee\nregels", "👨‍👩‍👧", "0612345678", "+31 6 1234 5678", "-12", "O'Brien", "李"]
FORMULAS = ["=1+1", "@SUM(A1)", "+A1", "-cmd|' /C calc'!A0", "\t=1", "＝1+1"]


def read_csv(content):
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_csv_round_trips():
    content = csv_bytes(["Tekst"], [[text] for text in NASTY])

    assert read_csv(content) == [["Tekst"], *([text] for text in NASTY)]


@pytest.mark.parametrize("formula", FORMULAS)
def test_csv_cells_are_protected_against_formula_injection(formula):
    content = csv_bytes([formula], [[formula]])

    assert read_csv(content) == [[f"'{formula}"], [f"'{formula}"]]


def test_xlsx_round_trips():
    moment = datetime(2027, 1, 28, 12, 0, tzinfo=UTC)
    content = xlsx_bytes(
        "Lijst", ["Tekst", "Getal", "Moment", "Ja"], [[t, 7, moment, True] for t in NASTY + FORMULAS]
    )

    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))

    assert rows[0] == ("Tekst", "Getal", "Moment", "Ja")
    assert [row[0] for row in rows[1:]] == NASTY + FORMULAS
    assert {row[1:] for row in rows[1:]} == {(7, datetime(2027, 1, 28, 13, 0), True)}  # Amsterdam


def test_an_xlsx_holds_no_formula_and_no_link():
    content = xlsx_bytes("Lijst", ["Tekst"], [[text] for text in [*FORMULAS, "https://evil.example"]])

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist())
    assert b"<f>" not in everything
    assert b"hyperlink" not in everything


def test_one_poisoned_cell_does_not_break_the_file():
    content = xlsx_bytes("Lijst", ["Tekst"], [["goed"], ["ka\x0bpot"], ["ook goed"]])

    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert rows == [("Tekst",), ("goed",), ("kapot",), ("ook goed",)]
