"""Spreadsheet export (CSV, XLSX) with protection against formula injection."""

import csv
import io
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import xlsxwriter

from dagvandebuurt.core.clock import local
from dagvandebuurt.core.errors import Busy
from dagvandebuurt.core.worker_pool import Breath

Cell = str | int | float | bool | date | datetime | None
_FORMULA = re.compile(r"^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_PHONE_OR_NUMBER = re.compile(r"^[+\-]?[0-9][0-9 ().,/\-]*$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
MOST_ROWS_HERE = 200  # a few tens of milliseconds
ROWS_AT_ONCE = 250  # rows written between two yields to the event loop
MOST_CHARS_IN_A_CELL = 32_767  # Excel's own limit
Meanings = Sequence[tuple[str, str]]  # column → what it holds
MEANING_HEADERS = ("Kolom", "Betekenis")


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write CSV as UTF-8 with BOM, `;`, every cell quoted, CRLF: what a Dutch spreadsheet opens correctly.

    A text that a spreadsheet would evaluate gets `'` in front (ASVS 1.2.10); a number with a plus, such as
    +31 6, is harmless and stays as it is.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_guarded(_text(header)) for header in headers])
    for row in Breath().over(rows):
        writer.writerow([_guarded(_text(cell)) for cell in row])
    return ("\ufeff" + out.getvalue()).encode("utf-8")


def xlsx_bytes(
    title: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]], meanings: Meanings = ()
) -> bytes:
    """Write a sheet with a frozen header, and one with the meaning of each column where `meanings` has them.

    Text is stored as text, whatever it begins with.

    A long one is written in a subprocess: a tenth of a millisecond per row of pure Python would block the
    event loop. Raises Busy when that process fails.
    """
    rows = list(Breath().over(rows))
    if len(rows) <= MOST_ROWS_HERE:
        return _xlsx(title, headers, rows, meanings)
    return _made_elsewhere(title, headers, rows, meanings)


def _made_elsewhere(
    title: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]], meanings: Meanings
) -> bytes:
    breath = Breath()
    with subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            with child.stdin:  # the child reads all of it before it answers
                pickle.dump((title, list(headers), list(meanings)), child.stdin)
                for start in range(0, len(rows), ROWS_AT_ONCE):
                    pickle.dump(rows[start : start + ROWS_AT_ONCE], child.stdin)
                    breath.take()
            made = child.stdout.read()
        except OSError:
            made = b""
    if child.returncode or not made:
        raise Busy
    return made


def _make_for_parent() -> None:
    """Run as the subprocess of `_made_elsewhere`: rows from stdin, a workbook to stdout."""
    with suppress(OSError):
        os.nice(10)
    title, headers, meanings = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent's
    rows: list[Sequence[Cell]] = []
    with suppress(EOFError):
        while True:
            rows += pickle.load(sys.stdin.buffer)  # noqa: S301
    sys.stdout.buffer.write(_xlsx(title, headers, rows, meanings))


def _xlsx(
    title: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]], meanings: Meanings = ()
) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    bold = book.add_format({"bold": True, "bottom": 1})
    moment = book.add_format({"num_format": "dd-mm-yyyy hh:mm"})
    day = book.add_format({"num_format": "dd-mm-yyyy"})
    formats = (bold, moment, day)
    _sheet(book, re.sub(r"[\[\]:*?/\\]", " ", title)[:31], headers, rows, formats)
    if meanings:
        _sheet(book, "Kolommen", MEANING_HEADERS, meanings, formats)
    book.close()
    return out.getvalue()


def _sheet(
    book: Any,
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    formats: tuple[Any, Any, Any],
) -> None:
    bold, moment, day = formats
    sheet = book.add_worksheet(title)
    widths = [len(header) for header in headers]
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            widths[column] = max(widths[column], min(len(str(cell or "")), 60))
            _write(sheet, number, column, cell, moment, day)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width + 2)
    sheet.freeze_panes(1, 0)


def _write(sheet: Any, row: int, column: int, cell: Cell, moment: Any, day: Any) -> None:
    if cell is None or cell == "":
        sheet.write_blank(row, column, None)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, local(cell).replace(tzinfo=None), moment)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    else:
        sheet.write_string(row, column, _CONTROL.sub("", cell)[:MOST_CHARS_IN_A_CELL])


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, datetime):
        return local(cell).strftime("%d-%m-%Y %H:%M")
    if isinstance(cell, date):
        return cell.strftime("%d-%m-%Y")
    return _CONTROL.sub("", str(cell))


def _guarded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) and not _PHONE_OR_NUMBER.match(text) else text


def unguarded(text: str) -> str:
    """Remove the `'` that protects against formula injection."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


if __name__ == "__main__":
    _make_for_parent()
