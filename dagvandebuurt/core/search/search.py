"""Search queries: ranked results, facets, and spelling correction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from dagvandebuurt.core.db import db
from dagvandebuurt.core.search.synonyms import synonyms_of
from dagvandebuurt.core.search.tables import ENTRY, NEAR, VOCABULARY, dialect_of
from dagvandebuurt.core.search.vocabulary import (
    SHORTEST_CORRECTED,
    deletion_variants,
    edit_distance,
    slips_allowed,
    sought,
)

PAGE = 20
LITTLE = 3  # results up to which other ways to say it are offered
MOST_ALSO = 5
MOST_TRIED = 20
FACETS = ("kind", "theme", "place", "organisation", "year")
# As `matching` returns them, after the number.
_COLUMN = {facet: itemgetter(place) for place, facet in enumerate(FACETS, 1)}
_FITTING = (
    "SELECT entry.number, entry.kind, entry.themes, entry.places, entry.organisations, entry.year"
    " FROM search_words JOIN search_entry AS entry ON entry.number = search_words.rowid"
)


@dataclass(frozen=True)
class Result:
    """One result. `body` is the whole text; the page chooses the snippet."""

    kind: str
    thing_id: UUID
    title: str
    body: str
    link: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True)
class Found:
    """Page of results with facets.

    `count` is the total; facets hold values with the count each would leave if chosen too. `instead` are the
    words that did find something, where the typed ones found nothing; `also` are other ways to say it that find
    something too, where there is little.
    """

    words: Sequence[str]
    count: int
    results: Sequence[Result]
    facets: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    instead: Sequence[str] = ()
    also: Sequence[Sequence[str]] = ()

    @property
    def sought(self) -> Sequence[str]:
        """Return the words to highlight."""
        return self.instead or self.words


def find(typed: str, chosen: Mapping[str, str] | None = None, *, page: int = 1, size: int = PAGE) -> Found:
    """Return public documents that contain all of these words, or words with these prefixes, best match
    first.

    `chosen` filters by facet. Any input is treated as plain words: there is no query syntax to get wrong.
    """
    words = sought(typed)
    if not words:
        return Found((), 0, ())
    rows = _matching(words)
    instead: Sequence[str] = ()
    also = _said_otherwise(words) if len(rows) <= LITTLE else []
    if not rows:
        instead = also.pop(0) if also else _nearest(words)
        rows = _matching(instead) if instead else []
        instead = instead if rows else ()
    return replace(_divided(words, instead, rows, chosen or {}, page, size), also=also)


def _said_otherwise(words: Sequence[str]) -> list[list[str]]:
    """Return other ways to say this that find something: a synonym for one of the words, nearest first."""
    ways = [
        [*words[:place], other, *words[place + 1 :]]
        for place, word in enumerate(words)
        for other in synonyms_of(word)
        if other not in words
    ]
    found = (way for way in ways[:MOST_TRIED] if _is_somewhere(*way))
    return list(islice(found, MOST_ALSO))


def subjects(most: int = 8) -> list[str]:
    """Return the themes of what can be found, most frequent first: somewhere to begin."""
    told = db.session.execute(
        select(ENTRY.c.themes, func.count()).where(ENTRY.c.themes != "").group_by(ENTRY.c.themes)
    )
    counts: Counter[str] = Counter()
    for names, many in told:
        for name in _values(names):
            counts[name] += many
    return [name for name, _many in sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:most]]


def _matching(words: Sequence[str]) -> Sequence[Any]:
    """Return all matches, best first, with their facet values only."""
    return db.session.execute(matching(), {"sought": dialect_of(db.engine).query(words)}).all()


def matching() -> Any:
    """Return the search statement; `:sought` is a query in the dialect of the database."""
    full_text = dialect_of(db.engine)
    return text(f"{_FITTING} WHERE {full_text.found} ORDER BY {full_text.rank}, entry.at DESC, entry.number")


def _nearest(words: Sequence[str]) -> list[str]:
    """Correct the spelling: replace each unknown word by the nearest known one; empty when there is none."""
    meant = []
    for word in words:
        if _is_somewhere(word):
            meant.append(word)
        elif near := _near(word):
            meant.append(near)
        else:
            return []
    return meant if meant != list(words) else []


def _is_somewhere(*words: str) -> bool:
    full_text = dialect_of(db.engine)
    query = text(f"SELECT 1 FROM search_words WHERE {full_text.found} LIMIT 1")  # noqa: S608 - ours alone
    return db.session.execute(query, {"sought": full_text.query(words)}).first() is not None


def _near(word: str) -> str | None:
    if len(word) < SHORTEST_CORRECTED:
        return None
    rows = db.session.execute(
        select(VOCABULARY.c.word, VOCABULARY.c.entries)
        .join(NEAR, NEAR.c.word == VOCABULARY.c.word)
        .where(NEAR.c.piece.in_(sorted(deletion_variants(word))))
        .where(func.length(VOCABULARY.c.word) <= len(word) + slips_allowed(word))
        .distinct()
    )
    most = slips_allowed(word)
    near = [(edit_distance(word, row.word, most), -row.entries, row.word) for row in rows]
    close = sorted(each for each in near if each[0] <= most)
    return close[0][2] if close else None


def _divided_by(rows: Sequence[Any], facet: str) -> list[tuple[str, int]]:
    """Count `rows` per facet value, most frequent first. A row with several values counts for each."""
    counts: Counter[str] = Counter()
    for told, many in Counter(map(_COLUMN[facet], rows)).items():
        for value in _values(told):
            counts[value] += many
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


@lru_cache(maxsize=4096)
def _values(told: str | int | None) -> tuple[str, ...]:
    return tuple(str(told).split("\n")) if told else ()


def _divided(
    words: Sequence[str],
    instead: Sequence[str],
    rows: Sequence[Any],
    chosen: Mapping[str, str],
    page: int,
    size: int,
) -> Found:
    wanted = {facet: value for facet, value in chosen.items() if value}
    fits = _with(rows, wanted)
    counts = {
        facet: _divided_by(fits if facet not in wanted else _with(rows, _without(wanted, facet)), facet)
        for facet in FACETS
    }
    numbers = [row[0] for row in fits[(page - 1) * size : page * size]]
    return Found(words, len(fits), _results(numbers), counts, instead)


def _without(wanted: Mapping[str, str], facet: str) -> Mapping[str, str]:
    return {name: value for name, value in wanted.items() if name != facet}


def _with(rows: Sequence[Any], wanted: Mapping[str, str]) -> Sequence[Any]:
    for facet, value in wanted.items():
        column = _COLUMN[facet]
        rows = [row for row in rows if value in _values(column(row))]
    return rows


def _results(numbers: Sequence[int]) -> list[Result]:
    columns = [ENTRY.c[name] for name in ("number", "kind", "thing_id", "title", "body", "link", "at")]
    rows = db.session.execute(select(*columns).where(ENTRY.c.number.in_(numbers)))
    by_number = {row[0]: Result(row[1], row[2], row[3], row[4], row[5], row[6]) for row in rows}
    return [by_number[number] for number in numbers if number in by_number]
