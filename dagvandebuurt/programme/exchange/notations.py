"""Parsers of dates and times as written in Dutch (for durations see `durations`). Pure: text in, value or None out.

Nothing is guessed silently: an ambiguous text is None (and the caller shows a good example), an unusual one
is reported by the caller. A value that already is a date, time or timedelta passes.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from dagvandebuurt.core.text import folded

YEARS = range(1990, 2200)
GOOD_DATE, GOOD_TIME = "28-01-2027", "13:45"  # example for an error message
MOST_CHARS = 80
EXCEL_DAYS = range(32_874, 109_575)  # the serial numbers of 1990 to 2199
EXCEL_FIRST, EXCEL_FIRST_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - wall clocks

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]+")
_DASHES = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-") | {"\u2019": "'", "\u2032": "'"}
)
_DAY_NAME = re.compile(
    r"^(ma|maandag|di|dinsdag|wo|woensdag|do|donderdag|vr|vrijdag|za|zaterdag|zo|zondag|mo|mon|monday|tue?|tues|"
    r"tuesday|wed?|wednesday|thu?|thur|thurs|thursday|fri?|friday|sat?|saturday|sun?|sunday)\b[.,]*\s*",
    re.IGNORECASE,
)  # fmt: skip
_DAYS = {
    "ma": 0, "mo": 0, "di": 1, "tu": 1, "wo": 2, "we": 2, "do": 3, "th": 3, "vr": 4, "fr": 4, "za": 5, "sa": 5,
    "zo": 6, "su": 6,
}  # fmt: skip
_MONTHS = {
    "jan": 1, "feb": 2, "maa": 3, "mrt": 3, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "aug": 8,
    "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_MONTH = (
    r"(jan(?:uari|uary)?|febr?(?:uari|uary)?|maart|mrt|mar(?:ch)?|apr(?:il)?|mei|may|juni?|june|juli?|july|"
    r"aug(?:ustus|ust)?|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_CLOCK_BEHIND = r"(?:[T ]\s*\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"^(\d{{4}})[-/. ](\d{{1,2}})[-/. ](\d{{1,2}}){_CLOCK_BEHIND}$", re.IGNORECASE)
_PACKED = re.compile(rf"^(\d{{4}})(\d{{2}})(\d{{2}}){_CLOCK_BEHIND}$", re.IGNORECASE)
_DAY_FIRST = re.compile(
    rf"^(\d{{1,2}})\s?[-/. ]\s?(\d{{1,2}})\s?[-/. ]\s?(\d{{4}}|'?\d{{2}}){_CLOCK_BEHIND}$"
)
_NO_YEAR = re.compile(r"^(\d{1,2})[-/](\d{1,2})$")
_IN_WORDS = re.compile(
    rf"^(\d{{1,2}})(?:\.|e|ste|de|th|st|nd|rd)?[-/. ]*{_MONTH}[-/., ]*(\d{{4}}|'?\d{{2}})?{_CLOCK_BEHIND}$", re.IGNORECASE
)  # fmt: skip
_MONTH_FIRST = re.compile(rf"^{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})$", re.IGNORECASE)


@dataclass(frozen=True)
class Day:
    """Date, and what was assumed or is inconsistent: a missing year, or another weekday."""

    date: date
    has_year: bool = True
    is_serial: bool = False
    wrong_weekday: bool = False


def tidy(value: Any) -> str:
    """Normalise to one line, with plain spaces and dashes, without the `'` that marks text in a spreadsheet."""
    text = _SPACES.sub(" ", str(value if value is not None else "")).translate(_DASHES).strip()
    return text[1:].strip() if text.startswith("'") and text[1:2].isdigit() else text


# --- days ---


def day(value: Any, near: date | None = None) -> Day | None:
    """Parse a date. Without a year it is the one nearest to `near`, or None. Day before month; `1/28/2027` is
    refused.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return Day(value) if value.year in YEARS else None
    text = tidy(value)
    if not text or len(text) > MOST_CHARS:
        return None
    serial = excel_moment(text)
    if serial is not None:
        return Day(serial.date(), is_serial=True)
    named, bare = _weekday(text)
    found = _day_of(bare, near)
    if found is None or named is None or found.date.weekday() == named:
        return found
    return Day(found.date, found.has_year, wrong_weekday=True)


def _weekday(text: str) -> tuple[int | None, str]:
    match = _DAY_NAME.match(text)
    if match is None or not text[match.end() :]:
        return None, text
    return _DAYS[match[1].casefold()[:2]], text[match.end() :]


