"""Grids of cells from any spreadsheet program, with the row numbers that people see.

Shared by every import of a table. Column meanings are up to the caller, who passes the known headings.
"""

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from dagvandebuurt.core.text import folded

Row = tuple[int, list[object]]
Known = Callable[[object], str | None]

MOST_ROWS_ABOVE = 25  # titles, dates and remarks above the headings
DELIMITERS = ";\t,|"
NO_RESULT = "#FORMULE"  # a formula cell without a cached value
_ERROR = re.compile(
    r"^#(N/B|N/A|NB|VERW!|REF!|WAARDE!|VALUE!|NAAM\?|NAME\?|DEEL/0!|DIV/0!|LEEG!|NULL!|GETAL!|NUM!|OVERLOOP!|SPILL!|"
    r"CALC!|FORMULE|ERROR!)$", re.IGNORECASE
)  # fmt: skip


@dataclass
class Sheet:
    """Sheet; of a CSV the only one, without a name. `hidden` are rows hidden by a filter or by hand."""

    name: str
    rows: list[Row]
    hidden: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Headings:
    """Column names (None for an unknown one), and the rows under them."""

    line: int
    names: list[str | None]
    cells: list[object]
    rows: list[Row]
    above: list[Row]


def heading_forms(said: str) -> list[str]:
    """Return the normal forms of a heading: letters and digits only, and without an explanation (`Begin
    (uu:mm)`, `Titel *`).
    """
    forms = (said, re.split(r"[(\[\n*:]", said.strip("\n *"), maxsplit=1)[0])
    return ["".join(ch for ch in folded(each) if ch.isalnum()) for each in forms]


def is_error(cell: object) -> bool:
    """Tell whether a cell holds a spreadsheet error (`#N/B`, `#REF!`)."""
    return isinstance(cell, str) and _ERROR.match(cell.strip()) is not None


def is_blank(cell: object) -> bool:
    return not str(cell if cell is not None else "").strip(" \t\r\n\u00a0\u202f\ufeff")


def headings_of(rows: Sequence[Row], known: Known, wanted: frozenset[str]) -> Headings | None:
    """Find the first row with every `wanted` heading, else the one with most known ones; None without any.
    The first of duplicate headings counts.
    """
    best, place = 0, -1
    for number, (_line, cells) in enumerate(rows[:MOST_ROWS_ABOVE]):
        found = {name for name in map(known, cells) if name is not None}
        score = 1_000 if wanted <= found else len(found)
        if score > best:
            best, place = score, number
        if best == 1_000:
            break
    if place < 0:
        return None
    line, cells = rows[place]
    names: list[str | None] = []
    for cell in cells:
        name = known(cell)
        names.append(name if name not in names else None)
    return Headings(line, names, cells, list(rows[place + 1 :]), list(rows[:place]))


def known_in(rows: Sequence[Row], known: Known) -> int:
    """Return the most known headings in any of the first rows."""
    return max(
        (len({name for name in map(known, cells) if name}) for _line, cells in rows[:MOST_ROWS_ABOVE]), default=0
    )  # fmt: skip


def unpacked(rows: list[Row], known: Known) -> list[Row]:
    """Split rows that are entirely in their first cell (a pasted CSV, or one quoted twice)."""
    filled = [[cell for cell in cells if not is_blank(cell)] for _line, cells in rows]
    if not rows or any(len(cells) > 1 for cells in filled[:MOST_ROWS_ABOVE]) or known_in(rows, known) > 1:
        return rows
    best = rows
    for delimiter in DELIMITERS:
        apart = [(line, _apart(cells, delimiter)) for line, cells in rows]
        if known_in(apart, known) > known_in(best, known):
            best = apart
    return best


def as_csv(sheet: Sheet) -> str:
    """Return the sheet as CSV, keeping row numbers."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    place = 1
    for line, cells in sheet.rows:
        out.write("\n" * (line - place))
        writer.writerow([shown(cell) for cell in cells])
        place = line + 1
    return out.getvalue()


def shown(cell: object) -> str:
    """Return a cell as people see it."""
    if isinstance(cell, datetime):
        return cell.strftime("%d-%m-%Y %H:%M")
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    return "" if cell is None else str(cell)


def _apart(cells: Sequence[object], delimiter: str) -> list[object]:
    text = str(next((cell for cell in cells if not is_blank(cell)), ""))
    return list(next(csv.reader([text], delimiter=delimiter), []))
