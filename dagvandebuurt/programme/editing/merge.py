"""Three-way merge of two edits of one form: only fields that both changed are conflicts.

A page carries the fingerprint of every value it showed, which stands for the common ancestor. A field that
somebody did not touch therefore never undoes another's change, drafted or published. Pure.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dagvandebuurt.core.clock import local
from dagvandebuurt.core.text import clean_text

IN_ORDER = frozenset({"speakers", "hosts"})  # in other lists order has no meaning
ALL_LINES = 10_000
MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Conflict:
    """Field that both changed, to different values. `fingerprint` is of their value."""

    name: str
    mine: Any
    theirs: Any

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.name, self.theirs)


@dataclass(frozen=True)
class Merged:
    values: dict[str, Any]
    conflicts: tuple[Conflict, ...]


def fingerprints(values: Mapping[str, Any]) -> str:
    """Return the fingerprints of the values shown, to be sent along with the form."""
    return " ".join(f"{name}={fingerprint_of(name, value)}" for name, value in values.items())


def read_fingerprints(text: str | None) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in (text or "").split() if "=" in pair)


def merged(
    typed: Mapping[str, Any], now: Mapping[str, Any], shown: Mapping[str, str], chosen: Mapping[str, str]
) -> Merged:
    """Merge `typed` into the values that exist `now`, given the fingerprints of what was `shown`.

    `chosen` resolves a conflict: whose value to take, with the fingerprint of theirs that was on screen:
    `mine 1f2e3d4c`.
    """
    values: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for name, mine in typed.items():
        if name not in now:
            values[name] = mine
            continue
        theirs = now[name]
        my_fingerprint, their_fingerprint = fingerprint_of(name, mine), fingerprint_of(name, theirs)
        untouched = my_fingerprint in (their_fingerprint, shown.get(name))
        if untouched or chosen.get(name) == f"{THEIRS} {their_fingerprint}":
            values[name] = theirs
        elif (
            shown.get(name, their_fingerprint) == their_fingerprint
            or chosen.get(name) == f"{MINE} {their_fingerprint}"
        ):
            values[name] = mine
        else:
            conflicts.append(Conflict(name, mine, theirs))
    return Merged(values, tuple(conflicts))


def fingerprint_of(name: str, value: Any) -> str:
    """Return a fingerprint, equal for equivalent values: normalised line ends and zone, to the minute."""
    return hashlib.blake2b(json.dumps(_plain(name, value)).encode(), digest_size=6).hexdigest()


def _plain(name: str, value: Any) -> Any:
    if name.endswith("_at") and isinstance(value, str):
        return local(datetime.fromisoformat(value)).strftime("%Y-%m-%d %H:%M %z")
    if isinstance(value, str):
        return clean_text(value, lines=ALL_LINES) or None
    if isinstance(value, list):
        return value if name in IN_ORDER else sorted(map(str, value))
    return value
