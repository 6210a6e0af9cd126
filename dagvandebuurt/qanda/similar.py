"""Near-duplicate detection of questions, by the likeness of their texts."""

from collections.abc import Iterable

from dagvandebuurt.core.likeness import ALIKE, likeness, shared, trigrams
from dagvandebuurt.qanda.models import Question


def most_alike(text: str, questions: Iterable[Question]) -> list[Question]:
    """Return `questions`, the most similar to `text` first."""
    return sorted(questions, key=lambda q: (-likeness(text, q.text), -q.support_count, str(q.id)))


def likest(text: str, questions: Iterable[Question]) -> Question | None:
    """Return the one of `questions` that asks nearly the same as `text`; None where none does."""
    wanted = trigrams(text)
    found = [(shared(wanted, trigrams(each.text)), each) for each in questions]
    alike = [pair for pair in found if pair[0] >= ALIKE]
    if not alike:
        return None
    return max(alike, key=lambda pair: (pair[0], pair[1].support_count, str(pair[1].id)))[1]
