"""XLSX reader: sheets as rows. Values only: no formula is evaluated, no link followed, nothing else opened.

An XLSX is a zip of XML: it is unpacked within limits (zip bomb), and its declared sizes are not trusted.
"""

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zipfile import ZipFile

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.programme.errors import TooMuchInFile
from dagvandebuurt.programme.exchange import limits
from dagvandebuurt.programme.exchange.grid import NO_RESULT, Sheet, is_blank
from dagvandebuurt.programme.exchange.xml_file import Node
from dagvandebuurt.programme.exchange.zip_parts import Parts, safely

_RANGE = re.compile(r"^([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})$")
MOST_MERGED_CELLS = 200_000
_CELL = re.compile(r"^([A-Z]{1,3})([0-9]{1,7})$")
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_FIRST_DAY = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - a wall clock


def read_xlsx(
    content: bytes,
    breathe: Callable[[], None] = lambda: None,
    most_rows: int | None = None,
    *,
    cuts_wide: bool = False,
) -> list[Sheet]:
    """Read every visible sheet, with its non-empty rows; a merged cell counts for all its rows. Raises as
    `read_file.read` does.
    """
    with safely(), ZipFile(io.BytesIO(content)) as book:
        return _Book(book, breathe).sheets(most_rows or limits.MOST_SESSIONS, cuts_wide=cuts_wide)


class _Book(Parts):
    def sheets(self, most_rows: int, *, cuts_wide: bool) -> list[Sheet]:
        self._most_rows, self._cuts_wide = most_rows, cuts_wide
        workbook = self.part("xl/workbook.xml")
        settings = workbook.first("workbookPr")
        self._since_1904 = settings is not None and settings.attributes.get("date1904") in ("1", "true")
        self._texts = [_rich_text(item) for item in self.optional("xl/sharedStrings.xml").all("si")]
        self._dates = _date_styles(self.optional("xl/styles.xml"))
        self._count = 0
        return [self._sheet(name, part) for name, part in self._shown_sheets(workbook)]

    def _sheet(self, name: str, part: str) -> Sheet:
        root = self.part(part)
        data, rows, hidden = root.first("sheetData"), {}, set()
        for place, row in enumerate(data.all("row") if data is not None else [], start=1):
            cells, line = self._cells(row), _number(row.attributes.get("r"), place)
            if not all(map(is_blank, cells)):
                rows[line] = cells
                self._count += 1
                if row.attributes.get("hidden") in ("1", "true"):
                    hidden.add(line)
            if self._count > self._most_rows + 1:
                raise TooMuchInFile(_("Dit bestand heeft meer dan %(most)d regels.", most=self._most_rows))
        merged = root.first("mergeCells")
        _spread(rows, [each.attributes.get("ref", "") for each in merged.all("mergeCell")] if merged else [])
        return Sheet(name, sorted(rows.items()), hidden)

    def _shown_sheets(self, workbook: Node) -> list[tuple[str, str]]:
        """Return name and part of each visible sheet. Parts outside the file are ignored (path traversal)."""
        parts = {}
        for link in self.optional("xl/_rels/workbook.xml.rels").all("Relationship"):
            target = link.attributes.get("Target", "")
            if link.attributes.get("TargetMode") != "External":
                part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                parts[link.attributes.get("Id")] = part
        listed = workbook.first("sheets")
        found = [
            (each.attributes.get("name", ""), parts.get(_attribute(each, "id"), ""))
            for each in (listed.all("sheet") if listed is not None else [])
            if each.attributes.get("state", "visible") == "visible"
        ]
        there = [(name, part) for name, part in found if part in self.members and "/worksheets/" in part]
        return there or [("", "xl/worksheets/sheet1.xml")]

    def _cells(self, row: Node) -> list[object]:
        cells: list[object] = []
        for cell in row.all("c"):
            column = _column(cell.attributes.get("r"), len(cells))
            if column >= limits.MOST_COLUMNS:
                value = self._value(cell)
                if value == "" or self._cuts_wide:
                    continue  # a formatted but empty cell far to the right
                line = _number(row.attributes.get("r"), 0)
                raise TooMuchInFile(
                    _(
                        "Regel %(line)d heeft meer dan %(most)d kolommen.",
                        line=line,
                        most=limits.MOST_COLUMNS,
                    ),
                    line=line,
                )
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = self._value(cell)
        return cells

    def _value(self, cell: Node) -> object:
        kind, style = cell.attributes.get("t", "n"), _number(cell.attributes.get("s"), 0)
        if kind == "inlineStr":
            inline = cell.first("is")
            return _rich_text(inline) if inline is not None else ""
        held = cell.first("v")
        said = held.text.strip() if held is not None else ""
        if kind == "s":
            place = _number(said, -1)
            return self._texts[place] if 0 <= place < len(self._texts) else ""
        if kind in ("str", "d"):
            return held.text if held is not None else NO_RESULT if cell.first("f") is not None else ""
        if kind == "b":
            return "ja" if said == "1" else "nee"
        if kind == "e":
            return said or NO_RESULT
        if not said:
            return NO_RESULT if cell.first("f") is not None else ""
        return self._number_or_moment(said, style in self._dates)

    def _number_or_moment(self, said: str, is_moment: bool) -> object:
        try:
            number = float(said)
            if is_moment:
                return self._moment(number)
            return str(int(number)) if number == int(number) and abs(number) < 1e15 else said
        except (ValueError, OverflowError):
            return said[:100]

    def _moment(self, number: float) -> object:
        """Convert a serial number: a fraction of a day is a time, other values a local timestamp."""
        rounded = timedelta(seconds=round(number * 86_400))
        if 0 <= number < 1:
            return (_FIRST_DAY[False] + rounded).time()
        return _FIRST_DAY[self._since_1904] + rounded


