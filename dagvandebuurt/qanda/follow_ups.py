"""Follow-ups: what became of a question in the sections above.

Follow-ups also appear on the page behind the private link, where the visitor is not known. They therefore
depend on the question alone, never on the reader.
"""

from collections.abc import Sequence
from uuid import UUID

from dagvandebuurt.qanda.hooks import (
    Promise,
    QuestionOutcome,
    question_outcomes,
    question_promises,
    questions_going_on,
)


def outcomes_of(question_ids: Sequence[UUID]) -> dict[UUID, list[QuestionOutcome]]:
    """Return all follow-ups of these questions; those without any are left out."""
    found: dict[UUID, list[QuestionOutcome]] = {}
    for there in question_outcomes(question_ids) if question_ids else ():
        for question_id, outcomes in there.items():
            found.setdefault(question_id, []).extend(outcomes)
    return found


def going_on(question_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of these questions that have a follow-up still under way."""
    return set().union(*questions_going_on(question_ids)) if question_ids else set()


def promises_of(question_ids: Sequence[UUID]) -> dict[UUID, Promise]:
    """Return what an organisation was asked because of these questions; those without any are left out."""
    found: dict[UUID, Promise] = {}
    for there in question_promises(question_ids) if question_ids else ():
        found |= there
    return found
