"""CSV reader: rows of text, each with the row number that a spreadsheet shows."""

import csv
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.programme.errors import CannotBeRead, TooMuchInFile
from dagvandebuurt.programme.exchange import limits
from dagvandebuurt.programme.exchange.grid import DELIMITERS, MOST_ROWS_ABOVE, Known, Row, known_in

__all__ = ["Row", "read_csv"]
_SEP = re.compile(r'^"?sep=(\\t|.)"?[;,\t]*$', re.IGNORECASE)


def read_csv(
    text: str,
    breathe: Callable[[], None] = lambda: None,
    known: Known = lambda _cell: None,
    most_rows: int | None = None,
    *,
    cuts_wide: bool = False,
) -> list[Row]:
    """Read all rows that are not empty.

    The delimiter is that of `sep=`, or else the one that yields most `known` headings. A cell with line
    breaks is one row, an empty row is counted, a line `sep=;` is not. Raises CannotBeRead with the row of an
    unterminated quote, TooMuchInFile with the limit. `cuts_wide` leaves out the columns beyond the limit
    instead of refusing them.
    """
    lines = [line + "\n" for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    delimiter = _said_delimiter(lines)
    if delimiter is not None:
        lines = lines[1:]
    reader = csv.reader(iter(lines), delimiter=delimiter or _delimiter(lines, known), strict=True)
    rows: list[Row] = []
    most = most_rows or limits.MOST_SESSIONS
    for place, cells in _records(reader):
        if any(cell.strip() for cell in cells):
            if cuts_wide:
                del cells[limits.MOST_COLUMNS :]
            _check_width(cells, place)
            rows.append((place, list(cells)))
        if len(rows) > most + 1:
            raise TooMuchInFile(_("Dit bestand heeft meer dan %(most)d regels.", most=most))
        if len(rows) % 200 == 0:
            breathe()
    return rows


def _records(reader: Any) -> Iterator[tuple[int, list[str]]]:
    place = 0
    while True:
        place, begins = place + 1, reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as broken:
            if reader.line_num <= begins and "field larger" in str(broken):
                raise _long_cell(place) from None
            raise CannotBeRead(
                _('Op regel %(line)d gaat een " open die niet goed sluit.', line=place), line=place
            ) from None
        yield place, cells


def _check_width(cells: list[str], line: int) -> None:
    if len(cells) > limits.MOST_COLUMNS and any(cell.strip() for cell in cells[limits.MOST_COLUMNS :]):
        raise TooMuchInFile(
            _("Regel %(line)d heeft meer dan %(most)d kolommen.", line=line, most=limits.MOST_COLUMNS),
            line=line,
        )
    del cells[limits.MOST_COLUMNS :]
    if any(len(cell) > limits.MOST_CHARS_IN_A_CELL for cell in cells):
        raise _long_cell(line)


def _long_cell(line: int) -> TooMuchInFile:
    most = limits.MOST_CHARS_IN_A_CELL
    return TooMuchInFile(
        _("Op regel %(line)d staat een tekst van meer dan %(most)d tekens.", line=line, most=most), line=line
    )


def _said_delimiter(lines: list[str]) -> str | None:
    """Return the delimiter of Excel's own first line: `sep=;`."""
    match = _SEP.match(lines[0].lstrip("\ufeff").strip(" \n")) if lines else None
    if match is None:
        return None
    return "\t" if match[1] == "\\t" else match[1]


def _delimiter(lines: list[str], known: Known) -> str:
    """Guess the delimiter: the one that yields most known headings, else the most frequent in the first line."""
    first = next((line for line in lines if line.strip()), "")
    counted = {each: known_in(_first_rows(lines, each), known) for each in DELIMITERS}
    return max(DELIMITERS, key=lambda each: (counted[each], each != "|" and first.count(each)))


def _first_rows(lines: list[str], delimiter: str) -> list[Row]:
    try:
        reader = csv.reader(iter(lines[: MOST_ROWS_ABOVE * 4]), delimiter=delimiter)
        rows: list[Row] = [
            (place, list(cells)) for place, cells in enumerate(islice(reader, MOST_ROWS_ABOVE), 1)
        ]
    except csv.Error:
        return []
    return rows
