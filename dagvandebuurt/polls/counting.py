"""What ballots add up to, and how a result reads: pure functions of a poll and its numbers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import language, ngettext
from dagvandebuurt.core.small_cell_suppression import STEP, safe
from dagvandebuurt.polls.grouping import groups_of
from dagvandebuurt.polls.models import WRITTEN, Poll, PollAnswer, PollKind


@dataclass(frozen=True, slots=True)
class Result:
    """A result in words and numbers: `rows` in the order in which they are shown, and what a full bar is:
    with a `total` of 0 the largest of them.
    """

    rows: Sequence[tuple[str, int]]
    total: int
    unit: str
    caption: str
    notes: Sequence[str] = ()
    rule: str = ""  # how the numbers came about, where that is not plain


def weights(kind: PollKind, positions: Sequence[int]) -> Counter[int]:
    """Return what one ballot adds to each option.

    A ranking by Borda's count: the last of n options gets 0 points, each higher place one more, the first
    n - 1. Every other ballot adds one to what was chosen.
    """
    if kind is PollKind.RANKING:
        return Counter({position: len(positions) - 1 - place for place, position in enumerate(positions)})
    return Counter(positions)


def result_of(poll: Poll, counts: Mapping[int, int], answers: Sequence[PollAnswer] = ()) -> Result:
    """Return the result of `poll` with these `counts`, by option; of what people wrote, that of `answers`."""
    if poll.kind in WRITTEN:
        return _written(poll.kind, answers)
    numbers = [(option.label, counts.get(option.position, 0)) for option in poll.options]
    if poll.kind is PollKind.RANKING:
        return _ranking(numbers)
    if poll.kind is PollKind.PLACES:
        return _places(numbers)
    total = sum(number for _label, number in numbers)
    caption = ngettext("Dit vindt de zaal: %(num)s stem", "Dit vindt de zaal: %(num)s stemmen", total)
    notes = []
    if poll.kind is PollKind.SCALE:
        numbers = list(zip(labels_of(poll), (number for _label, number in numbers), strict=True))
        if poll.shows_mean and total:
            notes.append(_("Gemiddeld: %(mean)s", mean=_in_digits(mean_of(counts))))
    if poll.kind is PollKind.QUIZ:
        right = poll.right_position
        notes += [_("Het goede antwoord: %(right)s", right=numbers[right][0])] if right is not None else []
        numbers = [
            (f"✓ {label}" if place == right else label, number)
            for place, (label, number) in enumerate(numbers)
        ]
    return Result(numbers, total, _("stemmen"), caption, notes)


def told_of_places(counts: Mapping[int, int]) -> dict[int, int]:
    """Return what may be told of these counts, by option: in tens, rounded down, of groups of ten and more. What is
    left out adds up to nothing, or to ten or more, so that it cannot be worked out from how many chose.
    """
    told = safe({str(position): number for position, number in counts.items()})
    return {int(position): number // STEP * STEP for position, number in told.items()}


def _places(numbers: Sequence[tuple[str, int]]) -> Result:
    """List the places of which something may be told, the largest first; there is no total."""
    rows = sorted(((label, number) for label, number in numbers if number), key=lambda row: -row[1])
    told = _("In tientallen, naar beneden afgerond. Kleinere groepen staan er niet bij.")
    none = _("Uit geen enkele plaats zijn er tien mensen of meer.")
    return Result(rows, 0, _("mensen, in tientallen"), _("Hier woont de zaal"), [told if rows else none])


def _written(kind: PollKind, answers: Sequence[PollAnswer]) -> Result:
    """Count by group, the largest first. A bar is relative to the largest: what is not shown counts nowhere."""
    rows = [(group.label, group.number) for group in groups_of(answers)]
    rows.sort(key=lambda row: -row[1])
    total = sum(number for _label, number in rows)
    if kind is PollKind.WORD_CLOUD:
        return Result(rows, 0, _("Hoe vaak"), _("Elk woord, en hoe vaak de zaal het gaf"))
    caption = ngettext(
        "Dit schreef de zaal: %(num)s antwoord", "Dit schreef de zaal: %(num)s antwoorden", total
    )
    return Result(rows, 0, _("antwoorden"), caption)


def mean_of(counts: Mapping[int, int]) -> float:
    """Return the mean of a scale that begins at 1, to one decimal."""
    return round(sum((step + 1) * number for step, number in counts.items()) / sum(counts.values()), 1)


def _in_digits(mean: float) -> str:
    return f"{mean:.1f}".replace(".", "," if language() == "nl" else ".")


def labels_of(poll: Poll) -> list[str]:
    """Return the options as they are asked: of a scale with what its ends mean."""
    ends = {0: poll.low_label, len(poll.options) - 1: poll.high_label}
    return [
        f"{option.label}: {ends[place]}" if ends.get(place) else option.label
        for place, option in enumerate(poll.options)
    ]


def _ranking(numbers: Sequence[tuple[str, int]]) -> Result:
    """Order by points. Who has equally many shares a place, which is said; within it the written order stands."""
    most = len(numbers) - 1
    people = 2 * sum(number for _label, number in numbers) // (len(numbers) * most)  # each gives n(n-1)/2
    ordered = sorted(numbers, key=lambda row: -row[1])
    rows: list[tuple[str, int]] = []
    ties: list[str] = []
    for points, equals in groupby(ordered, key=lambda row: row[1]):
        place, labels = len(rows) + 1, [label for label, _points in equals]
        rows += [(f"{place}. {label}", points) for label in labels]
        if len(labels) > 1 and people:
            ties.append(_("Samen op plaats %(place)s: %(labels)s.", place=place, labels=", ".join(labels)))
    rule = _(
        "De onderste plaats geeft 0 punten, elke plaats hoger een punt meer. Een volle balk: iedereen zette "
        "dit bovenaan."
    )
    caption = ngettext("De volgorde van %(num)s persoon", "De volgorde van %(num)s mensen", people)
    return Result(rows, people * most, _("punten"), caption, ties, rule)
