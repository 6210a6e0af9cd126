"""An organiser's own words for the entries of fixed lists: roles of participants, fields of work, needs, kinds of
session, the menu. An entry can be renamed, and left out of what people choose from. Of some lists an organiser adds
entries: each has a few codes without a meaning, which get one with a word.

Stored in the branding, by list and code: `{"need": {"other": {"nl": "", "en": "", "hidden": true}}}`. Codes stay
what they are, in the database and in exports of data.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, TypeVar

from dagvandebuurt.core.i18n import LazyText, language
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.parts.branding.queries import brand

WORD_MAX_CHARS = 80
OWN = "own_"  # how the codes begin that have no meaning but the organiser's word
K = TypeVar("K")
Words = dict[str, dict[str, dict[str, Any]]]


class OwnWord(LazyText):
    """Label of one entry: the organiser's word in the reader's language, else the standard one."""

    def __init__(self, of: str, code: str, standard: LazyText, *, inside: bool = False) -> None:
        super().__init__(standard._text)
        self._of, self._code, self._inside = of, code, inside

    @property
    def standard(self) -> str:
        return super().__str__()

    def __str__(self) -> str:
        own = _entry(self._of, self._code)
        word: str = (language() == "en" and own.get("en")) or own.get("nl") or ""
        if not word:
            return self.standard
        # Within a line ("asked by: resident"); a name or an abbreviation keeps its capitals.
        is_plain = word[1:2].islower() or " " in word[:3]
        return f"{word[0].lower()}{word[1:]}" if self._inside and is_plain else word


def own_words(of: str, standard: Mapping[K, Any], *, inside: bool = False) -> dict[K, Any]:
    """Return the labels of a list, each of which an organiser can replace. `inside`: within a line."""
    return {code: OwnWord(of, code_of(code), label, inside=inside) for code, label in standard.items()}


def own_entries(kind: type[K]) -> dict[K, LazyText]:
    """Return the entries of an enum that organisers give a meaning, with what they are called until then."""
    members: Iterable[K] = kind  # type: ignore[assignment]
    return {member: _l("Eigen keuze") for member in members if is_own(member)}


def is_own(code: Any) -> bool:
    """Return whether an entry means only what the organiser calls it."""
    return code_of(code).startswith(OWN)


def has_meaning(of: str, code: Any) -> bool:
    """Return whether somebody can have chosen this entry, now or before it was left out."""
    return not is_own(code) or bool(_entry(of, code_of(code)).get("nl"))


def is_hidden(of: str, code: Any) -> bool:
    """Return whether the organiser left this entry out, or never gave it a meaning."""
    return bool(_entry(of, code_of(code)).get("hidden")) or not has_meaning(of, code)


def offered(of: str, labels: Mapping[K, Any], chosen: Iterable[Any] = ()) -> dict[K, Any]:
    """Return the entries that people choose from, with what was chosen before."""
    kept = {code_of(each) for each in chosen}
    return {code: label for code, label in labels.items() if code_of(code) in kept or not is_hidden(of, code)}


def code_of(entry: Any) -> str:
    return str(entry.value) if isinstance(entry, Enum) else str(entry)


def _entry(of: str, code: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = brand.look.words.get(of, {}).get(code, {})
    return found
