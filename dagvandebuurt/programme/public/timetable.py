"""Timetable layout: interval columns, time downward, parallel sessions side by side."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby, pairwise
from math import ceil
from typing import Protocol
from uuid import UUID

from dagvandebuurt.core import clock
from dagvandebuurt.programme.public.published import Day, Item, Part

MOST_COLUMNS = 6  # more columns make titles unreadable
MOST_ROWS = 60  # the number of grid lines in programme.css and timetable_lines.css
LINES_AT_HAND = 12  # of those, in programme.css
MOST_BEFORE_FOLDING = 4
WIDTHS = (4, 3, 5)  # the first is preferred
WORSE = 5
MOST_FOLDED = 150
MOST_LANES = 3
MOST_BESIDE = 3  # sessions in a round that stands next to a wider one


class Timed(Protocol):
    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...


@dataclass(frozen=True)
class Placed:
    """Item in a grid: its column, and its first and last line. All from 1; 0 is automatic."""

    item: Item
    column: int = 0
    first: int = 0
    last: int = 0


@dataclass(frozen=True)
class Span:
    """Lines of the grid between two moments."""

    begins: datetime
    ends: datetime
    first: int
    last: int


@dataclass(frozen=True)
class Block:
    """Round on one day. `columns` is 0 for a plain list: too much for a grid. `spans` are its times from top
    to bottom, `halls` the names of its columns.
    """

    part: Part
    placed: Sequence[Placed]
    columns: int = 0
    spans: Sequence[Span] = ()
    halls: Sequence[str] = ()

    @cached_property
    def starts_at(self) -> datetime:
        return min(placed.item.starts_at for placed in self.placed)

    @cached_property
    def ends_at(self) -> datetime:
        return max(placed.item.ends_at for placed in self.placed)

    @cached_property
    def is_at_one_time(self) -> bool:
        """Tell whether the time of the round says when each of its sessions is."""
        return len({(placed.item.starts_at, placed.item.ends_at) for placed in self.placed}) == 1

    @property
    def lines(self) -> int:
        return max((span.last for span in self.spans), default=0)

    def span_at(self, moment: datetime) -> Span | None:
        return next((span for span in self.spans if span.begins <= moment < span.ends), None)


@dataclass(frozen=True)
class Lane:
    """Block in a band, with its first and last line. The one in column 1 is the widest."""

    block: Block
    column: int = 1
    first: int = 1
    last: int = 2


@dataclass(frozen=True)
class Band:
    """Rounds that run beside each other, or one. `columns` is 1 where they stand below each other."""

    lanes: Sequence[Lane]
    columns: int = 1


def days_of(day: Day, items: Iterable[Item]) -> list[tuple[date, list[Band]]]:
    """Group these items by the day on which they begin, then by round."""
    found: dict[date, dict[UUID, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        found[clock.local(item.starts_at).date()][item.round_id].append(item)
    order = list(day.parts)
    return [
        (
            held_on,
            _bands([block_of(day.parts[part_id], of_day[part_id]) for part_id in order if part_id in of_day]),
        )
        for held_on, of_day in sorted(found.items())
    ]


def _bands(blocks: Sequence[Block]) -> list[Band]:
    """Put rounds that overlap in one band."""
    together: list[list[Block]] = []
    until: datetime | None = None
    for block in blocks:
        if until is not None and block.starts_at < until:
            together[-1].append(block)
            until = max(until, block.ends_at)
        else:
            together.append([block])
            until = block.ends_at
    return [band for each in together for band in _band(each)]


def _band(blocks: Sequence[Block]) -> list[Band]:
    """Lay out rounds that overlap: what runs beside the widest ones stands next to them, if it is short."""
    columns = _side_by_side(blocks)
    if len(blocks) == 1 or max(columns) >= MOST_LANES:
        return [Band([Lane(block)]) for block in blocks]
    sizes = [0] * (max(columns) + 1)
    for block, column in zip(blocks, columns, strict=True):
        sizes[column] = max(sizes[column], len(block.placed))
    widest = sizes.index(max(sizes))
    if any(size > MOST_BESIDE for column, size in enumerate(sizes) if column != widest):
        return [Band([Lane(block)]) for block in blocks]
    order = [widest, *(column for column in range(len(sizes)) if column != widest)]
    moments = sorted({moment for block in blocks for moment in (block.starts_at, block.ends_at)})
    lines = {moment: number for number, moment in enumerate(moments, start=1)}
    lanes = [
        Lane(block, order.index(column) + 1, lines[block.starts_at], lines[block.ends_at])
        for block, column in zip(blocks, columns, strict=True)
    ]
    return [Band(lanes, len(sizes))]


def block_of(part: Part, items: Sequence[Item]) -> Block:
    """Lay out the items of one round. A session longer than its neighbours spans all of them."""
    hours = sorted({moment for item in items for moment in (item.starts_at, item.ends_at)})
    halls = _halls(items)
    columns = [halls.index(item.hall) for item in items] if halls else _side_by_side(items)
    width = len(halls) or max(columns) + 1
    if not halls and width > MOST_BEFORE_FOLDING:
        folded = _folded(part, items)
        if folded is not None:
            return folded
    if width > MOST_COLUMNS or len(hours) > MOST_ROWS:
        return Block(part, [Placed(item) for item in items])
    lines = {moment: number for number, moment in enumerate(hours, start=1)}
    placed = [
        Placed(item, column + 1, lines[item.starts_at], lines[item.ends_at])
        for item, column in zip(items, columns, strict=True)
    ]
    spans = [Span(one, other, lines[one], lines[other]) for one, other in pairwise(hours)]
    return Block(part, placed, width, spans, halls)


def _folded(part: Part, items: Sequence[Item]) -> Block | None:
    """Lay out more parallel sessions than fit side by side in several rows, if all are over before the next
    begin.
    """
    slots = [list(slot) for _starts_at, slot in groupby(items, key=lambda item: item.starts_at)]
    ends = [max(item.ends_at for item in slot) for slot in slots]
    if len(items) > MOST_FOLDED or any(
        end > slot[0].starts_at for end, slot in zip(ends, slots[1:], strict=False)
    ):
        return None
    width = min(WIDTHS, key=lambda width: sum(_ugliness(len(slot), width) for slot in slots))
    placed, spans, line = [], [], 1
    for slot, end in zip(slots, ends, strict=True):
        for number, item in enumerate(slot):
            row = line + number // width
            placed.append(Placed(item, number % width + 1, row, row + 1))
        spans.append(Span(slot[0].starts_at, end, line, line := line + ceil(len(slot) / width)))
    return Block(part, placed, width, spans) if line <= MOST_ROWS else None


def _ugliness(count: int, width: int) -> int:
    """Return how many places stay empty in the last row; one that stands alone there is worse."""
    return -count % width + (WORSE if count > 1 and count % width == 1 else 0)


def _halls(items: Sequence[Item]) -> list[str]:
    """Return the halls as columns, if each item has one and no hall has two at a time; else none."""
    halls = sorted({item.hall for item in items})
    if len(halls) < 2 or "" in halls:
        return []
    for hall in halls:
        free_at = None
        for item in items:  # ordered by start
            if item.hall == hall:
                if free_at is not None and item.starts_at < free_at:
                    return []
                free_at = item.ends_at
    return halls


def _side_by_side(items: Sequence[Timed]) -> list[int]:
    """Assign each item the first column that is free when it begins."""
    free_at: list[datetime] = []
    columns = []
    for item in items:
        column = next((n for n, moment in enumerate(free_at) if moment <= item.starts_at), len(free_at))
        free_at[column : column + 1] = [item.ends_at]
        columns.append(column)
    return columns
