"""Reader of any supported file: detects the type by content and parses it."""

from datetime import date

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.programme.errors import CannotBeRead, TooMuchInFile
from dagvandebuurt.programme.exchange import limits
from dagvandebuurt.programme.exchange.columns import name_of
from dagvandebuurt.programme.exchange.csv_file import read_csv
from dagvandebuurt.programme.exchange.detect import NAMES, refuse_others, refuse_webpage, sheets_of
from dagvandebuurt.programme.exchange.document import Beat, Document, no_beat
from dagvandebuurt.programme.exchange.grid import Sheet
from dagvandebuurt.programme.exchange.repairs import Findings
from dagvandebuurt.programme.exchange.schedule_json import read_schedule_json
from dagvandebuurt.programme.exchange.schedule_xml import read_schedule_xml
from dagvandebuurt.programme.exchange.tables import read_table
from dagvandebuurt.programme.exchange.text_file import decoded, decoded_xml


def read(filename: str, content: bytes, beat: Beat = no_beat, near: date | None = None) -> Document:
    """Parse the file. `near` is the likely date, for dates without a year.

    Raises CannotBeRead, with a sentence, for anything that is not a programme.
    """
    if len(content) > limits.MOST_BYTES:
        raise TooMuchInFile(_("Dit bestand is groter dan %(most)d MB.", most=limits.MOST_BYTES // 1_000_000))
    if not content.strip(b" \t\r\n\0"):
        raise CannotBeRead(_("Dit bestand is leeg."))
    refuse_others(filename, content)
    if content.startswith(b"PK"):
        return read_table("xlsx", sheets_of(content, lambda: beat(0, 0)), Findings(), beat, near)
    findings = Findings()
    text = decoded(content, findings)
    start = text.lstrip("\ufeff \t\r\n")
    if start[:1] in ("{", "["):
        document = read_schedule_json(text.lstrip("\ufeff"), beat)
    elif start[:1] == "<":
        refuse_webpage(NAMES.get(filename.rpartition(".")[2].casefold(), _("programma")), start)
        findings = Findings()
        document = read_schedule_xml(decoded_xml(content, findings), beat)
    else:
        if not start:
            raise CannotBeRead(_("Dit bestand is leeg."))
        rows = read_csv(text.lstrip("\ufeff"), lambda: beat(0, 0), name_of)
        return read_table("csv", [Sheet("", rows)], findings, beat, near)
    document.findings.repairs[:0] = findings.repairs
    return document
