"""Parsers of dates, times and durations as written in Dutch. Pure: text in, value or None out.

Nothing is guessed silently: an ambiguous text is None (and the caller shows a good example), an unusual one
is reported by the caller. A value that already is a date, time or timedelta passes.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from dagvandebuurt.core.text import folded

YEARS = range(1990, 2200)
GOOD_DATE, GOOD_TIME, GOOD_LENGTH = "28-01-2027", "13:45", "45"  # example for an error message
MOST_CHARS = 80
EXCEL_DAYS = range(32_874, 109_575)  # the serial numbers of 1990 to 2199
_EXCEL_FIRST, _EXCEL_FIRST_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - wall clocks
LONGEST = timedelta(days=14)

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
    return _EXCEL_FIRST + timedelta(days=int(match[1]), seconds=round(float(f"0.{match[2] or 0}") * 86_400))


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
_NUMBERS = {
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
    return int(word) if word.isascii() and word.isdigit() and len(word) < 3 else _NUMBERS.get(word)


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


# --- durations ---

_TWO_PARTS = re.compile(r"^(\d{1,3})\s*[:.uh]\s*(\d{2})$")
_THREE_PARTS = re.compile(r"^(\d{1,3})\s*[:d.]\s*(\d{1,2})\s*[:.]\s*(\d{2})$")
_ISO = re.compile(r"^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+(?:\.\d+)?S)?)?$")
_NUMBER = re.compile(r"^(\d{1,4})(?:[.,](\d{1,17}))?$")
_QUANTITY = r"(\d{1,4}(?:[.,]\d{1,3})?|[½¼¾]|\d\s?[½¼¾]|een half|een kwart|half|anderhalf|anderhalve|[a-z]+)"
_UNIT = r"(dag(?:en)?|days?|d|u(?:ur|ren|rs)?|h(?:r|rs|ours?)?|kwartier(?:en|tje)?|m(?:in(?:uten|uut|utes?|s)?)?|')"
_AMOUNT = re.compile(rf"{_QUANTITY}\s*{_UNIT}\b\.?|{_QUANTITY}\s*(')")
_HOURS_THEN_MINUTES = re.compile(r"^(\d{1,2})\s*(?:u|uur|h|hr|hours?)\s*(\d{1,2})$")
_MINUTES_OF = {"d": 1440, "u": 60, "h": 60, "k": 15, "m": 1, "'": 1}
_PARTS = {"½": 0.5, "¼": 0.25, "¾": 0.75}


def length(value: Any, *, in_schedule: bool = False, unit: str = "min") -> timedelta | None:
    """Parse a duration: `0:45`, `00:45:00`, `45`, `45 min`, `1u30`, `1,5 uur`, `anderhalf uur`, `PT45M`, or a
    time cell.

    A bare number counts in `unit` (`min` or `hour`). Three parts are hours, minutes and seconds, and `45:00`
    is 45 minutes; `in_schedule`, `1:02:30` has days (pretalx), and `45:00` hours. None when it is invalid,
    zero, or longer than 14 days.
    """
    found = _length(value, in_schedule, unit)
    return found if found is not None and timedelta() < found <= LONGEST else None


def _length(value: Any, in_schedule: bool, unit: str) -> timedelta | None:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, datetime):  # a cell with hours past 24, or a timestamp of 1900
        return value.replace(tzinfo=None) - (_EXCEL_FIRST if value.year < 1904 else _EXCEL_FIRST_1904)
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute)
    text = folded_words(value)
    if not text or len(text) > MOST_CHARS:
        return None
    if match := _ISO.match(text.upper()):
        return timedelta(days=int(match[1] or 0), hours=int(match[2] or 0), minutes=int(match[3] or 0))
    if match := _THREE_PARTS.match(text):
        return _three_parts(match, text, in_schedule)
    if match := _HOURS_THEN_MINUTES.match(text) or _TWO_PARTS.match(text):
        return _two_parts(int(match[1]), int(match[2]), in_schedule)
    if match := _NUMBER.match(text):
        return _counted(text, match[2], unit)
    return _said_length(text)


def _three_parts(match: re.Match[str], text: str, in_schedule: bool) -> timedelta:
    first, second, third = int(match[1]), int(match[2]), int(match[3])
    if "d" in text or (in_schedule and len(match[1]) == 1 and first > 0):
        return timedelta(days=first, hours=second, minutes=third)
    return timedelta(hours=first, minutes=second + (1 if third >= 30 else 0))


def _two_parts(first: int, second: int, in_schedule: bool) -> timedelta | None:
    if first and second >= 60:
        return None
    if first > 24 and second == 0 and not in_schedule:
        return timedelta(minutes=first)
    return timedelta(hours=first, minutes=second)


def folded_words(value: Any) -> str:
    return folded_fractions(tidy(value)).casefold()


def folded_fractions(text: str) -> str:
    return "".join(ch if ch in _PARTS else folded(ch) for ch in text)


def _counted(text: str, decimals: str | None, unit: str) -> timedelta:
    """Parse a bare number: minutes; with a fraction hours, or a spreadsheet time (fraction of a day)."""
    number = float(text.replace(",", "."))
    if decimals is None or not decimals.strip("0"):
        return timedelta(minutes=number * (60 if unit == "hour" else 1))
    if len(decimals) <= 2 or unit == "hour":
        return timedelta(minutes=round(number * 60))
    return timedelta(minutes=round(number * 1440))


def _said_length(text: str) -> timedelta | None:
    """Parse a sum of amounts: `1 uur en 30 minuten`, `drie kwartier`, `anderhalf uur`. None when a word is
    left over.
    """
    minutes, last = 0.0, 0
    for match in _AMOUNT.finditer(text):
        if text[last : match.start()].strip(" ,+") not in ("", "en", "and", "ca.", "ca", "±"):
            return None
        number = _quantity((match[1] or match[3]).strip())
        if number is None:
            return None
        minutes += number * _MINUTES_OF[(match[2] or match[4])[0]]
        last = match.end()
    if last == 0:
        return {"uur": timedelta(hours=1), "kwartier": timedelta(minutes=15)}.get(text)
    return timedelta(minutes=round(minutes)) if not text[last:].strip(" .,") else None


def _quantity(word: str) -> float | None:
    if word in ("een half", "half"):
        return 0.5
    if word.startswith("anderhal"):
        return 1.5
    if word[-1] in _PARTS:
        return float(word[:-1].strip() or 0) + _PARTS[word[-1]]
    if word[:1].isdigit():
        return float(word.replace(",", "."))
    return _NUMBERS.get(word) if word != "kwart" else 0.25
