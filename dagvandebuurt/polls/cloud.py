"""Word cloud: shown words in at most `SIZES` sizes. Pure functions of the answers."""

from collections.abc import Iterable
from dataclasses import dataclass

from dagvandebuurt.polls.grouping import groups_of
from dagvandebuurt.polls.models import PollAnswer

SIZES = 5
MIDDLE = 3
MOST_ON_PODIUM = 40


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the cloud: `number` of people who gave it, None while that is not told; `size` from 1 to `SIZES`."""

    text: str
    number: int | None
    size: int


def cloud_of(answers: Iterable[PollAnswer], *, is_told: bool, most: int | None = None) -> list[Word]:
    """Return the words in alphabetical order, the `most` frequent ones.

    Unless `is_told`, all have one size: while people write, a word that grows could tell whose it is.
    """
    found = [(group.label, group.number) for group in groups_of(answers)]
    if not is_told:
        return [Word(text, None, MIDDLE) for text, _number in found[:most]]
    kept = sorted(range(len(found)), key=lambda place: (-found[place][1], place))[:most]
    numbers = [number for _text, number in found] or [0]
    least, largest = min(numbers), max(numbers)
    return [
        Word(text, number, _size(number, least, largest))
        for text, number in (found[place] for place in sorted(kept))
    ]


def _size(number: int, least: int, largest: int) -> int:
    return MIDDLE if least == largest else 1 + (SIZES - 1) * (number - least) // (largest - least)