def _day_of(text: str, near: date | None) -> Day | None:
    try:
        if match := _YEAR_FIRST.match(text) or _PACKED.match(text):
            return _held(date(int(match[1]), int(match[2]), int(match[3])))
        if match := _DAY_FIRST.match(text):
            return _held(date(_year(match[3]), int(match[2]), int(match[1])))
        if match := _MONTH_FIRST.match(text):
            return _held(date(int(match[3]), _month(match[1]), int(match[2])))
        if match := _IN_WORDS.match(text):
            if match[3]:
                return _held(date(_year(match[3]), _month(match[2]), int(match[1])))
            return _nearest(int(match[1]), _month(match[2]), near)
        if match := _NO_YEAR.match(text):
            return _nearest(int(match[1]), int(match[2]), near)
    except ValueError:
        return None
    return None


def _held(found: date) -> Day | None:
    return Day(found) if found.year in YEARS else None


def _year(digits: str) -> int:
    bare = int(digits.lstrip("'"))
    return bare if bare > 99 else 2000 + bare


def _month(word: str) -> int:
    return _MONTHS[word.casefold()[:3]]


def _nearest(number: int, month: int, near: date | None) -> Day | None:
    if near is None:
        return None
    candidates = []
    for year in (near.year - 1, near.year, near.year + 1):
        try:
            candidates.append(date(year, month, number))
        except ValueError:
            continue
    best = min(candidates, key=lambda each: abs((each - near).days), default=None)
    return Day(best, has_year=False) if best is not None else None


def day_and_rest(value: Any, near: date | None = None) -> tuple[Day, str] | None:
    """Parse a date followed by a time or range: `28-01-2027 13:00`, `do 28 januari, 13.00 - 13.45 uur`."""
    text = tidy(value)
    if not text or len(text) > MOST_CHARS or not isinstance(value, str):
        return None
    for place in [match.start() for match in re.finditer("[ T]", text)][-8:]:
        found, rest = (
            day(text[:place].rstrip(" ,"), near),
            re.sub(r"^om ", "", text[place + 1 :].strip(" ,-")),
        )
        if found is not None and not found.is_serial and (clock_time(rest, is_end=True) or clock_range(rest)):
            return found, rest
    return None


def excel_moment(text: str) -> datetime | None:
    """Convert a spreadsheet serial number (days since 30 December 1899), of a cell that lost its format."""
    match = re.fullmatch(r"(\d{5,6})(?:[.,](\d+))?", text)
    if match is None or int(match[1]) not in EXCEL_DAYS:
        return None
    return EXCEL_FIRST + timedelta(days=int(match[1]), seconds=round(float(f"0.{match[2] or 0}") * 86_400))


# --- times of day ---

_ABOUT = re.compile(r"^(?:om|vanaf|van|v\.?a\.?|rond|ca\.?|circa|±|~|at|from)\s*(?=\S)", re.IGNORECASE)
_CLOCK = re.compile(
    r"^(\d{1,2})\s*(?:uur|[:.,uh]|\s)\s*(\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*(?:u(?:ur|\.)?|h(?:rs|ours?|\.)?)?\s*"
    r"([ap]\.?m\.?)?\s*([+-]\d{2}:?\d{2}|Z)?$", re.IGNORECASE
)  # fmt: skip
_HOUR = re.compile(
    r"^(\d{1,2})\s*(?:u(?:ur|\.)?|h(?:rs|ours?|\.)?|([ap]\.?m\.?)|o'?clock)\.?$", re.IGNORECASE
)
_BARE = re.compile(r"^(\d{1,2})$")
_FOUR = re.compile(r"^(\d{2})(\d{2})$")
_FRACTION = re.compile(r"^0?[.,]\d+$|^0$")
_PART_OF_DAY = re.compile(r"^(.*?),?\s+('s|des)?\s*(ochtends|morgens|middags|avonds|nachts)$", re.IGNORECASE)
NUMBERS = {
    "een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9, "tien": 10,
    "elf": 11, "twaalf": 12, "kwart": 15, "vijftien": 15, "twintig": 20,
}  # fmt: skip
_SPOKEN = re.compile(r"^(?:(?P<off>\w+) (?P<side>voor|over) )?(?P<half>half )?(?P<hour>\w+)(?: uur)?$")


