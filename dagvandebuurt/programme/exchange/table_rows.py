"""Row selection of a table: the rows that are sessions, on every sheet with headings.

Skips rows for human readers only: titles, days between the rows, totals, repeated headings.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.spreadsheets import unguarded
from dagvandebuurt.core.text import folded
from dagvandebuurt.programme.errors import AnotherKindOfFile
from dagvandebuurt.programme.exchange import notations
from dagvandebuurt.programme.exchange.columns import BY_NAME, name_of, unit_of
from dagvandebuurt.programme.exchange.grid import (
    NO_RESULT,
    Headings,
    Row,
    Sheet,
    headings_of,
    is_blank,
    is_error,
    unpacked,
)
from dagvandebuurt.programme.exchange.repairs import Findings

EXPLANATION = ("Kolom", "Wat zet je hier?", "Mag ook zo heten")
NEEDED = ("title", "date", "start")
_WANTED = frozenset({"title", "start"})
_TOTAL = re.compile(r"^(sub)?(totaal|total)\b|^aantal (sessies|rijen)\b")


@dataclass(frozen=True)
class TableRow:
    """Row of a table by column name. `day` is the day above it, where it has none of its own; `unit` is the
    unit of a bare number in Duur.
    """

    line: int
    cells: dict[str, Any]
    sheet: str = ""
    day: date | None = None
    unit: str = "min"


def rows_of_sessions(sheets: list[Sheet], findings: Findings, near: date | None) -> list[TableRow]:
    """Return the rows that are sessions. Raises AnotherKindOfFile, naming the missing headings, where no
    sheet has them.
    """
    found, most = [], None
    sheets = [sheet for sheet in sheets if not _is_explanation(sheet)]
    for sheet in sheets:
        headings = headings_of(unpacked(sheet.rows, name_of), name_of, _WANTED)
        if headings is not None and set(headings.names) >= _WANTED:
            found.append((sheet, headings))
        elif headings is not None and (most is None or _known(headings) > _known(most)):
            most = headings
    if not found:
        raise _without_headings(sheets, most)
    told = [row for sheet, headings in found for row in _rows(sheet, headings, findings, near)]
    if len(sheets) > 1:
        _tell_of_sheets(sheets, [sheet.name for sheet, _headings in found], findings)
    has_days = any("date" in headings.names for _sheet, headings in found)
    if told and not has_days and not any(_has_day(row, near) for row in told):
        raise AnotherKindOfFile(_("In de kop mist de kolom %(columns)s.", columns=BY_NAME["date"].heading))
    return _without_repeats(told, findings)


def _has_day(row: TableRow, near: date | None) -> bool:
    begin = row.cells.get("start")
    return row.day is not None or isinstance(begin, date) or notations.day_and_rest(begin, near) is not None


def _is_explanation(sheet: Sheet) -> bool:
    """Tell whether it is the second sheet of our own template."""
    return bool(sheet.rows) and [str(cell) for cell in sheet.rows[0][1]][: len(EXPLANATION)] == list(
        EXPLANATION
    )


def _known(headings: Headings) -> int:
    return sum(name is not None for name in headings.names)


def _without_headings(sheets: list[Sheet], most: Headings | None) -> AnotherKindOfFile:
    if not any(sheet.rows for sheet in sheets):
        return AnotherKindOfFile(_("In deze tabel staat niets."))
    if most is None or _known(most) < 2:
        return AnotherKindOfFile(
            _("In de eerste regels missen de kolommen Titel, Datum en Begin. Gebruik de voorbeeldtabel.")
        )
    missing = [BY_NAME[name].heading for name in NEEDED if name not in most.names]
    return AnotherKindOfFile(_("In de kop mist de kolom %(columns)s.", columns=", ".join(missing)))


def _tell_of_sheets(sheets: list[Sheet], read: list[str], findings: Findings) -> None:
    for sheet in sheets:
        if sheet.name not in read and sheet.rows:
            findings.repaired(sheet.rows[0][0], "blad zonder onze kolommen", sheet.name, "niet gelezen")
    if len(read) > 1:
        findings.repaired(1, "meer dan één blad", ", ".join(read), "allemaal gelezen")


def _rows(sheet: Sheet, headings: Headings, findings: Findings, near: date | None) -> Iterator[TableRow]:
    findings.sheet, findings.title = sheet.name, ""
    _tell_of_columns(headings, findings)
    day = _day_above(headings.above, near)
    unit = next((unit_of(cell) for cell in headings.cells if name_of(cell) == "duration"), "min")
    for line, cells in headings.rows:
        said = _lone_day(cells, near)
        if said is not None:
            day = said
            continue
        found = {
            name: _plain(cell) for name, cell in zip(headings.names, cells, strict=False) if name is not None
        }
        if all(map(is_blank, found.values())) or _is_headings(cells, headings):
            continue
        if _is_total(found):
            findings.repaired(line, "rij met een totaal", found["title"], "geen sessie")
            continue
        if line in sheet.hidden:
            findings.repaired(line, "verborgen rij", found.get("title"), "toch gelezen")
        yield TableRow(line, _without_errors(found, line, findings), sheet.name, day, unit)


def _plain(cell: Any) -> Any:
    return unguarded(cell) if isinstance(cell, str) else cell


def _tell_of_columns(headings: Headings, findings: Findings) -> None:
    for name, cell in zip(headings.names, headings.cells, strict=True):
        if name is None and not is_blank(cell):
            findings.repaired(headings.line, "kolom", cell, "niet gelezen")


def _day_above(above: list[Row], near: date | None) -> date | None:
    """Return the day in a title above the headings, where there is exactly one."""
    days = {day for _line, cells in above if (day := _lone_day(cells, near)) is not None}
    return days.pop() if len(days) == 1 else None


def _lone_day(cells: list[Any], near: date | None) -> date | None:
    """Return the day in a row with nothing else: `donderdag 28 januari 2027`."""
    said = {notations.tidy(cell) for cell in cells if not is_blank(cell)}
    if len(said) != 1:
        return None
    text = said.pop()
    named = re.sub(r"^(dag|day) ?\d*\s*[:,-]?\s*", "", text, flags=re.IGNORECASE)
    found = None if text.isdigit() else notations.day(named or text, near)
    return found.date if found is not None else None


def _is_headings(cells: list[Any], headings: Headings) -> bool:
    """Tell whether the row repeats the headings, as on the second printed page."""
    place = headings.names.index("title")
    if place >= len(cells) or name_of(cells[place]) != "title":
        return False
    again = sum(
        name is not None and name_of(cell) == name for name, cell in zip(headings.names, cells, strict=False)
    )
    return again > 1 and again >= _known(headings) - 1


def _is_total(found: dict[str, Any]) -> bool:
    title = folded(notations.tidy(found.get("title")))
    return _TOTAL.search(title) is not None and is_blank(found.get("start"))


def _without_errors(found: dict[str, Any], line: int, findings: Findings) -> dict[str, Any]:
    """Drop cells with `#N/B` and its kind: an error in a required column, else reported and read as empty."""
    findings.title = notations.tidy(found.get("title")) if not is_error(found.get("title")) else ""
    kept = dict(found)
    for name, cell in found.items():
        if not is_error(cell):
            continue
        kept[name] = ""
        heading = BY_NAME[name].heading
        if cell == NO_RESULT:
            findings.failed(line, f"formule zonder uitkomst in {heading}: bewaar het bestand in Excel", cell)
        elif name in NEEDED:
            findings.failed(line, f"foutwaarde in {heading}", cell, good=BY_NAME[name].example)
        else:
            findings.repaired(line, f"foutwaarde in {heading}", cell, "niet gelezen")
    return kept


def _without_repeats(told: list[TableRow], findings: Findings) -> list[TableRow]:
    """Drop rows that are identical (a cell merged over both, a copied sheet)."""
    seen: dict[tuple[Any, ...], TableRow] = {}
    for row in told:
        if is_blank(row.cells.get("title")):
            seen[row.line, row.sheet] = row
            continue
        key = tuple(sorted((name, str(cell)) for name, cell in row.cells.items() if not is_blank(cell)))
        first = seen.setdefault((row.day, key), row)
        if first is not row:
            findings.sheet, findings.title = row.sheet, notations.tidy(row.cells.get("title"))
            findings.repaired(row.line, f"precies dezelfde rij als rij {first.line}", "", "niet gelezen")
    return list(seen.values())
