"""What can be saved: each room signs up its own kind of page, and `/mijn` shows them all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dagvandebuurt.core.errors import NotFound

Find = Callable[[Any, Sequence[UUID]], Sequence["Saved"]]
_kinds: dict[str, Find] = {}


@dataclass(frozen=True)
class Saved:
    """A page somebody can come back to."""

    id: UUID
    title: str
    path: str


def can_be_saved(kind: str) -> Callable[[Find], Find]:
    """Sign up a function `(actor, ids) → those of them that `actor` may read`."""

    def register(find: Find) -> Find:
        _kinds[kind] = find
        return find

    return register


def found_among(actor: Any, ids: Sequence[UUID]) -> dict[UUID, Saved]:
    """Of all kinds, those that are (still) there for this person."""
    return {saved.id: saved for find in _kinds.values() for saved in find(actor, ids)}


def to_save(actor: Any, target_id: UUID) -> tuple[str, Saved]:
    """(kind, what it is). Raises NotFound."""
    for kind, find in _kinds.items():
        for saved in find(actor, [target_id]):
            return kind, saved
    raise NotFound
