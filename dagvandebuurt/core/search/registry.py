"""Search document registry: sections register their document types and which row changes affect them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import inspect


@dataclass(frozen=True)
class SearchDocument:
    """Searchable document with public content only.

    `body` is quoted in results; `also` holds unquoted keywords: names, themes. `link` fills the URL of its
    page. It never contains the name of, or a hint about, a person who stays anonymous.
    """

    thing_id: UUID
    title: str
    at: datetime
    link: Mapping[str, str]
    body: str = ""
    also: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    year: int | None = None


Read = Callable[[Iterable[UUID] | None], Iterable[SearchDocument]]


@dataclass(frozen=True)
class Touch:
    """Dependency of documents on a model: a new or deleted row, or a change in one of the columns `when`
    (empty: any), reindexes the documents `ids(row)`.

    `ids` only reads. Leave a frequently changing column that is not indexed out of `when`, so that its
    writers do not wait for the index.
    """

    ids: Callable[[Any], Iterable[UUID]]
    when: tuple[str, ...] = ()


def itself(*when: str) -> Touch:
    """Return the row's own id: the row is the document."""
    return Touch(lambda row: (row.id,), when)


@dataclass(frozen=True)
class DocumentType:
    """Document type. `label` is its plural for people, `endpoint` the page of one.

    `read(ids)` returns the public ones among them (None: all); the others are removed from the index.
    `touches` says which rows affect it.
    """

    kind: str
    label: Any
    endpoint: str
    read: Read
    touches: Mapping[type, Touch] = field(default_factory=dict)


_sources: dict[str, DocumentType] = {}
_touched: dict[type, list[tuple[DocumentType, Touch]]] = defaultdict(list)


def searchable(
    kind: str, *, label: Any, endpoint: str, touches: Mapping[type, Touch]
) -> Callable[[Read], Read]:
    """Register `read` as the source of a document type. Idempotent."""

    def register(read: Read) -> Read:
        if kind not in _sources:
            source = _sources[kind] = DocumentType(kind, label, endpoint, read, touches)
            for model, touch in touches.items():
                _touched[model].append((source, touch))
        return read

    return register


def sources() -> Mapping[str, DocumentType]:
    """Return sources by kind, in the order of registration."""
    return _sources


def touched_by(row: Any, *, is_change: bool) -> Iterable[tuple[str, UUID]]:
    """Return (kind, id) of every document that a saved or deleted `row` affects."""
    for source, touch in _touched.get(type(row), ()):
        if is_change and touch.when and not _changed(row, touch.when):
            continue
        for thing_id in touch.ids(row):
            yield source.kind, thing_id


def _changed(row: Any, names: Iterable[str]) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in names)
