"""Filters of the programme: round, day, theme, domain, language, access and words.

The query string holds them all, so that a result can be shared; two addresses for the same filter are one
`Wanted`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.text import folded, one_line, shortened
from dagvandebuurt.people.labels import DOMAINS
from dagvandebuurt.programme.labels import ACCESS, date_in_words, language_in_words
from dagvandebuurt.programme.public.published import Day, Item

MOST_LETTERS = 80


@dataclass(frozen=True)
class Wanted:
    """Filter values, named as in the query string. Empty: everything."""

    dag: str = ""
    ronde: str = ""
    thema: str = ""
    werkveld: str = ""
    taal: str = ""
    toegankelijk: tuple[str, ...] = ()
    zoek: str = ""

    @classmethod
    def from_address(cls, args: MultiDict[str, str]) -> "Wanted":
        single = {
            each.name: shortened(one_line(args.get(each.name)), MOST_LETTERS)
            for each in fields(cls)
            if each.name != "toegankelijk"
        }
        asked = {shortened(one_line(value), MOST_LETTERS) for value in args.getlist("toegankelijk")[:20]}
        return cls(**single, toegankelijk=tuple(sorted(asked - {""})))

    @property
    def address(self) -> dict[str, Any]:
        """Return the arguments for `url_for`, without empty ones."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in given.items() if v}

    def without(self, name: str, value: str) -> "Wanted":
        if name == "toegankelijk":
            return replace(self, toegankelijk=tuple(v for v in self.toegankelijk if v != value))
        return self._changed(name, "")

    def _changed(self, name: str, value: Any) -> "Wanted":
        return replace(self, **{name: value})

    def __bool__(self) -> bool:
        return bool(self.address)


# Values of an item by filter; it must have all that are wanted.
_OFFERS: Mapping[str, Callable[[Day, Item], Iterable[str]]] = {
    "dag": lambda _day, item: (clock.local(item.starts_at).date().isoformat(),),
    "ronde": lambda day, item: (day.parts[item.round_id].code,),
    "thema": lambda _day, item: (code for code, _label in item.themes),
    "werkveld": lambda _day, item: item.domains,
    "taal": lambda _day, item: {*item.languages, *item.interpreters},
    "toegankelijk": lambda _day, item: item.access,
}


def found_of(day: Day, wanted: Wanted, *, but: str = "") -> list[Item]:
    """Return the items that match, in the order of the day. `but`: ignore this one filter."""
    sought = folded(wanted.zoek).split()
    asked = [
        (offer, {value} if isinstance(value, str) else set(value))
        for name, offer in _OFFERS.items()
        if name != but and (value := getattr(wanted, name))
    ]
    return [
        item
        for item in day.items
        if all(word in item.haystack for word in sought)
        and all(values <= set(offer(day, item)) for offer, values in asked)
    ]


@dataclass(frozen=True)
class Choice:
    """Filter option: its label, and how many sessions would match."""

    value: str
    label: str
    count: int


def choices_of(day: Day, wanted: Wanted) -> dict[str, list[Choice]]:
    """List the options of each filter; none where there is only one."""
    found = {}
    for name, offer in _OFFERS.items():
        everywhere = dict.fromkeys(value for item in day.items for value in offer(day, item))
        narrow = wanted if name == "toegankelijk" else wanted.without(name, "")
        left = Counter(value for item in found_of(day, narrow) for value in set(offer(day, item)))
        found[name] = [
            Choice(value, label_of(day, name, value), left[value])
            for value in _in_order(day, name, everywhere)
        ]
    return {
        name: choices if len(choices) > (name != "toegankelijk") else [] for name, choices in found.items()
    }


def _in_order(day: Day, name: str, values: Iterable[str]) -> list[str]:
    if name == "ronde":
        return [part.code for part in day.parts.values() if part.code in set(values)]
    if name == "dag":
        return sorted(values)
    return sorted(values, key=lambda value: folded(label_of(day, name, value)))


def label_of(day: Day, name: str, value: str) -> str:
    """Return the label of a filter value; the value itself when it is unknown here."""
    if name == "dag":
        return date_in_words(value)
    if name == "ronde":
        return next((part.label for part in day.parts.values() if part.code == value), value)
    if name == "thema":
        return next((label for item in day.items for code, label in item.themes if code == value), value)
    if name == "werkveld":
        return next((str(label) for domain, label in DOMAINS.items() if domain == value), value)
    if name == "taal":
        return language_in_words(value)
    if name == "toegankelijk":
        return str(ACCESS.get(value, value))
    return _("zoek: %(words)s", words=value)


def active(day: Day, wanted: Wanted) -> list[tuple[str, Wanted]]:
    """List the active filters in words, each with the filter that remains without it."""
    found = []
    for name, value in wanted.address.items():
        for each in value if isinstance(value, list) else [value]:
            found.append((label_of(day, name, each), wanted.without(name, each)))
    return found
