"""Drawn street ("De straat"): a row of houses in which each lit window is ten people.

The design follows from its seed and its size alone. People only decide how many windows are lit, in an order
that is part of the design: when more people come, no window ever goes dark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from dagvandebuurt.parts.street.facade import House, Plan, build
from dagvandebuurt.parts.street.layout import BLOCKS_PER_ROW, HOUSES_PER_BLOCK, plans, pseudo_random

PEOPLE_PER_WINDOW = 10
PROPS = ("tree", "bicycle", "lamp", "bench", "bunting", "planter")


@dataclass(frozen=True)
class Window:
    """Window: SVG path data, and its place in the order of lighting (from 0)."""

    d: str
    at: int


@dataclass(frozen=True)
class Block:
    """Three houses, and one small object in front of them. All blocks are equally wide."""

    houses: tuple[House, ...]
    windows: tuple[Window, ...]
    prop: str
    cat: tuple[int, int] | None
    back: str


@dataclass(frozen=True)
class Street:
    """Street with people in it. The first `lit` windows of the order are lit."""

    blocks: tuple[Block, ...]
    windows: int
    lit: int
    people: int

    @property
    def columns(self) -> int:
        """Return how many blocks stand side by side where there is room."""
        return min(len(self.blocks), BLOCKS_PER_ROW)

    @property
    def top(self) -> int:
        """Return where the highest house ends, counted downwards; the ground is at roofs.GROUND."""
        return min(house.top for block in self.blocks for house in block.houses)


def street(seed: str, people: int, *, expected: int = 1600) -> Street:
    """Draw the street of `seed` with `people` in it, sized for `expected` people.

    The same seed and size always give the same houses. There are `expected / 10` windows, or a few more
    where houses cannot be smaller. Negative people are nobody; with more people than windows can show, every
    window is lit.
    """
    wanted = max(1, ceil(expected / PEOPLE_PER_WINDOW))
    blocks = _street(seed, wanted)
    windows = sum(len(block.windows) for block in blocks)
    return Street(blocks, windows, windows_lit(people, windows), max(0, people))


def windows_lit(people: int, windows: int) -> int:
    """Return how many of `windows` are lit: one for every ten people or part of it."""
    return min(windows, ceil(max(0, people) / PEOPLE_PER_WINDOW))


@lru_cache(maxsize=256)
def _street(seed: str, wanted: int) -> tuple[Block, ...]:
    planned = plans(seed, wanted)
    rows = [planned[n : n + HOUSES_PER_BLOCK] for n in range(0, len(planned), HOUSES_PER_BLOCK)]
    drawn = [_houses(seed, number, row) for number, row in enumerate(rows)]
    places = [(b, d) for b, row in enumerate(drawn) for house in row for d in house.windows]
    order = sorted(range(len(places)), key=lambda place: pseudo_random(seed, "light", place))
    lit_at = {place: at for at, place in enumerate(order)}
    windows: list[list[Window]] = [[] for _ in drawn]
    for place, (block, d) in enumerate(places):
        windows[block].append(Window(d, lit_at[place]))
    cat_block, cat_sill = _cat(drawn, lit_at)
    return tuple(
        Block(
            houses=row,
            windows=tuple(windows[number]),
            prop=PROPS[(pseudo_random(seed, "props") + number) % len(PROPS)],
            cat=cat_sill if number == cat_block else None,
            back=_back(seed, number),
        )
        for number, row in enumerate(drawn)
    )


def _cat(drawn: Sequence[tuple[House, ...]], lit_at: dict[int, int]) -> tuple[int, tuple[int, int]]:
    """Return the place of the cat: behind the first lit window with a sill."""
    sills: dict[int, tuple[int, tuple[int, int]]] = {}
    place = 0
    for number, row in enumerate(drawn):
        for house in row:
            sills |= {place + n: (number, sill) for n, sill in enumerate(house.sills)}
            place += len(house.windows)
    return sills[min(sills, key=lambda each: lit_at[each])]


def _houses(seed: str, number: int, row: Sequence[Plan]) -> tuple[House, ...]:
    """Draw three houses side by side. Between the first two is no front door, for there stands the object."""
    sides = (True, False, pseudo_random(seed, "side", number) % 2 == 0)
    x, houses = 0, []
    for plan, door_left in zip(row, sides, strict=True):
        houses.append(build(plan, x, door_left=door_left))
        x += plan.width
    return tuple(houses)


def _back(seed: str, number: int) -> str:
    """Draw what shows between the roofs: the next street, far away. Its ends meet those of other blocks."""
    high, low, spire = (pseudo_random(seed, "back", number, part) % 34 for part in range(3))
    church = f"l16-{18 + spire}l16 {18 + spire}"
    return f"M0 204V96h34v-{high}h44v{high}h30{church}h18v-{low}l26-16l26 16v{low}h30V204z"
