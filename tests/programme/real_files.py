"""Small realistic files with invented content: tables, workbooks and schedules."""

import io
import zipfile
from datetime import UTC, date, datetime, time

import openpyxl

from dagvandebuurt.programme.editing.snapshot import RecordKind
from dagvandebuurt.programme.exchange.match_result import Choices
from dagvandebuurt.programme.exchange.matching import laid_over
from dagvandebuurt.programme.exchange.read_file import read
from tests.programme.exchanging import empty_plan

NEAR = date(2027, 1, 20)
DAY = date(2027, 1, 28)
GUIDS = [f"0f5a6d5e-0000-4000-8000-00000000000{number}" for number in range(10)]


def table(*rows, between=";", encoding="utf-8-sig", end="\r\n"):
    """Return a CSV of these rows."""
    return end.join(between.join(map(str, row)) if not isinstance(row, str) else row for row in rows).encode(
        encoding
    )


def workbook(*sheets, save=lambda book: None):
    """Return an XLSX of (name, rows, merged ranges) with real date and time cells. `save` may still change
    it.
    """
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows, *merged in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for each in merged[0] if merged else ():
            sheet.merge_cells(each)
    save(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(**parts):
    """Return a zip of these parts, dots and slashes written as `__`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name, content in parts.items():
            box.writestr(name, content)
    return out.getvalue()


def ods(*sheets):
    """Return an ODS as LibreOffice saves it, of (name, rows): a row is its XML, or a list of cells."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    tables = "".join(
        f'<table:table table:name="{name}"><table:table-column/>{"".join(map(_ods_row, rows))}</table:table>'
        for name, rows in sheets
    )
    content = f"<office:document-content {names}><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content,
        "META-INF/manifest.xml": "<x/>",
    }
    return packed(**parts)


def _ods_row(row):
    if isinstance(row, str):
        return row
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(cell):
    if isinstance(cell, str) and cell.startswith("<"):
        return cell
    if cell is None:
        return "<table:table-cell/>"
    told = {
        date: lambda: f'office:value-type="date" office:date-value="{cell.isoformat()}"',
        time: lambda: f'office:value-type="time" office:time-value="PT{cell:%HH%MM%SS}"',
    }.get(type(cell), lambda: 'office:value-type="string"')()
    return f"<table:table-cell {told}><text:p>{cell}</text:p></table:table-cell>"


def xml_event(title="Samen groen", *, when="2027-01-28T13:00:00+01:00", start="13:00", duration="00:45", room="Zaal A",
              guid=GUIDS[1], number=1, slug="", persons="", more=""):  # fmt: skip
    """Return an event; fields that are None are left out."""
    fields = {"date": when, "start": start, "duration": duration, "room": room, "slug": slug, "title": title}
    told = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value is not None)
    attributes = "".join(
        f' {name}="{value}"' for name, value in (("guid", guid), ("id", number)) if value is not None
    )
    return f"<event{attributes}>{told}<persons>{persons}</persons>{more}</event>"


def xml(*events, acronym="proef", conference="", hall='<room name="Zaal A">{}</room>', day='date="2027-01-28" index="1"',
        head='<?xml version="1.0" encoding="UTF-8"?>\n'):  # fmt: skip
    """Return a schedule.xml with one day. `hall` wraps the events."""
    inside = hall.format("".join(events))
    told = (
        f"<acronym>{acronym}</acronym><title>Proef</title>{conference}" if acronym is not None else conference
    )
    return f"{head}<schedule><version>1</version><conference>{told}</conference><day {day}>{inside}</day></schedule>".encode()


def person(number, name):
    return f'<person id="{number}">{name}</person>' if number is not None else f"<person>{name}</person>"


class Brought:
    """Result of importing a file, in terms of the tests."""

    def __init__(self, content, name="p.csv", over=None, **choices):
        self.document = read(name, content, near=NEAR)
        self.outcome = laid_over(over or empty_plan(), self.document, Choices(**choices))
        self.plan = self.outcome.plan

    @property
    def sessions(self):
        """Return (title, local begin and end, hall, speakers) of each session, by begin and title."""
        in_order = sorted(self.plan.sessions.values(), key=lambda each: (each.starts_at, each.title))
        return [
            (each.title, _here(each.starts_at), _here(each.ends_at)[6:], self.plan.named(RecordKind.VENUE, each.venue),
             [self.plan.named(RecordKind.SPEAKER, who) for who in each.speakers])
            for each in in_order
        ]  # fmt: skip

    @property
    def times(self):
        return [f"{title}: {begin} - {end}" for title, begin, end, _hall, _people in self.sessions]

    @property
    def repairs(self):
        return [each.what for each in self.document.findings.repairs]

    @property
    def errors(self):
        return [(each.line, each.title, each.what, each.good) for each in self.document.findings.errors]

    @property
    def gone(self):
        return [
            (self.plan.sessions[each].title, _here(self.plan.sessions[each].starts_at))
            for each in self.outcome.gone
        ]

    @property
    def people(self):
        """Map titles to the names of the speakers."""
        return {title: people for title, _begin, _end, _hall, people in self.sessions}


def _here(moment):
    from dagvandebuurt.core.clock import AMSTERDAM

    return f"{moment.astimezone(UTC).astimezone(AMSTERDAM):%d-%m %H:%M}"


def at(hour, minute=0):
    return datetime.combine(DAY, time(hour, minute))
