"""Follow-up registry: what became of a question in other sections, each of which registers its own source.

Follow-ups also appear on the page behind the private link, where the visitor is not known. They therefore
depend on the question alone, never on the reader.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Outcome:
    """Follow-up of a question: a sentence in the reader's language, and a link to more."""

    said: str
    link: str
    path: str
    answer: str | None = None  # in the words of the person who wrote it
    answered_by: str | None = None


Find = Callable[[Sequence[UUID]], dict[UUID, list[Outcome]]]
GoesOn = Callable[[Sequence[UUID]], set[UUID]]
_finders: list[Find] = []
_open: list[GoesOn] = []


def tells_outcomes(find: Find) -> Find:
    """Register a function `(question ids) → id → follow-ups`."""
    if find not in _finders:
        _finders.append(find)
    return find


def outcomes_of(question_ids: Sequence[UUID]) -> dict[UUID, list[Outcome]]:
    """Return all follow-ups of these questions; those without any are left out."""
    found: dict[UUID, list[Outcome]] = {}
    for find in _finders if question_ids else ():
        for question_id, outcomes in find(question_ids).items():
            found.setdefault(question_id, []).extend(outcomes)
    return found


def tells_what_goes_on(find: GoesOn) -> GoesOn:
    """Register a function that returns which of these questions have a follow-up still under way."""
    if find not in _open:
        _open.append(find)
    return find


def going_on(question_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of these questions that have a follow-up still under way."""
    return set().union(*(find(question_ids) for find in _open)) if question_ids else set()
