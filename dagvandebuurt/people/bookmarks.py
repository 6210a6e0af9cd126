"""Bookmarks: each section registers the kinds of pages that can be saved; `/mijn` lists them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.people.hooks import Saved, bookmark_kinds


def found_among(actor: Any, ids: Sequence[UUID]) -> dict[UUID, Saved]:
    """Return the bookmarks that still exist and are readable for this person."""
    kinds = [kind for there in bookmark_kinds() for kind in there]
    return {saved.id: saved for kind in kinds for saved in kind.find(actor, ids)}


def to_save(actor: Any, target_id: UUID) -> tuple[str, Saved]:
    """Return (kind, what it is). Raises NotFound."""
    for there in bookmark_kinds():
        for kind in there:
            for saved in kind.find(actor, [target_id]):
                return kind.kind, saved
    raise NotFound
