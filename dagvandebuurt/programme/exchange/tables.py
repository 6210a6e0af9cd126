"""A programme as a table: one row a session, in columns that explain themselves. CSV and XLSX alike."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from dagvandebuurt.core.clock import AMSTERDAM
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.spreadsheets import Cell, unguarded
from dagvandebuurt.core.text import folded
from dagvandebuurt.programme.errors import AnotherKindOfFile
from dagvandebuurt.programme.exchange import meaning
from dagvandebuurt.programme.exchange.columns import (
    ACCESS_WORDS,
    COLUMNS,
    DOMAIN_WORDS,
    INVOLVEMENT_WORDS,
    STATUS_WORDS,
    backwards,
    column_of,
)
from dagvandebuurt.programme.exchange.csv_file import Row
from dagvandebuurt.programme.exchange.document import Beat, Document, Said, counted
from dagvandebuurt.programme.exchange.repairs import Findings
from dagvandebuurt.programme.plan import Plan

EXAMPLE = "voorbeeld"  # a row whose number is this explains the template and is no session


def read_table(form: str, rows: list[Row], findings: Findings, beat: Beat) -> Document:
    """What a table says. Raises AnotherKindOfFile where its first row holds no headings of ours."""
    document = Document(form, mirror, findings=findings, source="tabel")
    if not rows:
        raise AnotherKindOfFile(_("In deze tabel staat niets."))
    columns = _columns(rows[0], findings)
    with counted(beat, len(rows) - 1) as one:
        for line, cells in rows[1:]:
            found = {name: cell for name, cell in zip(columns, cells, strict=False) if name is not None}
            said = _said(found, line, findings)
            if said is not None:
                document.sessions.append(said)
            one()
    _refuse_doubles(document)
    return document


def _columns(row: Row, findings: Findings) -> list[str | None]:
    line, headings = row
    found: list[str | None] = []
    for heading in headings:
        column = column_of(_unguarded(heading))
        name = column.name if column is not None and column.name not in found else None
        if name is None and str(heading).strip():
            findings.repaired(line, "kolom", heading, "niet gelezen")
        found.append(name)
    if not {"title", "date", "start"} <= set(found):
        raise AnotherKindOfFile(
            _("In de eerste regel missen de kolommen Titel, Datum en Begin. Gebruik de voorbeeldtabel.")
        )
    return found


def _unguarded(cell: Any) -> Any:
    return unguarded(cell) if isinstance(cell, str) else cell


def _said(found: dict[str, Any], line: int, findings: Findings) -> Said | None:
    cells = {name: _unguarded(cell) for name, cell in found.items()}
    guid = meaning.line_of(_text(cells.pop("guid", "")), 80)
    if guid.casefold() == EXAMPLE:
        return None
    title = meaning.line_of(_text(cells.get("title")), 10_000)
    if not title:
        findings.failed(line, "rij zonder titel")
        return None
    when = _when(cells, line, findings)
    if when is None:
        return None
    values: dict[str, Any] = {"starts_at": when[0].astimezone(UTC), "ends_at": when[1].astimezone(UTC)}
    for name, cell in cells.items():
        read = _READ.get(name)
        if read is not None:
            value = read(cell, line, findings)
            if value is not None:
                values[name] = value
    return Said(line, values, guid=guid, slug=values.pop("slug", ""))


def _when(cells: dict[str, Any], line: int, findings: Findings) -> tuple[datetime, datetime] | None:
    date, start = meaning.day(cells.get("date")), meaning.clock_time(cells.get("start"))
    if date is None or start is None:
        name = "Datum" if date is None else "Begin"
        findings.failed(
            line, f"{name} is niet te lezen", _text(cells.get("date" if date is None else "start"))
        )
        return None
    begins = meaning.placed(datetime.combine(date, start[0], start[1]), AMSTERDAM, line, findings)
    end, lasts = meaning.clock_time(cells.get("end")), meaning.length(cells.get("duration"))
    if end is None and lasts is None:
        findings.repaired(
            line, "einde", _text(cells.get("end")), f"{meaning.A_WHILE.seconds // 60} minuten na het begin"
        )
        lasts = meaning.A_WHILE
    if end is None:
        assert lasts is not None
        return begins, begins + lasts
    ends = datetime.combine(date, end[0], end[1])
    if ends.replace(tzinfo=None) <= datetime.combine(date, start[0]) and not (end[1] and start[1]):
        ends += timedelta(days=1)  # past midnight
    return begins, meaning.placed(ends, AMSTERDAM, line, findings)


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.strftime("%d-%m-%Y %H:%M")
    return "" if cell is None else str(cell)


def _line(most: int, label: str) -> Callable[[Any, int, Findings], str]:
    def read(cell: Any, line: int, findings: Findings) -> str:
        whole, short = meaning.line_of(_text(cell), 100_000), meaning.line_of(_text(cell), most)
        if whole != short:
            findings.repaired(line, f"{label} van meer dan {most} tekens", whole, short)
        return short

    return read


def _long(cell: Any, _line: int, _findings: Findings) -> str:
    return meaning.text_of(_text(cell))


def _list(cell: Any, _line: int, _findings: Findings) -> list[str]:
    parts = _text(cell).replace("\n", ";").split(";")
    return list(dict.fromkeys(name for name in (meaning.line_of(part, 100) for part in parts) if name))


def _one_of(words: dict[Any, str], label: str) -> Callable[[Any, int, Findings], Any]:
    known = backwards(words)

    def read(cell: Any, line: int, findings: Findings) -> Any:
        said = folded(meaning.line_of(_text(cell), 200))
        if said and said not in known:
            findings.repaired(line, label, _text(cell), "niet gelezen")
        return known.get(said)

    return read


def _some_of(words: dict[Any, str], label: str) -> Callable[[Any, int, Findings], Any]:
    known = backwards(words)

    def read(cell: Any, line: int, findings: Findings) -> list[Any]:
        said = [part.strip() for part in _text(cell).replace(",", ";").split(";") if part.strip()]
        for part in said:
            if folded(part) not in known:
                findings.repaired(line, label, part, "niet gelezen")
        return list(dict.fromkeys(known[folded(part)] for part in said if folded(part) in known))

    return read


def _languages(cell: Any, _line: int, _findings: Findings) -> list[str]:
    return meaning.languages_of(_text(cell))


def _interpreters(cell: Any, _line: int, _findings: Findings) -> list[str]:
    return meaning.languages_of(_text(cell)) if _text(cell).strip() else []


def _places(cell: Any, line: int, findings: Findings) -> int | str | None:
    said = _text(cell).strip()
    if not said:
        return ""
    if said.isascii() and said.isdigit() and 1 <= int(said[:8]) <= 100_000:
        return int(said)
    findings.repaired(line, "Plekken", said, "niet gelezen")
    return None


def _address(cell: Any, line: int, findings: Findings) -> str | None:
    said = _text(cell).strip()
    if not said:
        return ""
    found = meaning.address_of(said)
    if found is None or len(found) > 300:
        findings.repaired(line, "Videoadres", said, "niet gelezen")
        return None
    return found


def _level(cell: Any, _line: int, _findings: Findings) -> str | None:
    said = _text(cell).strip().upper()
    return said if said in ("A1", "A2", "B1", "B2", "C1", "C2") else None


_READ: dict[str, Callable[[Any, int, Findings], Any]] = {
    "title": _line(160, "Titel"), "subtitle": _line(200, "Ondertitel"), "round": _line(80, "Ronde"),
    "room": _line(120, "Zaal"), "kind": lambda cell, _l, _f: meaning.kind_of(_text(cell)),
    "themes": _list, "people": _list, "hosts": _list, "summary": _long, "abstract": _long,
    "languages": _languages, "language_level": _level, "capacity": _places,
    "involvement": _one_of(INVOLVEMENT_WORDS, "Belofte"), "domains": _some_of(DOMAIN_WORDS, "Werkvelden"),
    "access": _some_of(ACCESS_WORDS, "Toegankelijkheid"), "interpreters": _interpreters, "ask_ahead": _long,
    "stage_url": _address, "status": _one_of(STATUS_WORDS, "Status"), "slug": _line(80, "Adres"),
}  # fmt: skip


def _refuse_doubles(document: Document) -> None:
    """Two rows about one session cannot both be right: which one, only people know."""
    seen: dict[str, int] = {}
    for said in document.sessions:
        if said.guid:
            first = seen.setdefault(said.guid.casefold(), said.line)
            if first != said.line:
                document.findings.failed(said.line, f"hetzelfde Nummer als op regel {first}", said.guid)


def row_of(plan: Plan, session_id: UUID) -> list[Cell]:
    session = plan.sessions[session_id]
    return [str(session_id) if column.name == "guid" else column.write(plan, session) for column in COLUMNS]


def headings() -> list[str]:
    return [column.heading for column in COLUMNS]


def rows_of(plan: Plan) -> list[list[Cell]]:
    """Every session in the order of the day."""
    in_order = sorted(plan.sessions.items(), key=lambda each: (each[1].starts_at, each[1].title, each[0]))
    return [row_of(plan, session_id) for session_id, _session in in_order]


def mirror(plan: Plan, session_id: UUID) -> dict[str, Any]:
    """What a table would say of a session that is there."""
    cells = dict(zip((column.name for column in COLUMNS), row_of(plan, session_id), strict=True))
    said = _said(cells, 0, Findings())
    assert said is not None
    return said.values | {"slug": said.slug}


def example_row() -> list[Cell]:
    return [EXAMPLE if column.name == "guid" else column.example for column in COLUMNS]
