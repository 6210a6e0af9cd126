"""What people wrote in a poll, grouped: pure functions of the answers and how many people gave each."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dagvandebuurt.core.likeness import ALIKE, shared, trigrams
from dagvandebuurt.core.text import folded
from dagvandebuurt.polls.models import PollAnswer

MOST_COMPARED = 300  # groups that a new answer is compared with, so that writing stays fast


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """Answers that are alike, the one that the others are compared with first."""

    answers: Sequence[PollAnswer]

    @property
    def name(self) -> str:
        """Return the text that stands for the group while people write: it says nothing of numbers."""
        return self.answers[0].text

    @property
    def label(self) -> str:
        """Return the text that stands for the group in a result: what most people gave."""
        return max(self.answers, key=lambda each: each.ballots).text

    @property
    def number(self) -> int:
        """Return how many people gave one of these answers."""
        return sum(each.ballots for each in self.answers)


def key_of(text: str) -> str:
    """Hash `text` without case, accents, punctuation and spacing; of a text of signs alone, the signs."""
    words = " ".join(re.findall(r"\w+", folded(text)))
    return hashlib.sha256((words or folded(text)).encode()).hexdigest()


def groups_of(answers: Iterable[PollAnswer]) -> list[AnswerGroup]:
    """Group `answers` in alphabetical order: the order in which they came could tell whose they are."""
    found: dict[int, list[PollAnswer]] = {}
    for each in sorted(answers, key=_by_text):
        found.setdefault(each.group_number, []).append(each)
    groups = [
        AnswerGroup(sorted(each, key=lambda answer: answer.number != number))
        for number, each in found.items()
    ]
    return sorted(groups, key=lambda group: _by_text(group.answers[0]))


def _by_text(answer: PollAnswer) -> tuple[str, int]:
    return folded(answer.text), answer.number


def group_for(text: str, heads: Sequence[tuple[int, str]]) -> int | None:
    """Return the number among `heads` of the answer that says nearly the same as `text`; None where none does."""
    wanted = trigrams(text)
    likest, best = ALIKE, None
    for number, head in heads[:MOST_COMPARED]:
        alike = shared(wanted, trigrams(head))
        if alike >= likest and (best is None or alike > likest):
            likest, best = alike, number
    return best
