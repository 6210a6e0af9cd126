"""ODS reader (LibreOffice): sheets as rows, like `xlsx_file`. Values only, within the same limits."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zipfile import ZipFile

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.programme.errors import TooMuchInFile
from dagvandebuurt.programme.exchange import limits
from dagvandebuurt.programme.exchange.grid import Row, Sheet, is_blank
from dagvandebuurt.programme.exchange.xml_file import Node
from dagvandebuurt.programme.exchange.zip_parts import Parts, broken, safely

_TIME = re.compile(r"^PT(\d{1,4})H(\d{1,2})M(\d{1,2})(?:[.,]\d+)?S$")
_GROUPS = frozenset({"table-row-group", "table-header-rows", "table-rows"})


def is_ods(content: bytes) -> bool:
    """Tell whether a zip is an OpenDocument spreadsheet."""
    return b"application/vnd.oasis.opendocument.spreadsheet" in content[:200]


def read_ods(
    content: bytes,
    breathe: Callable[[], None] = lambda: None,
    most_rows: int | None = None,
    *,
    cuts_wide: bool = False,
) -> list[Sheet]:
    """Read every sheet, with its non-empty rows. Raises as `read_file.read` does."""
    with safely(), ZipFile(io.BytesIO(content)) as book:
        root = Parts(book, breathe).part("content.xml")
        body = root.first("body")
        tables = body.first("spreadsheet") if body is not None else None
        if tables is None:
            raise broken()
        return [
            _sheet(table, most_rows or limits.MOST_SESSIONS, cuts_wide=cuts_wide)
            for table in tables.all("table")
        ]


def _sheet(table: Node, most_rows: int, *, cuts_wide: bool) -> Sheet:
    rows: dict[int, list[object]] = {}
    hidden: set[int] = set()
    spans: list[tuple[int, int, int, object]] = []  # column, width, last row, value
    line = 1
    for row in _rows(table):
        repeated = _count(row, "number-rows-repeated")
        cells, begun = _cells(row, line, cuts_wide=cuts_wide)
        spans = [span for span in [*spans, *begun] if span[2] >= line]
        if not all(map(is_blank, cells)):
            for place in range(line, line + min(repeated, most_rows + 2)):
                rows[place] = _under(cells, spans)
                if _attribute(row, "visibility") in ("collapse", "filter"):
                    hidden.add(place)
        if len(rows) > most_rows + 1:
            raise TooMuchInFile(_("Dit bestand heeft meer dan %(most)d regels.", most=most_rows))
        line += repeated
    found: list[Row] = sorted(rows.items())
    return Sheet(_attribute(table, "name"), found, hidden)


def _rows(node: Node) -> Iterator[Node]:
    for child in node.children:
        if child.name == "table-row":
            yield child
        elif child.name in _GROUPS:
            yield from _rows(child)


def _cells(
    row: Node, line: int, *, cuts_wide: bool
) -> tuple[list[object], list[tuple[int, int, int, object]]]:
    """Return the cells, and those that span rows, each with its last row."""
    cells: list[object] = []
    spans = []
    for cell in row.children:
        if cell.name not in ("table-cell", "covered-table-cell"):
            continue
        value, repeated = _value(cell), _count(cell, "number-columns-repeated")
        width, height = _count(cell, "number-columns-spanned"), _count(cell, "number-rows-spanned")
        if width * height > 1 and not is_blank(value):
            spans.append((len(cells), width, line + height - 1, value))
        room = limits.MOST_COLUMNS - len(cells)
        if not is_blank(value) and repeated > room and not cuts_wide:
            raise TooMuchInFile(
                _("Regel %(line)d heeft meer dan %(most)d kolommen.", line=line, most=limits.MOST_COLUMNS),
                line=line,
            )
        cells.extend([value] * max(0, min(repeated, room)))
    return cells, spans


def _under(cells: list[object], spans: list[tuple[int, int, int, object]]) -> list[object]:
    """Return the row with the values of cells that span it."""
    filled = list(cells)
    for first, width, _last, value in spans:
        last = min(first + width, limits.MOST_COLUMNS)
        filled.extend([""] * (last - len(filled)))
        for column in range(first, last):
            if is_blank(filled[column]):
                filled[column] = value
    return filled


def _value(cell: Node) -> object:
    kind = _attribute(cell, "value-type")
    if kind == "date":
        return _moment(_attribute(cell, "date-value"))
    if kind == "time":
        return _time(_attribute(cell, "time-value"))
    text = "\n".join(each.whole() for each in cell.all("p"))
    if len(text) > limits.MOST_CHARS_IN_A_CELL:
        raise TooMuchInFile(
            _("Er staat een tekst in van meer dan %(most)d tekens.", most=limits.MOST_CHARS_IN_A_CELL)
        )
    if kind in ("float", "percentage", "currency") and not text.startswith("#"):
        return _attribute(cell, "value") or text
    return text


def _moment(said: str) -> object:
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        return said


def _time(said: str) -> object:
    match = _TIME.match(said)
    if match is None:
        return said
    lasts = timedelta(hours=int(match[1]), minutes=int(match[2]), seconds=int(match[3]))
    return (datetime.min + lasts).time() if lasts < timedelta(days=1) else lasts  # noqa: DTZ901 - only a time


def _attribute(node: Node, name: str) -> str:
    return next((value for key, value in node.attributes.items() if key.rpartition("}")[2] == name), "")


def _count(node: Node, name: str) -> int:
    said = _attribute(node, name)
    return int(said) if said.isascii() and said.isdigit() and 0 < len(said) < 8 and int(said) else 1
