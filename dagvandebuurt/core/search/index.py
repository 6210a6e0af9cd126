"""Search index maintenance: documents are reindexed in the transaction that changes them, so hidden content
is gone at once.

A document is rebuilt as a whole, so it does not matter which fields changed, how often, or whether part of
it was rolled back. One that cannot be read is removed from the index, and logged.
"""

import hashlib
import json
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import TextClause, delete, event, insert, select, text
from sqlalchemy.orm import Session

from dagvandebuurt.core.db import db
from dagvandebuurt.core.search.registry import DocumentType, SearchDocument, sources, touched_by
from dagvandebuurt.core.search.tables import ENTRY, VOCABULARY, dialect_of
from dagvandebuurt.core.search.vocabulary import STEMS, correctable, deletion_variants, stems_of, words_of

logger = logging.getLogger(__name__)
LONGEST_BODY = 20_000  # characters of a text that are indexed
AT_ONCE = 500

Thing = TypeVar("Thing")
_WORDS_OF = text("SELECT rowid, title, body FROM search_words WHERE rowid = :number")
_DROP_WORDS = text("DELETE FROM search_words WHERE rowid = :number")
_PUT_WORDS = text(
    "INSERT INTO search_words (rowid, title, body, title_stems, body_stems)"
    " VALUES (:number, :title, :body, :title_stems, :body_stems)"
)
_WORDS_OF_NOTHING = text("DELETE FROM search_words WHERE rowid NOT IN (SELECT number FROM search_entry)")
_ENTRIES_WITHOUT_WORDS = text("DELETE FROM search_entry WHERE number NOT IN (SELECT rowid FROM search_words)")
_MORE = text(
    "INSERT INTO search_vocabulary (word, entries) VALUES (:word, :more)"
    " ON CONFLICT (word) DO UPDATE SET entries = search_vocabulary.entries + excluded.entries"
)
_LESS = text("UPDATE search_vocabulary SET entries = entries + :more WHERE word = :word")
_NEAR = text("INSERT INTO search_near (piece, word) VALUES (:piece, :word) ON CONFLICT DO NOTHING")


@event.listens_for(Session, "after_flush")
def _remember(session: Session, _context: Any) -> None:
    """Collect the changed rows during the flush, while changes are still known."""
    for rows, is_change in ((session.new, False), (session.dirty, True), (session.deleted, False)):
        for row in rows:
            for key in touched_by(row, is_change=is_change):
                session.info.setdefault("to_find", set()).add(key)


@event.listens_for(Session, "before_commit")
def _bring_along(session: Session) -> None:
    if session.in_nested_transaction():
        return  # the transaction's owner commits later
    session.flush()
    keys = session.info.pop("to_find", None)
    if keys:
        _alone()
        session.expire_all()  # also read what others committed meanwhile
        by_kind: dict[str, set[UUID]] = defaultdict(set)
        for kind, thing_id in keys:
            by_kind[kind].add(thing_id)
        for kind in sorted(by_kind):
            _follow(sources()[kind], by_kind[kind])


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: Any) -> None:
    if not session.in_transaction():
        session.info.pop("to_find", None)


def _alone() -> None:
    """Serialise index writers; what is read from here on includes what the previous one saved."""
    for statement in dialect_of(db.engine).alone:
        db.session.execute(text(statement))


def _follow(source: DocumentType, ids: set[UUID]) -> None:
    try:
        with db.session.begin_nested():
            write(source, ids, source.read(ids))
    except Exception:
        logger.exception("%s could not be brought into the search", source.kind)
        write(source, ids, ())


def write(source: DocumentType, ids: Iterable[UUID] | None, entries: Iterable[SearchDocument]) -> int:
    """Make the index hold exactly `entries` for these ids (None: all of this kind); return how many
    differed."""
    new = {entry.thing_id: entry for entry in entries}
    old = _kept(source, ids)
    fingerprints = {thing_id: _fingerprint(entry) for thing_id, entry in new.items()}
    gone = [number for thing_id, (number, seen) in old.items() if fingerprints.get(thing_id) != seen]
    come = [
        entry for thing_id, entry in new.items() if old.get(thing_id, (0, ""))[1] != fingerprints[thing_id]
    ]
    if not gone and not come:
        return 0
    counts: Counter[str] = Counter()
    for some in _at_most(gone):
        _take_out(some, counts)
    for these in _at_most(come):
        _put_in(source, these, fingerprints, counts)
    _count_words(counts)
    return len({*(e.thing_id for e in come), *(t for t, (n, _) in old.items() if n in set(gone))})


