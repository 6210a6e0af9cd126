"""Full-text dialects for SQLite (FTS5) and PostgreSQL (tsvector): the only search file that tells them
apart.

Both have a table `search_words(rowid, title, body)` of folded words, so they are filled alike, and the words
of a query hold letters and digits only, so no quote, star or operator reaches the database (injection).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dagvandebuurt.core.search.vocabulary import stem


@dataclass(frozen=True)
class FullText:
    """Statements of one dialect. // `make` creates the table, `query(words)` builds the value of `:sought`
    (all words must match), `found` is the condition, `rank` is smaller for a better match, `alone` locks
    out other index writers, `tidy` removes deleted words from the file."""

    make: Sequence[str]
    query: Callable[[Sequence[str]], str]
    found: str
    rank: str
    alone: Sequence[str] = ()
    tidy: Sequence[str] = ()


def _in_sqlite(words: Sequence[str]) -> str:
    """Build a prefix query, also without plural endings: FTS5 has no Dutch stemmer."""
    return " AND ".join(
        "(" + " OR ".join(f'"{each}"{_star(each)}' for each in dict.fromkeys((word, stem(word)))) + ")"
        for word in words
    )


def _in_postgres(words: Sequence[str]) -> str:
    return " & ".join(f"'{word}'{':*' if _star(word) else ''}" for word in words)


def _star(word: str) -> str:
    return "*" if len(word) > 1 else ""  # every word begins with some letter


SQLITE = FullText(
    make=(
        "CREATE VIRTUAL TABLE search_words USING fts5("
        "title, body, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')",
    ),
    query=_in_sqlite,
    found="search_words MATCH :sought",
    rank="bm25(search_words, 8.0, 1.0)",
    tidy=("INSERT INTO search_words(search_words) VALUES ('optimize')",),
)
POSTGRES = FullText(
    make=(
        "CREATE TABLE search_words (rowid integer PRIMARY KEY, title text NOT NULL, body text NOT NULL,"
        " found tsvector NOT NULL GENERATED ALWAYS AS (setweight(to_tsvector('dutch', title), 'A')"
        " || setweight(to_tsvector('dutch', body), 'D')) STORED)",
        "CREATE INDEX ix_search_words_found ON search_words USING gin (found)",
    ),
    query=_in_postgres,
    found="found @@ to_tsquery('dutch', :sought)",
    rank="-ts_rank(found, to_tsquery('dutch', :sought), 1)",
    alone=("LOCK TABLE search_entry IN SHARE ROW EXCLUSIVE MODE",),  # readers do not wait
)
_BY_NAME = {"sqlite": SQLITE, "postgresql": POSTGRES}


def of(name: str) -> FullText:
    """Return the statements for this dialect."""
    return _BY_NAME[name]
