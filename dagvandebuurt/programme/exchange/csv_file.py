"""CSV as rows of text, each with the line on which it begins."""

import csv
from collections.abc import Callable, Iterator
from typing import Any

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.programme.errors import CannotBeRead, TooMuchInFile
from dagvandebuurt.programme.exchange import limits

Row = tuple[int, list[object]]


def read_csv(text: str, breathe: Callable[[], None] = lambda: None) -> list[Row]:
    """Every row that says something. Raises CannotBeRead with the line where a quote was opened and never
    closed, TooMuchInFile with the limit."""
    lines = [line + "\n" for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    reader = csv.reader(iter(lines), delimiter=_delimiter(lines), strict=True)
    rows: list[Row] = []
    for begins, cells in _records(reader):
        if any(cell.strip() for cell in cells):
            _check_width(cells, begins)
            rows.append((begins, list(cells)))
        if len(rows) > limits.MOST_SESSIONS + 1:
            raise TooMuchInFile(_("Dit bestand heeft meer dan %(most)d regels.", most=limits.MOST_SESSIONS))
        if len(rows) % 200 == 0:
            breathe()
    return rows


def _records(reader: Any) -> Iterator[tuple[int, list[str]]]:
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as broken:
            if reader.line_num <= begins and "field larger" in str(broken):
                raise _long_cell(begins) from None
            raise CannotBeRead(
                _('Op regel %(line)d gaat een " open die niet goed sluit.', line=begins), line=begins
            ) from None
        yield begins, cells


def _check_width(cells: list[str], line: int) -> None:
    if len(cells) > limits.MOST_COLUMNS:
        raise TooMuchInFile(
            _("Regel %(line)d heeft meer dan %(most)d kolommen.", line=line, most=limits.MOST_COLUMNS),
            line=line,
        )
    if any(len(cell) > limits.MOST_CHARS_IN_A_CELL for cell in cells):
        raise _long_cell(line)


def _long_cell(line: int) -> TooMuchInFile:
    most = limits.MOST_CHARS_IN_A_CELL
    return TooMuchInFile(
        _("Op regel %(line)d staat een tekst van meer dan %(most)d tekens.", line=line, most=most), line=line
    )


def _delimiter(lines: list[str]) -> str:
    """What stands most in the headings: `;`, tab or comma."""
    first = next((line for line in lines if line.strip()), "")
    return max(";\t,", key=first.count)
