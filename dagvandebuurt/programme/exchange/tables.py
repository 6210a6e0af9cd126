"""Programme as a table, CSV and XLSX alike: one row per session, in self-explanatory columns."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from dagvandebuurt.core.spreadsheets import Cell, unguarded
from dagvandebuurt.core.text import folded
from dagvandebuurt.programme.editing.snapshot import Plan
from dagvandebuurt.programme.exchange import parse
from dagvandebuurt.programme.exchange.columns import (
    ACCESS_WORDS,
    BY_NAME,
    CANCELLED_WORDS,
    COLUMNS,
    DOMAIN_WORDS,
    INVOLVEMENT_WORDS,
    STATUS_WORDS,
    backwards,
)
from dagvandebuurt.programme.exchange.document import Beat, Document, ParsedSession, counted
from dagvandebuurt.programme.exchange.grid import Sheet, shown
from dagvandebuurt.programme.exchange.repairs import Findings
from dagvandebuurt.programme.exchange.table_rows import TableRow, rows_of_sessions
from dagvandebuurt.programme.exchange.table_times import when_of
from dagvandebuurt.programme.models import SessionStatus

EXAMPLE = "voorbeeld"  # a row with this number explains the template and is not a session


def read_table(
    form: str, sheets: list[Sheet], findings: Findings, beat: Beat, near: date | None = None
) -> Document:
    """Parse a table. `near` is the likely date, for dates without a year.

    Raises AnotherKindOfFile where no sheet has our headings.
    """
    document = Document(form, mirror, findings=findings, source="tabel")
    rows = rows_of_sessions(sheets, findings, near)
    with counted(beat, len(rows)) as one:
        for told in rows:
            said = _said(told, findings, near)
            if said is not None:
                document.sessions.append(said)
            one()
    findings.sheet = findings.title = ""
    _refuse_doubles(document)
    return document


def _said(told: TableRow, findings: Findings, near: date | None) -> ParsedSession | None:
    cells, line = dict(told.cells), told.line
    guid = parse.line_of(shown(cells.pop("guid", "")), 80)
    if guid.casefold() == EXAMPLE:
        return None
    title = parse.line_of(shown(cells.get("title")), 10_000)
    findings.sheet, findings.title = told.sheet, title
    if not title:
        findings.failed(line, "rij zonder titel", good=BY_NAME["title"].example)
        return None
    when = when_of(told, findings, near)
    if when is None:
        return None
    values: dict[str, Any] = {"starts_at": when.begins.astimezone(UTC), "ends_at": when.ends.astimezone(UTC)}
    for name, cell in cells.items():
        read = _READ.get(name)
        if read is not None:
            value = read(cell, line, findings)
            if value is not None:
                values[name] = value
    slug = values.pop("slug", "")
    return ParsedSession(line, values, guid=guid, slug=slug, sheet=told.sheet, is_guessed=when.is_guessed)


def _line(most: int, label: str) -> Callable[[Any, int, Findings], str]:
    def read(cell: Any, line: int, findings: Findings) -> str:
        whole, short = parse.line_of(shown(cell), 100_000), parse.line_of(shown(cell), most)
        if whole != short:
            findings.repaired(line, f"{label} van meer dan {most} tekens", whole, short)
        return short

    return read


def _long(cell: Any, _line: int, _findings: Findings) -> str:
    return parse.text_of(shown(cell))


def _list(cell: Any, _line: int, _findings: Findings) -> list[str]:
    parts = shown(cell).replace("\n", ";").split(";")
    return list(dict.fromkeys(name for name in (parse.line_of(part, 100) for part in parts) if name))


def _names(cell: Any, line: int, findings: Findings) -> list[str]:
    """Split names at `;`. A comma may be part of one, so it is only reported."""
    found = _list(cell, line, findings)
    for name in found:
        if re.search(r",|/| en | and | & ", name):
            findings.repaired(line, "misschien meer dan één naam", name, "één naam: zet ; tussen twee namen")
    return found


def _one_of(
    words: dict[Any, str], label: str, others: Mapping[str, Any] = MappingProxyType({})
) -> Callable[[Any, int, Findings], Any]:
    known = backwards(words) | dict(others)

    def read(cell: Any, line: int, findings: Findings) -> Any:
        said = folded(parse.line_of(shown(cell), 200))
        if said and said not in known:
            findings.repaired(line, label, shown(cell), "niet gelezen")
        return known.get(said)

    return read


def _some_of(words: dict[Any, str], label: str) -> Callable[[Any, int, Findings], Any]:
    known = backwards(words)

    def read(cell: Any, line: int, findings: Findings) -> list[Any]:
        said = [part.strip() for part in shown(cell).replace(",", ";").split(";") if part.strip()]
        for part in said:
            if folded(part) not in known:
                findings.repaired(line, label, part, "niet gelezen")
        return list(dict.fromkeys(known[folded(part)] for part in said if folded(part) in known))

    return read


def _languages(cell: Any, _line: int, _findings: Findings) -> list[str]:
    return parse.languages_of(shown(cell))


def _interpreters(cell: Any, _line: int, _findings: Findings) -> list[str]:
    return parse.languages_of(shown(cell)) if shown(cell).strip() else []


def _places(cell: Any, line: int, findings: Findings) -> int | str | None:
    said = shown(cell).strip()
    if not said:
        return ""
    match = re.match(
        r"^(\d{1,6})(?:[.,]0+)?(?: ?(?:personen|mensen|plekken|plaatsen|deelnemers|p))?$", said, re.ASCII
    )
    if match is not None and 1 <= int(match[1]) <= 100_000:
        return int(match[1])
    findings.repaired(line, "Plekken", said, "niet gelezen")
    return None


def _address(cell: Any, line: int, findings: Findings) -> str | None:
    said = shown(cell).strip()
    if not said:
        return ""
    found = parse.address_of(said)
    if found is None or len(found) > 300:
        findings.repaired(line, "Videoadres", said, "niet gelezen")
        return None
    return found


def _level(cell: Any, _line: int, _findings: Findings) -> str | None:
    said = shown(cell).strip().upper()
    return said if said in ("A1", "A2", "B1", "B2", "C1", "C2") else None


_STATES = dict.fromkeys(CANCELLED_WORDS, SessionStatus.CANCELLED) | {
    "ja": SessionStatus.SCHEDULED, "definitief": SessionStatus.SCHEDULED, "bevestigd": SessionStatus.SCHEDULED,
    "confirmed": SessionStatus.SCHEDULED,
}  # fmt: skip
_READ: dict[str, Callable[[Any, int, Findings], Any]] = {
    "title": _line(160, "Titel"), "subtitle": _line(200, "Ondertitel"), "round": _line(80, "Ronde"),
    "room": _line(120, "Zaal"), "kind": lambda cell, _l, _f: parse.kind_of(shown(cell)),
    "themes": _list, "people": _names, "hosts": _names, "summary": _long, "abstract": _long,
    "languages": _languages, "language_level": _level, "capacity": _places,
    "involvement": _one_of(INVOLVEMENT_WORDS, "Belofte"), "domains": _some_of(DOMAIN_WORDS, "Werkvelden"),
    "access": _some_of(ACCESS_WORDS, "Toegankelijkheid"), "interpreters": _interpreters, "ask_ahead": _long,
    "stage_url": _address, "status": _one_of(STATUS_WORDS, "Status", _STATES), "slug": _line(80, "Adres"),
}  # fmt: skip


def _refuse_doubles(document: Document) -> None:
    """Report two rows with the same session as an error: only people know which is right."""
    seen: dict[str, tuple[str, int]] = {}
    for said in document.sessions:
        if said.guid:
            sheet, first = seen.setdefault(said.guid.casefold(), (said.sheet, said.line))
            if (sheet, first) != (said.sheet, said.line):
                document.findings.sheet, document.findings.title = said.sheet, said.values["title"]
                document.findings.failed(said.line, f"hetzelfde Nummer als op rij {first}", said.guid)


def _plain(cell: Any) -> Any:
    return unguarded(cell) if isinstance(cell, str) else cell


def row_of(plan: Plan, session_id: UUID) -> list[Cell]:
    session = plan.sessions[session_id]
    return [str(session_id) if column.name == "guid" else column.write(plan, session) for column in COLUMNS]


def headings() -> list[str]:
    return [column.heading for column in COLUMNS]


def rows_of(plan: Plan) -> list[list[Cell]]:
    """Return every session in the order of the day."""
    in_order = sorted(plan.sessions.items(), key=lambda each: (each[1].starts_at, each[1].title, each[0]))
    return [row_of(plan, session_id) for session_id, _session in in_order]


def mirror(plan: Plan, session_id: UUID) -> dict[str, Any]:
    """Return what a table would say of an existing session."""
    cells = dict(zip((column.name for column in COLUMNS), row_of(plan, session_id), strict=True))
    said = _said(TableRow(0, {name: _plain(cell) for name, cell in cells.items()}), Findings(), None)
    assert said is not None
    return said.values | {"slug": said.slug}


def example_row() -> list[Cell]:
    return [EXAMPLE if column.name == "guid" else column.example for column in COLUMNS]
