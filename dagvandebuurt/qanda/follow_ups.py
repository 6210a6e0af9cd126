"""What became of questions elsewhere in the house; each room above signs up its own.

A question ends in an answer, and its asker is told: on the page behind the private way back too, where
nobody is known. So what is told here depends on the question alone, never on who looks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Outcome:
    """A sentence about a question, in the reader's language, and where there is more to read."""

    said: str
    link: str
    path: str
    answer: str | None = None  # in the words of whoever gave it
    answered_by: str | None = None


Find = Callable[[Sequence[UUID]], dict[UUID, list[Outcome]]]
GoesOn = Callable[[Sequence[UUID]], set[UUID]]
_finders: list[Find] = []
_open: list[GoesOn] = []


def tells_outcomes(find: Find) -> Find:
    """Sign up a function `(question ids) → id → outcomes`."""
    if find not in _finders:
        _finders.append(find)
    return find


def outcomes_of(question_ids: Sequence[UUID]) -> dict[UUID, list[Outcome]]:
    """Everything that became of these; what nothing became of is left out."""
    found: dict[UUID, list[Outcome]] = {}
    for find in _finders if question_ids else ():
        for question_id, outcomes in find(question_ids).items():
            found.setdefault(question_id, []).extend(outcomes)
    return found


def tells_what_goes_on(find: GoesOn) -> GoesOn:
    """Sign up a function that answers of which of these questions there is more to hear."""
    if find not in _open:
        _open.append(find)
    return find


def going_on(question_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these that became something elsewhere that has not ended."""
    return set().union(*(find(question_ids) for find in _open)) if question_ids else set()
