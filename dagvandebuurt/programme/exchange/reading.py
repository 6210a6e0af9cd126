"""What kind of file it is, by what is in it and not by its name, and then what it says."""

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.programme.errors import AnotherKindOfFile, CannotBeRead, TooMuchInFile
from dagvandebuurt.programme.exchange import limits
from dagvandebuurt.programme.exchange.csv_file import read_csv
from dagvandebuurt.programme.exchange.document import Beat, Document, no_beat
from dagvandebuurt.programme.exchange.repairs import Findings
from dagvandebuurt.programme.exchange.schedule_json import read_schedule_json
from dagvandebuurt.programme.exchange.schedule_xml import read_schedule_xml
from dagvandebuurt.programme.exchange.tables import read_table
from dagvandebuurt.programme.exchange.text_file import decoded
from dagvandebuurt.programme.exchange.xlsx_file import read_xlsx

NAMES = {"json": "JSON", "xml": "XML", "csv": "CSV", "xlsx": "Excel-bestand"}
# What people send by mistake, by its first bytes.
_OTHERS = (
    (b"%PDF", "een PDF"),
    (b"\x89PNG", "een plaatje"),
    (b"\xff\xd8\xff", "een foto"),
    (b"GIF8", "een plaatje"),
    (b"\xd0\xcf\x11\xe0", "een oud Excel- of Word-bestand (.xls, .doc)"),
    (b"{\\rtf", "een tekst uit Word (.rtf)"),
    (b"BEGIN:VCALENDAR", "een agendabestand (.ics)"),
    (b"\x1f\x8b", "een ingepakt bestand (.gz)"),
    (b"7z\xbc\xaf", "een ingepakt bestand (.7z)"),
    (b"Rar!", "een ingepakt bestand (.rar)"),
    (b"SQLite format 3", "een database"),
    (b"\x7fELF", "een computerprogramma"),
    (b"MZ\x90", "een computerprogramma"),
)


def read(filename: str, content: bytes, beat: Beat = no_beat) -> Document:
    """What this file says. Raises CannotBeRead, with a sentence, for anything that is no programme."""
    if len(content) > limits.MOST_BYTES:
        raise TooMuchInFile(_("Dit bestand is groter dan %(most)d MB.", most=limits.MOST_BYTES // 1_000_000))
    if not content.strip(b" \t\r\n\0"):
        raise CannotBeRead(_("Dit bestand is leeg."))
    named = NAMES.get(filename.rpartition(".")[2].casefold(), _("programma"))
    for first, other in _OTHERS:
        if content.startswith(first):
            raise AnotherKindOfFile(
                _("Dit is geen %(named)s maar lijkt %(other)s.", named=named, other=other)
            )
    if content.startswith(b"PK"):
        return read_table("xlsx", read_xlsx(content, lambda: beat(0, 0)), Findings(), beat)
    findings = Findings()
    text = decoded(content, findings)
    start = text.lstrip("\ufeff \t\r\n")
    if start[:1] in ("{", "["):
        document = read_schedule_json(text.lstrip("\ufeff"), beat)
    elif start[:1] == "<":
        if start[:200].casefold().startswith(("<!doctype html", "<html")):
            raise AnotherKindOfFile(
                _("Dit is geen %(named)s maar lijkt %(other)s.", named=named, other=_("een webpagina"))
            )
        document = read_schedule_xml(
            content.lstrip(b" \t\r\n") if content[:1] in b" \t\r\n" else content, beat
        )
        return document
    else:
        document = read_table("csv", read_csv(text.lstrip("\ufeff"), lambda: beat(0, 0)), findings, beat)
        return document
    document.findings.repairs[:0] = findings.repairs
    return document
