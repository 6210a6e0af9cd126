"""Parser of durations as written in Dutch, and as spreadsheets keep them. Pure: text in, value or None out."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from dagvandebuurt.core.text import folded
from dagvandebuurt.programme.exchange.notations import (
    EXCEL_FIRST,
    EXCEL_FIRST_1904,
    MOST_CHARS,
    NUMBERS,
    tidy,
)

GOOD_LENGTH = "45"  # example for an error message
LONGEST = timedelta(days=14)

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
        return value.replace(tzinfo=None) - (EXCEL_FIRST if value.year < 1904 else EXCEL_FIRST_1904)
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
    return NUMBERS.get(word) if word != "kwart" else 0.25
