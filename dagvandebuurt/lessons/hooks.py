"""Hooks of the lessons: what a lesson can be based on, and what is shown with a comment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dagvandebuurt.core.hooks import Runs, hook
from dagvandebuurt.lessons.models import Comment, SourceKind


@dataclass(frozen=True)
class SourceType:
    """A kind of source. `public()` selects (id, label, slug or None) of what everybody may see of it; `path`
    makes the address of its page from id and slug."""

    kind: SourceKind
    public: Callable[[], Any]
    path: Callable[[UUID, str | None], str]


@hook(Runs.ON_REQUEST)
def source_types() -> Sequence[SourceType]:
    """Collect the kinds of things that a lesson can name as its source."""


@hook(Runs.ON_REQUEST)
def own_comment_views(comment: Comment) -> Mapping[str, object]:
    """Collect what other sections show to the author of a comment with it."""
