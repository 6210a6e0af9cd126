"""Matching of speakers in a file to known ones: by name and number, as a number alone is not reliable."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from dagvandebuurt.core.text import folded
from dagvandebuurt.programme.editing.snapshot import Plan, RecordKind
from dagvandebuurt.programme.exchange import parse
from dagvandebuurt.programme.exchange.document import ParsedSession
from dagvandebuurt.programme.exchange.repairs import Findings

NAMESPACE = UUID("6f2f6a0e-2f0b-4a56-9f43-1f0f0c8b4d11")  # namespace of every id that derives from a file
MOST_NAMES_SHOWN = 4
_KEYS = ("guid", "code", "id")


class People:
    """Index of speakers by the keys of a file.

    A GUID or code identifies a person also under a new name; a number, which merged systems issue twice, only
    together with the name. `sessions` are those of the file: two numbers with one name in it are two people,
    and a known person may return with another number.
    """

    def __init__(self, before: Plan, sessions: Iterable[ParsedSession] = (), origin: str = "") -> None:
        self.told: set[UUID] = set()
        self._known: dict[str, UUID] = {}
        self._by_name: dict[str, list[UUID]] = defaultdict(list)
        self._keys: dict[UUID, set[str]] = defaultdict(set)
        self._several = _names_of_several(sessions, origin)
        for speaker_id, speaker in before.things[RecordKind.SPEAKER].items():
            said = speaker.exchange.get("said", {})
            self.add(speaker_id, said, speaker.name, str(speaker.exchange.get("from", "")))
            self._known.setdefault(f"guid:{speaker_id}", speaker_id)

    def add(self, speaker_id: UUID, said: dict[str, Any], name: str, origin: str) -> None:
        keys = _person_keys(said, name, origin)
        self._keys[speaker_id].update(keys)
        for key in keys:
            self._known.setdefault(key, speaker_id)
        if speaker_id not in self._by_name[_name(name)]:
            self._by_name[_name(name)].append(speaker_id)

    def find(self, said: dict[str, Any], name: str, origin: str) -> UUID | None:
        keys = _person_keys(said, name, origin)
        for key in keys:
            if key in self._known:
                return self._known[key]
        alike = self._by_name.get(_name(name), [])
        if keys and _name(name) in self._several:
            # Two people of one file share a name: another key tells them apart.
            alike = [each for each in alike if not self._keys[each]]
        return alike[0] if alike else None

    def new_id(self, said: dict[str, Any], name: str, origin: str) -> UUID:
        keys = _person_keys(said, name, origin)
        return uuid5(NAMESPACE, f"speaker:{keys[0] if keys else 'name:' + _name(name)}")


def _name(name: str) -> str:
    return " ".join(folded(name).split())


def _person_keys(said: dict[str, Any], name: str, origin: str) -> list[str]:
    keys = []
    if parse.uuid_of(said.get("guid")) is not None:
        keys.append(f"guid:{said['guid'].casefold()}")
    if isinstance(said.get("code"), str) and said["code"]:
        keys.append(f"code:{origin}:{said['code'].casefold()}")
    number = _number(said.get("id"))
    if number:
        keys.append(f"id:{origin}:{number}:{_name(name)}")
    return keys


def _number(value: Any) -> str:
    """Return a number as text, or nothing. Programs write 0 and less for no particular person."""
    text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return "" if not text or text.lstrip("-0") == "" or text.startswith("-") else text


def _names_of_several(sessions: Iterable[ParsedSession], origin: str) -> set[str]:
    """Return the names that occur in this file with more than one number, GUID or code."""
    keys: dict[str, set[str]] = defaultdict(set)
    for person in _persons(sessions):
        name = parse.name_of(person)
        found = _person_keys(person, name, origin)
        if found:
            keys[_name(name)].add(found[0])
    return {name for name, several in keys.items() if len(several) > 1}


def _persons(sessions: Iterable[ParsedSession]) -> Iterable[dict[str, Any]]:
    for said in sessions:
        for person in (*said.values.get("people", ()), *said.values.get("hosts", ())):
            if isinstance(person, dict):
                yield person


def without_doubled_people(sessions: Iterable[ParsedSession], notes: Findings) -> None:
    """Drop a GUID or code used for several names in one file, and report it, so that no people are merged."""
    sessions = list(sessions)
    names: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    lines: dict[tuple[str, str], int] = {}
    for said in sessions:
        for person in _persons([said]):
            for key in _KEYS:
                value = str(person.get(key, "")).strip().casefold()
                if value:
                    names[key, value].setdefault(_name(parse.name_of(person)), parse.name_of(person))
                    lines.setdefault((key, value), said.line)
    doubled = {key for key, several in names.items() if len(several) > 1}
    for person in _persons(sessions):
        for key in ("guid", "code"):
            if (key, str(person.get(key, "")).strip().casefold()) in doubled:
                person.pop(key)
    notes.title = ""
    for key, value in sorted(doubled, key=lambda each: (lines[each], each)):
        shown = list(names[key, value].values())
        rest = f" (en nog {len(shown) - MOST_NAMES_SHOWN})" if len(shown) > MOST_NAMES_SHOWN else ""
        what = "nummer" if key == "id" else key
        notes.repaired(
            lines[key, value], f"{what} {value[:40]} van meer dan één mens",
            ", ".join(shown[:MOST_NAMES_SHOWN]) + rest, f"{len(shown)} verschillende mensen",
        )  # fmt: skip
