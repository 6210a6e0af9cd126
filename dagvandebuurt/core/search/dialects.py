"""Full-text dialects for SQLite (FTS5) and PostgreSQL (tsvector): the only search file that tells them
apart.

Both have a table `search_words(rowid, title, body, title_stems, body_stems)` of folded words and their Dutch
stems. Neither database stems by itself, so that both find the same. The words of a query hold letters and
digits only, so no quote, star or operator reaches the database (injection).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dagvandebuurt.core.search.vocabulary import stem, without_plural


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
    return " AND ".join(
        "(" + " OR ".join(f'"{term}"{"*" if is_prefix else ""}' for term, is_prefix in _terms(word)) + ")"
        for word in words
    )


def _in_postgres(words: Sequence[str]) -> str:
    return " & ".join(
        "(" + " | ".join(f"'{term}'{':*' if is_prefix else ''}" for term, is_prefix in _terms(word)) + ")"
        for word in words
    )


def _terms(word: str) -> list[tuple[str, bool]]:
    """Return what matches `word`, each with whether it is a prefix: the word or its singular, as a prefix, and
    the stem, whole. A single letter is no prefix: every word begins with some letter."""
    prefix, root = without_plural(word), stem(word)  # the prefix of a word finds all that the word does
    terms = [(prefix, len(prefix) > 1)]
    return terms if root.startswith(prefix) else [*terms, (root, False)]


SQLITE = FullText(
    make=(
        "CREATE VIRTUAL TABLE search_words USING fts5("
        "title, body, title_stems, body_stems, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')",
    ),
    query=_in_sqlite,
    found="search_words MATCH :sought",
    rank="bm25(search_words, 8.0, 1.0, 8.0, 1.0)",
    tidy=("INSERT INTO search_words(search_words) VALUES ('optimize')",),
)
POSTGRES = FullText(
    make=(
        "CREATE TABLE search_words (rowid integer PRIMARY KEY, title text NOT NULL, body text NOT NULL,"
        " title_stems text NOT NULL, body_stems text NOT NULL,"
        " found tsvector NOT NULL GENERATED ALWAYS AS ("
        "setweight(to_tsvector('simple', title || ' ' || title_stems), 'A')"
        " || setweight(to_tsvector('simple', body || ' ' || body_stems), 'D')) STORED)",
        "CREATE INDEX ix_search_words_found ON search_words USING gin (found)",
    ),
    query=_in_postgres,
    found="found @@ to_tsquery('simple', :sought)",
    rank="-ts_rank(found, to_tsquery('simple', :sought), 1)",
    alone=("LOCK TABLE search_entry IN SHARE ROW EXCLUSIVE MODE",),  # readers do not wait
)
_BY_NAME = {"sqlite": SQLITE, "postgresql": POSTGRES}


def of(name: str) -> FullText:
    """Return the statements for this dialect."""
    return _BY_NAME[name]
