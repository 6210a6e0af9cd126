"""What people wrote in a poll, grouped: pure functions of the answers and how many people gave each."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dagvandebuurt.core.likeness import ALIKE, shared, trigrams
from dagvandebuurt.core.text import folded
from dagvandebuurt.polls.models import PollAnswer

MOST_COMPARED = 300  # groups that a new answer is compared with: the newest ones, so that writing stays fast


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """Answers that are alike. `label` is the one that most people gave; of equals the first."""

    answers: Sequence[PollAnswer]

    @property
    def label(self) -> str:
        """Return the text that stands for the group."""
        return min(self.answers, key=lambda each: (-each.ballots, each.position)).text

    @property
    def number(self) -> int:
        """Return how many people gave one of these answers."""
        return sum(each.ballots for each in self.answers)


def key_of(text: str) -> str:
    """Hash `text` without case, accents, punctuation and spacing; of a text of signs alone, the signs."""
    words = " ".join(re.findall(r"\w+", folded(text)))
    return hashlib.sha256((words or folded(text)).encode()).hexdigest()


def groups_of(answers: Iterable[PollAnswer]) -> list[AnswerGroup]:
    """Group `answers` in the order in which the first of each group came in."""
    found: dict[int, list[PollAnswer]] = {}
    for each in sorted(answers, key=lambda each: (each.group_position, each.position)):
        found.setdefault(each.group_position, []).append(each)
    return [AnswerGroup(each) for each in found.values()]


def group_for(text: str, heads: Sequence[tuple[int, str]]) -> int | None:
    """Return the position among `heads` of the answer that says nearly the same as `text`; None where none
    does.
    """
    wanted = trigrams(text)
    likest, best = ALIKE, None
    for position, head in heads[-MOST_COMPARED:]:
        alike = shared(wanted, trigrams(head))
        if alike >= likest and (best is None or alike > likest):
            likest, best = alike, position
    return best
