"""Parsers of single values in a file: timestamps, durations, languages, kinds, addresses. Lenient where it is
safe.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from html import unescape
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from dagvandebuurt.core.clock import AMSTERDAM
from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.core.text import clean_text, folded, one_line, shortened
from dagvandebuurt.parts.branding.words import is_own, offered
from dagvandebuurt.programme.exchange import durations, notations
from dagvandebuurt.programme.exchange.repairs import Findings
from dagvandebuurt.programme.labels import KINDS
from dagvandebuurt.programme.models import SessionKind

MOST_LINES = 10_000
A_WHILE = timedelta(minutes=30)  # default duration of a session


def zone_of(name: Any) -> tzinfo | None:
    """Return a time zone by name; None when it is unknown."""
    try:
        return ZoneInfo(name) if isinstance(name, str) and name else None
    except (ValueError, KeyError, OSError):
        return None


def moment(text: Any) -> datetime | None:
    """Parse a timestamp, with or without a zone. None when it is invalid."""
    if not isinstance(text, str) or not 8 <= len(text.strip()) <= 40:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.year in notations.YEARS else None


def placed(found: datetime, zone: tzinfo, line: int, findings: Findings) -> datetime:
    """Localise a naive timestamp in `zone`.

    Of a repeated hour the first is taken, a skipped hour becomes the next one; both are reported.
    """
    if found.tzinfo is not None:
        return found
    first, second = found.replace(tzinfo=zone), found.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset() or timedelta(), second.utcoffset() or timedelta()
    if before > after:
        findings.repaired(line, "tijd die twee keer komt", found.isoformat(" ", "minutes"), first.isoformat())
    elif before < after:
        real = first.astimezone(UTC).astimezone(zone)
        findings.repaired(line, "tijd die niet bestaat", found.isoformat(" ", "minutes"), real.isoformat())
        return real
    return first


def clock_time(text: Any) -> tuple[time, tzinfo | None] | None:
    """Parse `9:00`, `09.00`, `9u00`, and `02:30+01:00` for the hour that repeats."""
    return notations.clock_time(text)


def day(text: Any, near: date | None = None) -> date | None:
    """Parse `2026-12-14`, `14-12-2026` and `14 december 2026`."""
    found = notations.day(text, near)
    return found.date if found is not None else None


_DAY_NAMES = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"]
_MONTH_NAMES = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]


def day_in_words(when: date) -> str:
    """Return `donderdag 28 januari`: the name of a round made for a day."""
    return f"{_DAY_NAMES[when.weekday()]} {when.day} {_MONTH_NAMES[when.month - 1]}"


def length(text: Any) -> timedelta | None:
    """Parse the duration in a schedule file: `0:30`, `1:00`, `PT45M`, `45 min`. None when it is invalid or
    zero.
    """
    return durations.length(text, in_schedule=True)


def line_of(value: Any, most: int) -> str:
    return shortened(one_line(words(value)), most)


def text_of(value: Any) -> str:
    return clean_text(words(value), lines=MOST_LINES)


_TAG = re.compile(
    r"<(/?)(p|br|div|ul|ol|li|h[1-6]|a|b|i|u|em|strong|span|blockquote|pre|code|hr|table|tr|td|th|tbody|thead|img)"
    r"\b[^<>]{0,2000}>", re.IGNORECASE
)  # fmt: skip
_BREAKS = frozenset(
    {"p", "div", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table"}
)


def text_without_markup(value: Any) -> str:
    """Convert an HTML description to text: paragraphs, list items and entities.

    Only when it is surely HTML: `a < b` stays as it is.
    """
    text = words(value)
    if _TAG.search(text) is None:
        return text_of(text)

    def instead(found: re.Match[str]) -> str:
        name = found[2].casefold()
        if name == "li":
            return "\n" if found[1] else "\n- "
        return "\n\n" if name in _BREAKS else "\n" if name in ("br", "hr", "tr") else ""

    return text_of(unescape(_TAG.sub(instead, text.replace("\n", " "))))


def words(value: Any) -> str:
    """Return the text of a value; of a multilingual one the Dutch text, else the first."""
    if isinstance(value, dict):
        said = [text for text in value.values() if isinstance(text, str)]
        chosen = value.get("nl")
        return chosen if isinstance(chosen, str) else (said[0] if said else "")
    if isinstance(value, str):
        return value
    return "" if value is None or isinstance(value, list | bool) else str(value)


_LANGUAGES = {
    "nederlands": "nl", "dutch": "nl", "engels": "en", "english": "en", "duits": "de", "german": "de", "frans": "fr",
    "french": "fr", "turks": "tr", "turkish": "tr", "arabisch": "ar", "arabic": "ar", "pools": "pl", "polish": "pl",
    "oekraiens": "uk", "ukrainian": "uk", "spaans": "es", "spanish": "es", "papiaments": "pap", "papiamento": "pap",
    "somalisch": "so", "somali": "so", "tigrinya": "ti", "perzisch": "fa", "farsi": "fa", "russisch": "ru",
    "portugees": "pt", "bulgaars": "bg", "roemeens": "ro", "chinees": "zh", "fries": "fy", "gebarentaal": "dse",
}  # fmt: skip


def languages_of(value: Any) -> list[str]:
    """Parse languages: `de, en` is two; the default is Dutch."""
    found = [_LANGUAGES.get(folded(part.strip()), part.strip().casefold().replace("_", "-"))
             for part in re.split(r"[,;/|&+\n]| en | and ", words(value))]  # fmt: skip
    return list(
        dict.fromkeys(part[:20] for part in found if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]+)*", part))
    ) or ["nl"]


_KINDS = {kind.value: kind for kind in SessionKind if not is_own(kind)} | {
    folded("Openingsact"): SessionKind.PERFORMANCE, folded("Tweegesprek"): SessionKind.CONVERSATION,
    folded("Aftrap"): SessionKind.LAUNCH, folded("Tafelgesprek"): SessionKind.TABLE,
    folded("Markt"): SessionKind.MARKET, "talk show": SessionKind.TALKSHOW, "opening": SessionKind.LAUNCH,
}  # fmt: skip


def kind_of(value: Any) -> tuple[SessionKind, str | None]:
    """Return one of our kinds, or a workshop with its own label."""
    said = line_of(value, 80)
    if not said:
        return SessionKind.WORKSHOP, None
    found = _KINDS.get(folded(said)) or _own_kind(said)
    return (found, None) if found is not None else (SessionKind.WORKSHOP, said)


def _own_kind(said: str) -> SessionKind | None:
    """Return the kind that an organiser of this site calls so."""
    with speaking("nl"):
        named = offered("session_kind", {kind: KINDS[kind] for kind in SessionKind if is_own(kind)})
        return next((kind for kind, word in named.items() if folded(str(word)) == folded(said)), None)


def kind_in_file(kind: SessionKind) -> str:
    """Return what a kind is called in a file."""
    with speaking("nl"):
        return KIND_WORDS.get(kind) or str(KINDS[kind])


# Not translated: a file is the same for everybody.
KIND_WORDS = {
    SessionKind.PERFORMANCE: "Openingsact", SessionKind.CONVERSATION: "Tweegesprek",
    SessionKind.LAUNCH: "Aftrap", SessionKind.WORKSHOP: "Workshop", SessionKind.TABLE: "Tafelgesprek",
    SessionKind.MASTERCLASS: "Masterclass", SessionKind.TALKSHOW: "Talkshow", SessionKind.MARKET: "Markt",
}  # fmt: skip
assert KIND_WORDS.keys() == {kind for kind in KINDS if not is_own(kind)}


def uuid_of(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None


def is_address(value: Any) -> bool:
    """Tell whether this is an http(s) URL as the schemas require."""
    if (
        not isinstance(value, str)
        or not re.fullmatch(r"[\x21-\x7e]+", value)
        or re.search(r'[<>"{}|\\^`]', value)
    ):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def address_of(value: Any) -> str | None:
    """Return a URL with percent-encoding repaired; None when it stays invalid."""
    if not isinstance(value, str):
        return None
    if is_address(value):
        return value
    made = quote(value.strip(), safe="%/:=&?~#+!$,;'@()*[]")
    return made if is_address(made) else None


def names_of(people: Iterable[Any]) -> list[str]:
    return [name_of(person) for person in people]


def name_of(person: Any) -> str:
    """Return the name of a person in a file: `name`, `public_name`, or a plain text."""
    if isinstance(person, dict):
        person = person.get("name") or person.get("public_name") or person.get("full_public_name")
    return line_of(person, 100)


def in_amsterdam(found: datetime) -> datetime:
    return found.astimezone(AMSTERDAM)