def _spread(rows: dict[int, list[object]], ranges: list[str]) -> None:
    """Copy the value of a merged cell to its rows. A row with nothing else stays empty."""
    left = MOST_MERGED_CELLS
    for each in ranges:
        match = _RANGE.match(each)
        if match is None or int(match[2]) not in rows:
            continue
        first, last = _column(match[1] + "1", 0), min(_column(match[3] + "1", 0), limits.MOST_COLUMNS - 1)
        top = int(match[2])
        value = rows[top][first] if first < len(rows[top]) else ""
        below = [line for line in rows if top <= line <= int(match[4])]
        left -= len(below) * max(0, last - first + 1)
        if left < 0:
            raise TooMuchInFile(_("Dit Excel-bestand heeft te veel samengevoegde cellen."))
        for line in below:
            cells = rows[line]
            cells.extend([""] * (last + 1 - len(cells)))
            for column in range(first, last + 1):
                if is_blank(cells[column]):
                    cells[column] = value


def _rich_text(item: Node) -> str:
    """Return the text of rich text runs, without phonetic hints."""
    own = "".join(piece.text for piece in item.all("t"))
    text = own + "".join(piece.text for run in item.all("r") for piece in run.all("t"))
    if len(text) > limits.MOST_CHARS_IN_A_CELL:
        raise TooMuchInFile(
            _("Er staat een tekst in van meer dan %(most)d tekens.", most=limits.MOST_CHARS_IN_A_CELL)
        )
    return _unescaped(text)


def _unescaped(text: str) -> str:
    """Replace Excel's escapes of line breaks: `_x000D_`."""
    return text.replace("_x000D_", "")


def _date_styles(styles: Node) -> set[int]:
    """Return the numbers of the cell styles that show a date or a time."""
    own = styles.first("numFmts")
    dates = set(_DATE_FORMATS)
    for each in own.all("numFmt") if own is not None else []:
        code = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", each.attributes.get("formatCode", "")).casefold()
        if re.search(r"[ymdhs]", code) and "general" not in code:
            dates.add(_number(each.attributes.get("numFmtId"), -1))
    formats = styles.first("cellXfs")
    return {
        place
        for place, each in enumerate(formats.all("xf") if formats is not None else [])
        if _number(each.attributes.get("numFmtId"), 0) in dates
    }


def _attribute(node: Node, name: str) -> str:
    """Return an attribute by local name: `r:id` as well as `id`."""
    return next((value for key, value in node.attributes.items() if key.rpartition("}")[2] == name), "")


def _column(reference: str | None, otherwise: int) -> int:
    match = _CELL.match(reference or "")
    if match is None:
        return otherwise
    place = 0
    for letter in match[1]:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _number(text: Any, otherwise: int) -> int:
    said = str(text or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else otherwise