def rebuild() -> dict[str, int]:
    """Compare the whole index with the truth and repair it; return the wrong entries per kind."""
    _alone()
    db.session.execute(_WORDS_OF_NOTHING)
    db.session.execute(_ENTRIES_WITHOUT_WORDS)
    mended = {kind: write(source, None, source.read(None)) for kind, source in sources().items()}
    strangers = db.session.scalars(select(ENTRY.c.number).where(ENTRY.c.kind.not_in(list(sources())))).all()
    counts: Counter[str] = Counter()
    _take_out(strangers, counts)
    _count_words(counts)
    _recount()
    for statement in dialect_of(db.engine).tidy:
        db.session.execute(text(statement))
    return mended


def _kept(source: DocumentType, ids: Iterable[UUID] | None) -> dict[UUID, tuple[int, str]]:
    query = select(ENTRY.c.thing_id, ENTRY.c.number, ENTRY.c.print).where(ENTRY.c.kind == source.kind)
    if ids is not None:
        query = query.where(ENTRY.c.thing_id.in_(list(ids)))
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}


def _fingerprint(entry: SearchDocument) -> str:
    told = json.dumps([STEMS, asdict(entry)], default=str, sort_keys=True)
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def _take_out(numbers: Sequence[int], counts: Counter[str]) -> None:
    for number in numbers:
        for row in db.session.execute(_WORDS_OF, {"number": number}):
            counts.subtract(_known(row.title, row.body))
    if numbers:
        db.session.execute(_DROP_WORDS, [{"number": number} for number in numbers])
        db.session.execute(delete(ENTRY).where(ENTRY.c.number.in_(numbers)))


def _put_in(
    source: DocumentType,
    entries: Sequence[SearchDocument],
    fingerprints: Mapping[UUID, str],
    counts: Counter[str],
) -> None:
    db.session.execute(insert(ENTRY), [_row(source, each, fingerprints[each.thing_id]) for each in entries])
    ids = [each.thing_id for each in entries]
    rows = db.session.execute(
        select(ENTRY.c.thing_id, ENTRY.c.number).where(ENTRY.c.kind == source.kind, ENTRY.c.thing_id.in_(ids))
    )
    numbers = {row[0]: row[1] for row in rows}
    found = []
    for entry in entries:
        title, body = _searched(entry)
        counts.update(_known(title, body))
        stems = {
            f"{name}_stems": " ".join(stems_of(words.split()))
            for name, words in (("title", title), ("body", body))
        }
        found.append({"number": numbers[entry.thing_id], "title": title, "body": body, **stems})
    db.session.execute(_PUT_WORDS, found)


def _row(source: DocumentType, entry: SearchDocument, seen: str) -> dict[str, Any]:
    return {
        "kind": source.kind,
        "thing_id": entry.thing_id,
        "print": seen,
        "year": entry.year,
        "themes": "\n".join(entry.themes),
        "places": "\n".join(entry.places),
        "organisations": "\n".join(entry.organisations),
        "at": entry.at,
        "link": dict(entry.link),
        "title": entry.title,
        "body": entry.body[:LONGEST_BODY],
    }


def _searched(entry: SearchDocument) -> tuple[str, str]:
    """Return the folded words of a document, the same on every database."""
    more = (entry.body[:LONGEST_BODY], *entry.also, *entry.themes, *entry.places, *entry.organisations)
    return " ".join(words_of(entry.title)), " ".join(words_of(" ".join(more)))


def _known(title: str, body: str) -> set[str]:
    return set(correctable(f"{title} {body}".split()))


def _count_words(counts: Mapping[str, int]) -> None:
    """Add these counts to the vocabulary, and delete words that no longer occur."""
    changed = sorted((word, more) for word, more in counts.items() if more)
    for some in _at_most(changed):
        words = [word for word, _ in some]
        known = set(db.session.scalars(select(VOCABULARY.c.word).where(VOCABULARY.c.word.in_(words))))
        _many(_MORE, [{"word": word, "more": more} for word, more in some if more > 0])
        new = [word for word, more in some if more > 0 and word not in known]
        _many(
            _NEAR,
            [{"piece": piece, "word": word} for word in new for piece in sorted(deletion_variants(word))],
        )
        _many(_LESS, [{"word": word, "more": more} for word, more in some if more < 0])
        db.session.execute(delete(VOCABULARY).where(VOCABULARY.c.word.in_(words), VOCABULARY.c.entries <= 0))


def _many(statement: TextClause, values: list[dict[str, Any]]) -> None:
    if values:
        db.session.execute(statement, values)


def _at_most(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """Split into chunks that fit in one statement."""
    rest = iter(things)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _recount() -> None:
    """Recount the whole vocabulary, which repairs any counting error."""
    true: Counter[str] = Counter()
    for row in db.session.execute(text("SELECT title, body FROM search_words")):
        true.update(_known(row.title, row.body))
    kept = {row[0]: row[1] for row in db.session.execute(select(VOCABULARY))}
    wrong = {word: true[word] - kept.get(word, 0) for word in {*true, *kept}}
    _count_words(wrong)
