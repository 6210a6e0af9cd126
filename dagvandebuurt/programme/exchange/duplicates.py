"""Duplicate keys within a file: different sessions or people under one name are told apart by other fields."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from dagvandebuurt.core.text import slug_of
from dagvandebuurt.programme.exchange.document import ParsedSession
from dagvandebuurt.programme.exchange.repairs import Findings


def key_of(said: ParsedSession) -> str:
    """Return the key that identifies this session in its file."""
    if said.key:
        return said.key
    for name, value in (("guid", said.guid), ("code", said.code), ("id", said.number), ("slug", said.slug)):
        if value:
            return f"{name}:{value.casefold()}"
    return f"title:{slug_of(said.values['title'])}"


def without_doubles(sessions: Iterable[ParsedSession], notes: Findings) -> None:
    """Give the later of two sessions with one key a key made of its time and place, stable over imports."""
    by_key: dict[str, list[ParsedSession]] = defaultdict(list)
    for said in sessions:
        by_key[key_of(said)].append(said)
    for key, several in by_key.items():
        if len(several) > 1:
            for said in several:
                said.key = key
    seen: dict[str, set[Any]] = {"guid": set(), "code": set(), "id": set(), "slug": set()}
    for said in (each for several in by_key.values() for each in several):
        _apart(said, seen, notes)


def _apart(said: ParsedSession, seen: dict[str, set[Any]], notes: Findings) -> None:
    raw = said.raw if said.raw is not None else {}
    notes.title = said.values["title"]
    for name, values in seen.items():
        value = raw.get(name)
        if not value:
            continue
        if value not in values:
            values.add(value)
            continue
        became = ""
        if name == "guid":
            became = raw["guid"] = said.guid = _another(str(value), said, values)
        else:
            raw.pop(name)
            setattr(said, "number" if name == "id" else name, "")
        notes.repaired(said.line, f"{name} die al voorkwam", value, became or "weggelaten")


def _another(guid: str, said: ParsedSession, taken: set[Any]) -> str:
    apart = f"{said.values['starts_at'].isoformat()}:{said.values.get('room', '')}:{said.values['title']}"
    made, turn = str(uuid5(UUID(guid), apart)), 2
    while made in taken:
        made, turn = str(uuid5(UUID(guid), f"{apart}:{turn}")), turn + 1
    taken.add(made)
    return made
