"""JSON parser with line numbers and limits on size and depth."""

import json
from bisect import bisect_left
from collections.abc import Callable
from json import decoder, scanner
from typing import Any

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.programme.errors import CannotBeRead, TooMuchInFile
from dagvandebuurt.programme.exchange import limits
from dagvandebuurt.programme.exchange.repairs import Findings


class Located(dict[str, Any]):
    """JSON object, and the line on which it begins."""

    line = 0


class _Reader(json.JSONDecoder):
    """Python's pure-Python JSON scanner, as the C version does not expose positions."""

    def __init__(self, text: str, findings: Findings, breathe: Callable[[], None]) -> None:
        super().__init__(
            object_pairs_hook=list, parse_int=_whole_number, parse_float=_number, parse_constant=_no_number
        )
        self._newlines = [place for place, letter in enumerate(text) if letter == "\n"]
        self._findings, self._breathe = findings, breathe
        self._depth = self._count = 0
        self.parse_object = self._object
        self.parse_array = self._array
        self.scan_once = scanner.py_make_scanner(self)  # type: ignore[attr-defined]

    def line(self, place: int) -> int:
        return bisect_left(self._newlines, place) + 1

    def _object(self, place: Any, *more: Any) -> tuple[Located, int]:
        self._deeper()
        pairs, end = decoder.JSONObject(place, *more)  # type: ignore[attr-defined]
        self._depth -= 1
        found = Located(pairs)
        found.line = self.line(place[1] - 1)
        if len(found) < len(pairs):
            names = [name for name, _value in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            self._findings.repaired(found.line, "veld dat twee keer staat", twice, found[twice])
        return found, end

    def _array(self, place: Any, *more: Any) -> tuple[list[Any], int]:
        self._deeper()
        found, end = decoder.JSONArray(place, *more)  # type: ignore[attr-defined]
        self._depth -= 1
        return found, end

    def _deeper(self) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > limits.MOST_DEPTH:
            raise TooMuchInFile(_("Dit bestand heeft meer dan %(most)d lagen.", most=limits.MOST_DEPTH))
        if self._count > limits.MOST_ELEMENTS:
            raise TooMuchInFile(
                _("Dit bestand heeft meer dan %(most)d onderdelen.", most=limits.MOST_ELEMENTS)
            )
        if self._count % 500 == 0:
            self._breathe()


def read_json(text: str, findings: Findings, breathe: Callable[[], None] = lambda: None) -> Any:
    """Parse `text`. Raises CannotBeRead with the line, TooMuchInFile with the limit."""
    reader = _Reader(text, findings, breathe)
    try:
        start = len(text) - len(text.lstrip(" \t\r\n"))
        found, end = reader.raw_decode(text, start)
        if text[end:].strip():
            raise json.JSONDecodeError("more", text, end)
    except json.JSONDecodeError as broken:
        raise CannotBeRead(
            _("Op regel %(line)d is dit geen goede JSON.", line=broken.lineno), line=broken.lineno
        ) from None
    except RecursionError:
        raise TooMuchInFile(_("Dit bestand heeft meer dan %(most)d lagen.", most=limits.MOST_DEPTH)) from None
    return found


def _whole_number(digits: str) -> int:
    if len(digits) > limits.MOST_DIGITS:
        raise TooMuchInFile(
            _("Er staat een getal in van meer dan %(most)d cijfers.", most=limits.MOST_DIGITS)
        )
    return int(digits)


def _number(digits: str) -> float:
    found = float(digits) if len(digits) <= 40 else float("inf")
    if found in (float("inf"), float("-inf")):
        raise TooMuchInFile(
            _("Er staat een getal in van meer dan %(most)d cijfers.", most=limits.MOST_DIGITS)
        )
    return found


def _no_number(word: str) -> float:
    raise CannotBeRead(_("%(word)s is geen getal dat JSON kent.", word=word))
