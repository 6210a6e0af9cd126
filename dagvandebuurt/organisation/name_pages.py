"""A long list of names, fifty at a time: by a search, or by the letter that a name begins with."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from dagvandebuurt.core.text import folded, one_line

PER_PAGE = 50
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OTHER = "#"  # names that begin with a digit, or with a letter of another script
SEARCH_MAX_CHARS = 100

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Asked:
    """What of the list is asked for, as an address says it."""

    search: str = ""
    letter: str = ""
    page: int = 1

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "Asked":
        """Read an address. What means nothing asks for nothing."""
        letter = args.get("letter", "").upper()
        page = args.get("pagina", "")
        return cls(
            search=one_line(args.get("zoek", ""))[:SEARCH_MAX_CHARS],
            letter=letter if letter in (*LETTERS, OTHER) else "",
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        )


@dataclass(frozen=True)
class NamePage(Generic[Thing]):
    """One page of a list. `letters` has how many names begin with each, of the whole list."""

    things: Sequence[Thing]
    everybody: int
    found: int
    page: int
    pages: int
    asked: Asked
    letters: Sequence[tuple[str, int]]

    def at(self, **changed: Any) -> dict[str, Any]:
        """Return the arguments of the address of another page of this list."""
        here = {"zoek": self.asked.search, "letter": self.asked.letter, "pagina": self.page} | changed
        return {name: value for name, value in here.items() if value not in ("", 1)}


def name_page(named: Iterable[tuple[str, Thing]], asked: Asked) -> NamePage[Thing]:
    """Return the page that is asked for, by name; the last one when there are fewer."""
    everybody = sorted((folded(name), place, thing) for place, (name, thing) in enumerate(named))
    begins = Counter(_letter(name) for name, _place, _thing in everybody)
    words = folded(asked.search).split()
    found = [
        thing
        for name, _place, thing in everybody
        if all(word in name for word in words) and asked.letter in ("", _letter(name))
    ]
    pages = max(-(-len(found) // PER_PAGE), 1)
    page = min(max(asked.page, 1), pages)
    return NamePage(
        found[(page - 1) * PER_PAGE : page * PER_PAGE],
        len(everybody),
        len(found),
        page,
        pages,
        asked,
        [(letter, begins[letter]) for letter in (*LETTERS, OTHER)],
    )


def _letter(name: str) -> str:
    first = next((character for character in name if character.isalnum()), "").upper()
    return first if first and first in LETTERS else OTHER
