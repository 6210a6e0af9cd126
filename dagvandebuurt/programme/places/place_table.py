"""Tables of places: one of one's own, or a list of Statistics Netherlands (CBS) as it is downloaded.

Known by their headings: a name with its kind and municipality, or columns for municipality, district and
neighbourhood side by side. Names come first in the lists of CBS, figures after them: of a table with more
columns than may be read, the rest is left out.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.spreadsheets import unguarded
from dagvandebuurt.core.text import folded, length, one_line
from dagvandebuurt.programme.errors import CannotBeRead, NoPlacesInFile
from dagvandebuurt.programme.exchange.csv_file import read_csv
from dagvandebuurt.programme.exchange.detect import table_text
from dagvandebuurt.programme.exchange.grid import heading_forms, headings_of, unpacked

MOST_BYTES = 8_000_000
MOST_ROWS = 30_000  # all of the country: some 350 municipalities, 3,500 districts and 15,000 neighbourhoods
NAME_MAX_CHARS = 80
MUNICIPALITY, NEIGHBOURHOOD = "municipality", "neighbourhood"

_HEADINGS = {
    "name": (
        "naam",
        "plaats",
        "plaatsnaam",
        "name",
        "place",
        "regio",
        "regionaam",
        "regioaanduiding",
        "gebied",
    ),
    "kind": ("soort", "kind", "type", "soortregio", "soortgebied", "recs"),
    "municipality": ("gemeente", "gemeentenaam", "gmnaam", "municipality", "hoortbij", "partof"),
    "district": ("wijk", "wijknaam", "wknaam", "district"),
    "neighbourhood": ("buurt", "buurtnaam", "bunaam", "neighbourhood"),
}
_NAMES = {form: name for name, forms in _HEADINGS.items() for form in forms}
_MUNICIPAL = ("gemeente", "municipality", "gm", "city", "town")
_SMALL = ("wijk", "buurt", "neighbourhood", "neighborhood", "district", "wk", "bu", "dorp", "kern")


@dataclass(frozen=True)
class PlaceRow:
    """One place of a table. `municipality` is the name of the one it lies in; "" for a municipality."""

    name: str
    municipality: str = ""

    @property
    def kind(self) -> str:
        return NEIGHBOURHOOD if self.municipality else MUNICIPALITY

    @property
    def key(self) -> tuple[str, str]:
        """Return what makes two places the same: their names, without case and accents."""
        return folded(self.municipality), folded(self.name)


@dataclass(frozen=True)
class PlaceTable:
    """The places in a table, each once, and the sentences about the lines that were left out."""

    rows: tuple[PlaceRow, ...]
    left_out: tuple[str, ...]


def text_of(content: bytes, filename: str = "") -> str:
    """Return an uploaded file as CSV text: of a workbook, the sheet with most known headings.

    Raises NoPlacesInFile for one that is too large, empty, or of another type.
    """
    try:
        return table_text(
            content, filename, most_bytes=MOST_BYTES, known=_name, most_rows=MOST_ROWS, cuts_wide=True
        )
    except CannotBeRead as broken:
        raise _refused(str(broken.message)) from None


def read_places(text: str, only: str = "") -> PlaceTable:
    """Read the places; with `only`, those of one municipality. Raises NoPlacesInFile."""
    try:
        rows = read_csv(text, known=_name, most_rows=MOST_ROWS, cuts_wide=True)
    except CannotBeRead as broken:
        raise _refused(str(broken.message)) from None
    headings = headings_of(unpacked(rows, _name), _name, frozenset({"name"}))
    if headings is None or not {"name", "municipality", "neighbourhood", "district"} & set(headings.names):
        raise NoPlacesInFile
    found: dict[tuple[str, str], PlaceRow] = {}
    left_out: list[str] = []
    for line, cells in headings.rows:
        told = {
            name: one_line(unguarded(str(cell)))
            for name, cell in zip(headings.names, cells, strict=False)
            if name and cell is not None
        }
        for row in _rows_of(told):
            if only and folded(only) not in (folded(row.municipality), folded(row.name)):
                continue
            if max(length(row.name), length(row.municipality)) > NAME_MAX_CHARS:
                left_out.append(_("Regel %(line)d: de naam is te lang.", line=line))
            else:
                found.setdefault(row.key, row)
    if not found:
        raise NoPlacesInFile
    municipalities = {row.key[1] for row in found.values() if not row.municipality}
    above = {row.key[0]: PlaceRow(row.municipality) for row in found.values() if row.municipality}
    missing = [row for name, row in above.items() if name not in municipalities]
    ordered = sorted([*missing, *found.values()], key=lambda row: (bool(row.municipality), row.key))
    return PlaceTable(tuple(ordered), tuple(left_out))


def as_table(rows: Iterable[PlaceRow]) -> str:
    """Return the places as a table that `read_places` reads back: of a large file, what matters."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(["Naam", "Gemeente", "Soort"])
    writer.writerows(
        [row.name, row.municipality, "buurt" if row.municipality else "gemeente"] for row in rows
    )
    return out.getvalue()


def _rows_of(told: Mapping[str, str]) -> Iterator[PlaceRow]:
    municipality = told.get("municipality", "")
    kind = folded(told.get("kind", ""))
    if name := told.get("name", ""):
        is_small = kind.startswith(_SMALL) or (not kind.startswith(_MUNICIPAL) and bool(municipality))
        if kind and not kind.startswith(_SMALL + _MUNICIPAL):
            return  # a country or a province in the same list
        yield PlaceRow(name, municipality if is_small and folded(municipality) != folded(name) else "")
        return
    smaller = [told[each] for each in ("district", "neighbourhood") if told.get(each)]
    if municipality:
        yield PlaceRow(municipality)
        yield from (PlaceRow(name, municipality) for name in smaller)


def _name(heading: object) -> str | None:
    return next((_NAMES[each] for each in heading_forms(str(heading)) if each in _NAMES), None)


def _refused(sentence: str) -> NoPlacesInFile:
    refusal = NoPlacesInFile()
    refusal.message = sentence
    return refusal