def clock_time(value: Any, *, is_end: bool = False) -> tuple[time, tzinfo | None] | None:
    """Parse a time: `9:00`, `09.00`, `9u00`, `9u`, `13 uur`, `1:00 PM`, `half elf`, `02:30+01:00`.

    As an end `24:00` is midnight. `10.5` is None, as it could mean 10:30 or 10:50.
    """
    if isinstance(value, datetime):
        return value.time(), value.tzinfo
    if isinstance(value, time):
        return value, None
    text = tidy(value)
    if not text or len(text) > MOST_CHARS:
        return None
    if re.match(r"^\d{4}-\d{2}-\d{2}[T ]", text):
        return _clock_of_moment(text)
    bare = _ABOUT.sub("", text)
    if is_end and re.match(r"^24[:.u]?(00)?(:00)?( ?uur)?$", bare):
        return time(0), None
    match = _PART_OF_DAY.match(bare)
    if match:
        return _in_part_of_day(match[1], match[3].casefold())
    return _written(bare) or _spoken(bare)


def _clock_of_moment(text: str) -> tuple[time, tzinfo | None] | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.time().replace(microsecond=0), found.tzinfo


def _written(text: str) -> tuple[time, tzinfo | None] | None:
    if _FRACTION.match(text):
        minutes = round(float(text.replace(",", ".")) * 1440)
        return (time(minutes // 60, minutes % 60), None) if minutes < 1440 else None
    if match := _CLOCK.match(text):
        zone = datetime.fromisoformat(f"2000-01-01T00:00{match[5].upper()}").tzinfo if match[5] else None
        return _time(int(match[1]), int(match[2]), match[4], zone)
    if match := _HOUR.match(text):
        return _time(int(match[1]), 0, match[2])
    if match := _BARE.match(text):
        return _time(int(match[1]), 0)
    if match := _FOUR.match(text):
        return _time(int(match[1]), int(match[2]))
    return None


def _time(
    hour: int, minute: int, half: str | None = None, zone: tzinfo | None = None
) -> tuple[time, tzinfo | None] | None:
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    return (time(hour, minute), zone) if hour <= 23 and minute <= 59 else None


def _spoken(text: str) -> tuple[time, tzinfo | None] | None:
    """Parse a spoken time: `half elf`, `kwart voor tien`. One to six is the afternoon."""
    if folded(text) == "middernacht":
        return time(0), None
    match = _SPOKEN.match(folded(text))
    if match is None:
        return None
    hour = _said_number(match["hour"])
    off = _said_number(match["off"]) if match["off"] else 0
    if (
        hour is None
        or off is None
        or not 1 <= hour <= 12
        or not (match["off"] or match["half"] or match["hour"].isalpha())
    ):
        return None  # fmt: skip
    minutes = hour % 12 * 60 - (30 if match["half"] else 0) + (-off if match["side"] == "voor" else off)
    minutes %= 720
    if minutes < 6 * 60 + 30:
        minutes += 720
    return time(minutes // 60 % 24, minutes % 60), None


def _said_number(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 3 else NUMBERS.get(word)


def _in_part_of_day(text: str, part: str) -> tuple[time, tzinfo | None] | None:
    found = _written(text) or _spoken(text)
    if found is None:
        return None
    hour = found[0].hour % 12
    is_late = (
        (part == "middags" and hour < 6)
        or (part == "avonds" and hour >= 5)
        or (part == "middags" and hour == 0)
    )
    return found[0].replace(hour=hour + 12 if is_late else hour), None


_BETWEEN = re.compile(
    r"\s*(?:-|(?<=[\d\su])tot en met(?=\s)|(?<=[\d\su])t/m(?=\s)|(?<=[\d\su])(?:tot|to|until)(?=\s))\s*"
)


def clock_range(value: Any) -> tuple[Any, Any] | None:
    """Parse begin and end: `13:00 - 13:45`, `10u-11u`, `van 10.00 tot 10.45 uur`. Both parts must be times."""
    text = tidy(value)
    if not text or len(text) > MOST_CHARS or isinstance(value, date | time):
        return None
    parts = _BETWEEN.split(text)
    if len(parts) != 2 or clock_time(parts[1], is_end=True) is None:
        return None
    if re.fullmatch(r"\d{4}", parts[1]) and re.fullmatch(r"\d{1,2}", parts[0]):
        return None  # `01-2027` is a month
    return (parts[0], parts[1]) if clock_time(parts[0]) is not None else None
