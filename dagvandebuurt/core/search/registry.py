"""What can be found. A room signs up its things; whatever changes one of them brings the index along."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import inspect


@dataclass(frozen=True)
class Entry:
    """A public thing as it is found. `body` is what a result quotes from; `also` is words that lead to it
    without being quoted: names, themes. `link` fills the address of its page. Never a name or a hint of
    somebody who asked to stay unknown."""

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


Read = Callable[[Iterable[UUID] | None], Iterable[Entry]]


@dataclass(frozen=True)
class Touch:
    """Whose entries may read differently when a row is new, thrown away, or changed in one of `when` (empty:
    in anything). `ids(row)` only looks. A column that changes all the time and is not read stays out of
    `when`, so that its writers need not wait for the index."""

    ids: Callable[[Any], Iterable[UUID]]
    when: tuple[str, ...] = ()


def itself(*when: str) -> Touch:
    """The row is the thing."""
    return Touch(lambda row: (row.id,), when)


@dataclass(frozen=True)
class Source:
    """One kind of thing. `label` is what people call many of them, `endpoint` the page of one.

    `read(ids)` gives those of them that everybody may read (None: all there are); what it does not give is
    not in the index. `touches` says which other rows lead to it.
    """

    kind: str
    label: Any
    endpoint: str
    read: Read
    touches: Mapping[type, Touch] = field(default_factory=dict)


_sources: dict[str, Source] = {}
_touched: dict[type, list[tuple[Source, Touch]]] = defaultdict(list)


def searchable(
    kind: str, *, label: Any, endpoint: str, touches: Mapping[type, Touch]
) -> Callable[[Read], Read]:
    """Sign up `read` as what gives the things of this kind. Safe to repeat."""

    def register(read: Read) -> Read:
        if kind not in _sources:
            source = _sources[kind] = Source(kind, label, endpoint, read, touches)
            for model, touch in touches.items():
                _touched[model].append((source, touch))
        return read

    return register


def sources() -> Mapping[str, Source]:
    """Kind → source, in the order in which rooms signed up."""
    return _sources


def touched_by(row: Any, *, is_change: bool) -> Iterable[tuple[str, UUID]]:
    """(kind, id) of everything whose entry may read differently now that `row` is saved or thrown away."""
    for source, touch in _touched.get(type(row), ()):
        if is_change and touch.when and not _changed(row, touch.when):
            continue
        for thing_id in touch.ids(row):
            yield source.kind, thing_id


def _changed(row: Any, names: Iterable[str]) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in names)
