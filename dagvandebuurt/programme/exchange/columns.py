"""Columns of a programme table: names, accepted values, and how each is written.

Not translated: a file is the same for everybody, and can be imported again in any language.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from dagvandebuurt.core.clock import AMSTERDAM
from dagvandebuurt.core.spreadsheets import unguarded
from dagvandebuurt.core.text import folded
from dagvandebuurt.people.models import Domain
from dagvandebuurt.programme.editing.snapshot import Plan, RecordKind, SessionPlan
from dagvandebuurt.programme.exchange import event_record, parse
from dagvandebuurt.programme.exchange.grid import heading_forms
from dagvandebuurt.programme.models import Involvement, SessionStatus

INVOLVEMENT_WORDS = {
    Involvement.INFORM: "informeren", Involvement.CONSULT: "raadplegen", Involvement.ADVISE: "adviseren",
    Involvement.CO_CREATE: "samen maken",
}  # fmt: skip
STATUS_WORDS = {
    SessionStatus.SCHEDULED: "gaat door", SessionStatus.CANCELLED: "gaat niet door", SessionStatus.DRAFT: "concept",
}  # fmt: skip
CANCELLED_WORDS = (
    "afgelast", "geannuleerd", "vervalt", "vervallen", "afgezegd", "gecanceld", "canceled", "cancelled", "nee", "no",
)  # fmt: skip
ACCESS_WORDS = {
    "live_captions": "ondertiteling", "sign_language": "gebarentolk", "easy_materials": "makkelijk materiaal",
    "simple_dutch": "eenvoudig nederlands",
}  # fmt: skip
DOMAIN_WORDS = {
    Domain.WELFARE: "welzijn", Domain.HOUSING: "wonen", Domain.POLICE: "politie", Domain.CARE: "zorg",
    Domain.EDUCATION: "onderwijs", Domain.WORK_INCOME: "werk en inkomen", Domain.MUNICIPALITY: "gemeente",
    Domain.RESIDENTS: "bewoners", Domain.KNOWLEDGE: "kennis",
}  # fmt: skip
SEPARATOR = "; "


@dataclass(frozen=True)
class Column:
    """Column of the table. `write` returns its cell for a session; `others` are its aliases."""

    name: str
    heading: str
    others: tuple[str, ...]
    write: Callable[[Plan, SessionPlan], Any]
    example: str = ""
    help: str = ""


def _time(moment: datetime) -> str:
    """Return the local time (Europe/Amsterdam), with its UTC offset in the hour that repeats."""
    local = moment.astimezone(AMSTERDAM)
    naive = local.replace(tzinfo=None)
    first, second = (naive.replace(tzinfo=AMSTERDAM, fold=fold).astimezone(UTC) for fold in (0, 1))
    twice = f"{local:%z}" if first != second else ""
    return f"{local:%H:%M}{twice[:3]}{':' if twice else ''}{twice[3:]}"


def _names(plan: Plan, kind: RecordKind, ids: list[UUID]) -> str:
    return SEPARATOR.join(plan.named(kind, each).replace(";", ",") for each in ids)


COLUMNS = (
    Column("title", "Titel", ("title", "naam", "sessie", "session", "sessietitel", "titel sessie", "naam sessie", "onderwerp", "activiteit",
            "programmaonderdeel", "session title", "proposal title"), lambda _p, s: s.title,
           "Wie ruimt wat op?", "Verplicht. Hoogstens 160 tekens."),
    Column("subtitle", "Ondertitel", ("subtitle",), lambda _p, s: s.subtitle, "Over afval in de straat"),
    Column("date", "Datum", ("date", "dag", "day", "datum sessie", "dag en datum", "datum en dag", "wanneer"), lambda _p, s: f"{s.starts_at.astimezone(AMSTERDAM):%d-%m-%Y}",
           "28-01-2027", "Verplicht. Dag, maand, jaar."),
    Column("start", "Begin", ("start", "begintijd", "van", "starttijd", "start time", "aanvang", "aanvangstijd", "begint", "tijd", "tijden",
            "tijdstip", "time", "datum en tijd", "dag en tijd", "begin en einde", "starts at"), lambda _p, s: _time(s.starts_at),
           "13:00", "Verplicht. Uren en minuten, in Nederlandse tijd."),
    Column("end", "Einde", ("end", "eindtijd", "tot", "eind", "end time", "einde tijd", "eindigt", "ends at"), lambda _p, s: _time(s.ends_at),
           "13:45", "Vul een einde in, of een duur. Na middernacht mag."),
    Column("duration", "Duur", ("duration", "minuten", "lengte", "tijdsduur", "duur minuten", "duur min", "duur in minuten", "lengte in minuten",
            "minutes", "length", "duur uren", "duur in uren", "uren", "hours"), lambda _p, _s: "", "", "In minuten, of als 0:45, 1u30 of 1,5 uur."),
    Column("round", "Ronde", ("round", "blok", "onderdeel"), lambda p, s: p.named(RecordKind.ROUND, s.round), "",
           "Mag leeg blijven: dan kiezen we de ronde bij de tijd."),
    Column("room", "Zaal", ("room", "plek", "locatie", "venue", "location", "ruimte", "waar", "lokaal"),
           lambda p, s: p.named(RecordKind.VENUE, s.venue), "Zaal Linde", "Leeg: online, zonder zaal."),
    Column("kind", "Soort", ("type", "kind", "vorm"), lambda _p, s: event_record.type_of(s), "Workshop",
           "Openingsact, Tweegesprek, Aftrap, Workshop, Tafelgesprek, Masterclass, Talkshow, Markt, of een eigen woord."),
    Column("themes", "Thema's", ("themas", "thema", "themes", "track", "tracks"),
           lambda p, s: _names(p, RecordKind.THEME, s.themes), "Straat, groen en afval", "Meer dan één? Zet er ; tussen."),
    Column("people", "Sprekers", ("spreker", "speakers", "speaker", "persons", "people", "speaker names", "naam spreker", "namen sprekers",
            "presentator", "inleider", "door"),
           lambda p, s: _names(p, RecordKind.SPEAKER, s.speakers), "Ali Voorbeeld; Bea Voorbeeld", "Meer dan één? Zet er ; tussen."),
    Column("hosts", "Gespreksleiders", ("gespreksleider", "host", "hosts", "moderator"),
           lambda p, s: _names(p, RecordKind.SPEAKER, s.hosts), "Cor Voorbeeld", "Meer dan één? Zet er ; tussen."),
    Column("summary", "Kort", ("summary", "samenvatting", "abstract"), lambda _p, s: s.summary,
           "Samen kiezen we wie wat opruimt.", "Eén of twee zinnen."),
    Column("abstract", "Beschrijving", ("description", "omschrijving", "tekst"), lambda _p, s: s.abstract,
           "We beginnen met een rondje door de straat."),
    Column("languages", "Talen", ("taal", "language", "languages"), lambda _p, s: ", ".join(s.languages), "nl",
           "Met twee letters: nl, en, ar, tr. Meer dan één? Zet er een komma tussen."),
    Column("language_level", "Taalniveau", ("niveau", "level"), lambda _p, s: s.language_level, "B1", "A2, B1 of B2."),
    Column("capacity", "Plekken", ("capacity", "aantal plekken", "plaatsen", "seats"), lambda _p, s: s.capacity, "40",
           "Leeg: zo veel mensen als er komen."),
    Column("involvement", "Belofte", ("involvement", "rol van bezoekers"),
           lambda _p, s: INVOLVEMENT_WORDS[s.involvement], "samen maken", ", ".join(INVOLVEMENT_WORDS.values())),
    Column("domains", "Werkvelden", ("werkveld", "domains", "domain"),
           lambda _p, s: SEPARATOR.join(DOMAIN_WORDS[each] for each in s.domains), "welzijn; wonen",
           ", ".join(DOMAIN_WORDS.values())),
    Column("access", "Toegankelijkheid", ("access", "accessibility"),
           lambda _p, s: SEPARATOR.join(ACCESS_WORDS.get(each, each) for each in s.access), "ondertiteling",
           ", ".join(ACCESS_WORDS.values())),
    Column("interpreters", "Tolken", ("tolk", "interpreters"), lambda _p, s: ", ".join(s.interpreters), "",
           "Met twee letters: ar, tr."),
    Column("ask_ahead", "Vraag vooraf", ("ask ahead",), lambda _p, s: s.ask_ahead or "", ""),
    Column("stage_url", "Videoadres", ("video", "stage url", "stream"), lambda _p, s: s.stage_url or "", ""),
    Column("status", "Status", ("state", "gaat door"), lambda _p, s: STATUS_WORDS[s.status], "gaat door",
           ", ".join(STATUS_WORDS.values())),
    Column("slug", "Adres", ("slug",), lambda _p, s: s.slug, "", "Leeg: we maken het van de titel."),
    Column("guid", "Nummer", ("guid", "id", "uuid", "nr"), lambda _p, _s: "", "",
           "Laat dit staan: hieraan herkennen we de sessie. Leeg voor een nieuwe."),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}
BY_HEADING = {
    "".join(ch for ch in folded(each) if ch.isalnum()): column
    for column in COLUMNS
    for each in (column.heading, *column.others)
}


def column_of(heading: Any) -> Column | None:
    """Find the column of a heading, ignoring case, spaces, accents, line breaks and explanations: `Begin
    (uu:mm)`, `Titel *`.
    """
    forms = heading_forms(parse.words(heading))
    return next((BY_HEADING[each] for each in forms if each in BY_HEADING), None)


def name_of(heading: Any) -> str | None:
    """Return the name of that column, also when a heading was escaped against formula injection."""
    column = column_of(unguarded(heading) if isinstance(heading, str) else heading)
    return column.name if column is not None else None


def unit_of(heading: Any) -> str:
    """Return the unit of a bare number under this heading: hours only when it says so."""
    return "hour" if re.search(r"\b(uur|uren|hours?)\b", folded(parse.words(heading))) else "min"


def backwards(words: dict[Any, str]) -> dict[str, Any]:
    """Map our labels, and the codes themselves, to the codes."""
    return {folded(word): code for code, word in words.items()} | {str(code): code for code in words}
