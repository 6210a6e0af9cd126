"""Timetable layout: interval columns, time downward, parallel sessions side by side."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dagvandebuurt.core import clock
from dagvandebuurt.programme.public.published import Day, Item, Part

MOST_COLUMNS = 6  # more columns make titles unreadable
MOST_ROWS = 60  # the number of grid lines in programme.css


@dataclass(frozen=True)
class Placed:
    """Item in a grid: its column, and its first and last line. All from 1; 0 is automatic."""

    item: Item
    column: int = 0
    first: int = 0
    last: int = 0


@dataclass(frozen=True)
class Block:
    """Round on one day. `columns` is 0 for a plain list: nothing parallel, or too much. `hours` are the times
    of the grid's lines, `halls` the names of its columns.
    """

    part: Part
    placed: Sequence[Placed]
    columns: int = 0
    hours: Sequence[datetime] = ()
    halls: Sequence[str] = ()


def days_of(day: Day, items: Iterable[Item]) -> list[tuple[date, list[Block]]]:
    """Group these items by the day on which they begin, then by round."""
    found: dict[date, dict[UUID, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        found[clock.local(item.starts_at).date()][item.round_id].append(item)
    order = list(day.parts)
    return [
        (held_on, [block_of(day.parts[part_id], of_day[part_id]) for part_id in order if part_id in of_day])
        for held_on, of_day in sorted(found.items())
    ]


def block_of(part: Part, items: Sequence[Item]) -> Block:
    """Lay out the items of one round. A session longer than its neighbours spans all of them."""
    hours = sorted({moment for item in items for moment in (item.starts_at, item.ends_at)})
    halls = _halls(items)
    columns = [halls.index(item.hall) for item in items] if halls else _side_by_side(items)
    width = len(halls) or max(columns) + 1
    if len(hours) <= 2 or width > MOST_COLUMNS or len(hours) > MOST_ROWS:
        return Block(part, [Placed(item) for item in items])
    lines = {moment: number for number, moment in enumerate(hours, start=1)}
    placed = [
        Placed(item, column + 1, lines[item.starts_at], lines[item.ends_at])
        for item, column in zip(items, columns, strict=True)
    ]
    return Block(part, placed, width, hours, halls)


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


def _side_by_side(items: Sequence[Item]) -> list[int]:
    """Assign each item the first column that is free when it begins."""
    free_at: list[datetime] = []
    columns = []
    for item in items:
        column = next((n for n, moment in enumerate(free_at) if moment <= item.starts_at), len(free_at))
        free_at[column : column + 1] = [item.ends_at]
        columns.append(column)
    return columns
