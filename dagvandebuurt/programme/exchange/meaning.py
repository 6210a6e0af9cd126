"""What the words of a file mean: moments, durations, languages, kinds, addresses. Lenient where it is safe."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from dagvandebuurt.core.clock import AMSTERDAM
from dagvandebuurt.core.text import clean_text, folded, one_line, shortened
from dagvandebuurt.programme.exchange.repairs import Findings
from dagvandebuurt.programme.models import SessionKind
from dagvandebuurt.programme.words import KINDS

MOST_LINES = 10_000
A_WHILE = timedelta(minutes=30)  # for a session that does not say how long it is
_YEARS = range(1990, 2200)
_TIME = re.compile(
    r"^\s*(\d{1,2})\s*[:.uh]\s*(\d{2})(?::\d{2})?(?:\s*uur)?\s*([+-]\d{2}:?\d{2}|Z)?\s*$", re.IGNORECASE
)
_DAY_FIRST = re.compile(r"^\s*(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})\s*$")
_DAY_IN_WORDS = re.compile(r"^\s*(?:[a-z]+\s+)?(\d{1,2})\s+([a-z]+)\.?\s+(\d{4})\s*$", re.IGNORECASE)
_MONTHS = ["jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
_OTHER_MONTHS = {"mar": 3, "mrt": 3, "may": 5, "oct": 10}
_LENGTH = re.compile(r"^\s*(?:(\d{1,2})\s*[:d]\s*)?(\d{1,3})\s*[:.uh]\s*(\d{2})\s*$")
_ISO_LENGTH = re.compile(r"^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+(?:\.\d+)?S)?)?$")
_MINUTES = re.compile(r"^\s*(\d{1,4})\s*(?:m|min|minuten|minutes)?\s*$", re.IGNORECASE)


def zone_of(name: Any) -> tzinfo | None:
    """A time zone by its name; None where there is no such one."""
    try:
        return ZoneInfo(name) if isinstance(name, str) and name else None
    except (ValueError, KeyError, OSError):
        return None


def moment(text: Any) -> datetime | None:
    """A moment, with a zone or without. None for what is none."""
    if not isinstance(text, str) or not 8 <= len(text.strip()) <= 40:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def placed(found: datetime, zone: tzinfo, line: int, findings: Findings) -> datetime:
    """A moment on the clock of `zone` unless it says itself where it is. The hour that comes twice is the
    first one, an hour that does not come is the next one; both are said."""
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
    """`9:00`, `09.00`, `9u00`, and `02:30+01:00` for the hour that comes twice."""
    if isinstance(text, datetime):
        return text.time(), None
    if isinstance(text, time):
        return text, None
    match = _TIME.match(str(text or ""))
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    zone = datetime.fromisoformat(f"2000-01-01T00:00{match[3]}").tzinfo if match[3] else None
    return time(int(match[1]), int(match[2])), zone


def day(text: Any) -> date | None:
    """`2026-12-14`, `14-12-2026` and `14 december 2026`."""
    if isinstance(text, datetime):
        return text.date()
    if isinstance(text, date):
        return text
    said = str(text or "")
    try:
        if match := _DAY_FIRST.match(said):
            found = date(int(match[3]), int(match[2]), int(match[1]))
        elif match := _DAY_IN_WORDS.match(said):
            found = date(int(match[3]), _month(match[2]), int(match[1]))
        else:
            found = date.fromisoformat(said.strip()[:10])
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def _month(word: str) -> int:
    short = word.casefold()[:3]
    return _OTHER_MONTHS.get(short) or _MONTHS.index(short) + 1


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
    """`donderdag 28 januari`: what a round made for a day is called."""
    return f"{_DAY_NAMES[when.weekday()]} {when.day} {_MONTH_NAMES[when.month - 1]}"


def length(text: Any) -> timedelta | None:
    """`0:30`, `1:00`, `PT45M`, `45 min`. None for what is none, or for nothing at all."""
    said = str(text if text is not None else "").strip()
    if match := _LENGTH.match(said):
        found = timedelta(days=int(match[1] or 0), hours=int(match[2]), minutes=int(match[3]))
    elif match := _ISO_LENGTH.match(said):
        found = timedelta(days=int(match[1] or 0), hours=int(match[2] or 0), minutes=int(match[3] or 0))
    elif match := _MINUTES.match(said):
        found = timedelta(minutes=int(match[1]))
    else:
        return None
    return found if timedelta() < found <= timedelta(days=14) else None


def line_of(value: Any, most: int) -> str:
    return shortened(one_line(words(value)), most)


def text_of(value: Any) -> str:
    return clean_text(words(value), lines=MOST_LINES)


def words(value: Any) -> str:
    """The text of a value; of one in several languages the Dutch, or else the first."""
    if isinstance(value, dict):
        said = [text for text in value.values() if isinstance(text, str)]
        chosen = value.get("nl")
        return chosen if isinstance(chosen, str) else (said[0] if said else "")
    if isinstance(value, str):
        return value
    return "" if value is None or isinstance(value, list | bool) else str(value)


def languages_of(value: Any) -> list[str]:
    """`de, en` is two; nothing said is Dutch."""
    found = [part.strip().casefold().replace("_", "-") for part in re.split(r"[,;/|]", words(value))]
    return list(
        dict.fromkeys(part[:20] for part in found if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]+)*", part))
    ) or ["nl"]


_KINDS = {kind.value: kind for kind in SessionKind} | {
    folded("Openingsact"): SessionKind.PERFORMANCE, folded("Tweegesprek"): SessionKind.CONVERSATION,
    folded("Aftrap"): SessionKind.LAUNCH, folded("Tafelgesprek"): SessionKind.TABLE,
    folded("Markt"): SessionKind.MARKET, "talk show": SessionKind.TALKSHOW, "opening": SessionKind.LAUNCH,
}  # fmt: skip


def kind_of(value: Any) -> tuple[SessionKind, str | None]:
    """One of our kinds, or a workshop that is called something else."""
    said = line_of(value, 80)
    if not said:
        return SessionKind.WORKSHOP, None
    found = _KINDS.get(folded(said))
    return (found, None) if found is not None else (SessionKind.WORKSHOP, said)


# Not translated: a file says the same to everybody.
KIND_WORDS = {
    SessionKind.PERFORMANCE: "Openingsact", SessionKind.CONVERSATION: "Tweegesprek",
    SessionKind.LAUNCH: "Aftrap", SessionKind.WORKSHOP: "Workshop", SessionKind.TABLE: "Tafelgesprek",
    SessionKind.MASTERCLASS: "Masterclass", SessionKind.TALKSHOW: "Talkshow", SessionKind.MARKET: "Markt",
}  # fmt: skip
assert KIND_WORDS.keys() == KINDS.keys()


def uuid_of(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None


def is_address(value: Any) -> bool:
    """Whether this is an http(s) address as the schemas want it."""
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
    """An address with its spaces and letters escaped; None where that makes none either."""
    if not isinstance(value, str):
        return None
    if is_address(value):
        return value
    made = quote(value.strip(), safe="%/:=&?~#+!$,;'@()*[]")
    return made if is_address(made) else None


def names_of(people: Iterable[Any]) -> list[str]:
    return [name_of(person) for person in people]


def name_of(person: Any) -> str:
    """What a person of a file is called: `name`, `public_name`, or only a text."""
    if isinstance(person, dict):
        person = person.get("name") or person.get("public_name") or person.get("full_public_name")
    return line_of(person, 100)


def in_amsterdam(found: datetime) -> datetime:
    return found.astimezone(AMSTERDAM)
