"""File type detection by content, never by name, with advice for files of other types."""

import io
import zipfile
from collections.abc import Callable
from typing import NoReturn

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.programme.errors import AnotherKindOfFile, CannotBeRead
from dagvandebuurt.programme.exchange.grid import Known, Sheet, as_csv, known_in
from dagvandebuurt.programme.exchange.ods_file import is_ods, read_ods
from dagvandebuurt.programme.exchange.repairs import Findings
from dagvandebuurt.programme.exchange.text_file import decoded
from dagvandebuurt.programme.exchange.xlsx_file import read_xlsx

NAMES = {"json": "JSON", "xml": "XML", "csv": "CSV", "xlsx": _l("Excel-bestand")}
# Files uploaded by mistake, by their magic bytes.
_OTHERS = (
    (b"%PDF", _l("een PDF")),
    (b"\x89PNG", _l("een plaatje")),
    (b"\xff\xd8\xff", _l("een foto")),
    (b"GIF8", _l("een plaatje")),
    (b"{\\rtf", _l("een tekst uit Word (.rtf)")),
    (b"BEGIN:VCALENDAR", _l("een agendabestand (.ics)")),
    (b"BEGIN:VCARD", _l("een adreskaartje (.vcf)")),
    (b"\x1f\x8b", _l("een ingepakt bestand (.gz)")),
    (b"7z\xbc\xaf", _l("een ingepakt bestand (.7z)")),
    (b"Rar!", _l("een ingepakt bestand (.rar)")),
    (b"SQLite format 3", _l("een database")),
    (b"\x7fELF", _l("een computerprogramma")),
    (b"MZ\x90", _l("een computerprogramma")),
)
_OLE = b"\xd0\xcf\x11\xe0"
_SAVE = _l("Kies in je programma Opslaan als, en dan Excel-werkmap (.xlsx).")


def refuse_others(filename: str, content: bytes) -> None:
    """Raise AnotherKindOfFile, with advice, for a file that is surely of another type."""
    named = NAMES.get(filename.rpartition(".")[2].casefold(), _("programma"))
    head = content[:4_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    for first, other in _OTHERS:
        if head.startswith(first):
            raise AnotherKindOfFile(
                _("Dit is geen %(named)s maar lijkt %(other)s.", named=named, other=other)
            )
    if content.startswith(_OLE):
        _refuse_ole(content)
    if content.startswith(b"PK"):
        _refuse_zip(content)
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        _refuse(_("Dit is een oud Excel-bestand (XML)."))
    if b'"doc_id"' in head and b'"url"' in head and len(content) < 4_000:
        raise AnotherKindOfFile(
            _(
                "Dit is alleen een verwijzing naar Google. Kies daar Downloaden, en dan Microsoft Excel (.xlsx)."
            )
        )


def sheets_of(
    content: bytes,
    breathe: Callable[[], None] = lambda: None,
    most_rows: int | None = None,
    *,
    cuts_wide: bool = False,
) -> list[Sheet]:
    """Read the sheets of a workbook: of Excel, or of LibreOffice."""
    return (read_ods if is_ods(content) else read_xlsx)(content, breathe, most_rows, cuts_wide=cuts_wide)


def refuse_webpage(named: object, text: str) -> None:
    """Raise AnotherKindOfFile where `text` is a web page, whatever its name."""
    if (
        text.lstrip("\ufeff \t\r\n")[:300]
        .casefold()
        .startswith(("<!doctype html", "<html", "<table", "<head", "<body"))
    ):
        raise AnotherKindOfFile(
            _("Dit is geen %(named)s maar lijkt %(other)s.", named=named, other=_("een webpagina"))
        )


def _refuse(what: str) -> NoReturn:
    raise AnotherKindOfFile(f"{what} {_SAVE}")


def _refuse_ole(content: bytes) -> NoReturn:
    """Refuse an OLE container: old Office files, and workbooks with a password."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise CannotBeRead(_("Dit bestand is met een wachtwoord beveiligd. Bewaar het zonder wachtwoord."))
    _refuse(_("Dit is een oud Excel- of Word-bestand (.xls, .doc)."))


def _refuse_zip(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            names = {info.filename for info in book.infolist()[:2_000]}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return  # the reader of workbooks reports it
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        _refuse(_("Dit is een binair Excel-bestand (.xlsb)."))
    if "content.xml" in names and is_ods(content):
        return
    if "content.xml" in names and any(name.startswith("META-INF/") for name in names):
        raise AnotherKindOfFile(_("Dit is geen tabel maar een tekst uit LibreOffice (.odt)."))
    if any(name.startswith("Index/") or name.endswith(".iwa") for name in names):
        _refuse(_("Dit is een bestand van Numbers."))
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise AnotherKindOfFile(_("Dit is geen Excel-bestand maar een tekst uit Word of een presentatie."))
    raise AnotherKindOfFile(
        _("Dit is geen Excel-bestand maar een zip. Pak hem uit en kies het bestand dat erin zit.")
    )


def table_text(
    content: bytes,
    filename: str,
    *,
    most_bytes: int,
    known: Known,
    most_rows: int | None = None,
    cuts_wide: bool = False,
) -> str:
    """Return an uploaded table as CSV text, keeping row numbers: of a workbook, the sheet with most headings
    that `known` knows.

    Raises CannotBeRead for one that is too large, empty, or of another type.
    """
    if len(content) > most_bytes:
        raise CannotBeRead(_("Dit bestand is groter dan %(most)d MB.", most=most_bytes // 1_000_000))
    refuse_others(filename, content)
    if content.startswith(b"PK"):
        text = as_csv(
            max(
                sheets_of(content, most_rows=most_rows, cuts_wide=cuts_wide),
                key=lambda sheet: known_in(sheet.rows, known),
            )
        )
    else:
        text = decoded(content, Findings()).lstrip("\ufeff")
        refuse_webpage("CSV", text)
    if not text.strip():
        raise CannotBeRead(_("Dit bestand is leeg."))
    return text
