"""De straat: our one picture. A row of houses in which each lit window is ten people.

The plan of a street follows from its seed and its size alone. People only decide how many windows
are lit, in an order that is part of the plan: when more people come, no window ever goes dark.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from math import ceil
from typing import TypeVar

from dagvandebuurt.core.facades import House, Kind, Plan, build

PEOPLE_PER_WINDOW = 10
WINDOWS_PER_BLOCK = 27
BLOCKS_PER_ROW = 6
MOST_BLOCKS = 24
MOST_FLOORS = 4
WALLS = 6
DOORS = 4
ROWS_OF_THREE = ((2, 3, 3), (3, 2, 3), (3, 3, 2), (2, 4, 2), (4, 2, 2), (2, 2, 4))
KINDS = tuple(kind for kind in Kind if kind is not Kind.GALLERY)
PROPS = ("tree", "bicycle", "lamp", "bench", "bunting", "planter")

T = TypeVar("T")


@dataclass(frozen=True)
class Window:
    """A window: SVG path data, and the how-manieth to be lit (from 0)."""

    d: str
    at: int


@dataclass(frozen=True)
class Block:
    """Three houses, and one small thing in front of them. All blocks are equally wide."""

    houses: tuple[House, ...]
    windows: tuple[Window, ...]
    prop: str
    cat: tuple[int, int] | None
    back: str


@dataclass(frozen=True)
class Street:
    """A street with people in it. The first `lit` windows of the plan's order are lit."""

    blocks: tuple[Block, ...]
    windows: int
    lit: int
    people: int

    @property
    def columns(self) -> int:
        """How many blocks stand side by side where there is room."""
        return min(len(self.blocks), BLOCKS_PER_ROW)


def street(seed: str, people: int, *, expected: int = 1600) -> Street:
    """The street of `seed` with `people` in it, sized for `expected` people.

    The same seed and size always give the same houses. There are `expected / 10` windows, or a few
    more where houses cannot be smaller. Negative people are nobody; with more people than windows
    can tell, every window is lit.
    """
    wanted = max(1, ceil(expected / PEOPLE_PER_WINDOW))
    blocks = _street(seed, wanted)
    windows = sum(len(block.windows) for block in blocks)
    return Street(blocks, windows, windows_lit(people, windows), max(0, people))


def windows_lit(people: int, windows: int) -> int:
    """How many of `windows` are lit: one for every ten people that have begun."""
    return min(windows, ceil(max(0, people) / PEOPLE_PER_WINDOW))


@lru_cache(maxsize=256)
def _street(seed: str, wanted: int) -> tuple[Block, ...]:
    plans = _fitted(_plans(seed, _block_count(wanted)), wanted)
    blocks = [plans[start : start + 3] for start in range(0, len(plans), 3)]
    drawn = [_houses(seed, number, row) for number, row in enumerate(blocks)]
    places = [(b, d) for b, row in enumerate(drawn) for house in row for d in house.windows]
    order = sorted(range(len(places)), key=lambda place: _throw(seed, "light", place))
    lit_at = {place: at for at, place in enumerate(order)}
    windows: list[list[Window]] = [[] for _ in drawn]
    for place, (block, d) in enumerate(places):
        windows[block].append(Window(d, lit_at[place]))
    cat = _throw(seed, "cat") % len(drawn)
    return tuple(
        Block(
            houses=row,
            windows=tuple(windows[number]),
            prop=PROPS[(_throw(seed, "props") + number) % len(PROPS)],
            cat=row[-1].sills[-1] if number == cat else None,
            back=_back(seed, number),
        )
        for number, row in enumerate(drawn)
    )


def _block_count(wanted: int) -> int:
    """Blocks of three houses, in full rows once there is more than one row of them."""
    count = min(MOST_BLOCKS, ceil(wanted / WINDOWS_PER_BLOCK))
    return count if count <= BLOCKS_PER_ROW else ceil(count / BLOCKS_PER_ROW) * BLOCKS_PER_ROW


def _plans(seed: str, blocks: int) -> list[Plan]:
    """A first idea of each house; neighbours differ in shape and in colour."""
    columns = [n for block in range(blocks) for n in _pick(ROWS_OF_THREE, seed, "row", block)]
    plans: list[Plan] = []
    for number, width in enumerate(columns):
        before = plans[-1] if plans else None
        kinds = [kind for kind in KINDS if before is None or kind is not before.kind]
        walls = [wall for wall in range(WALLS) if before is None or wall != before.wall]
        plans.append(
            Plan(
                kind=Kind.GALLERY if width == 4 else _pick(kinds, seed, "kind", number),
                columns=width,
                floors=3 if width == 4 else _pick((1, 2, 2, 3), seed, "floors", number),
                wall=_pick(walls, seed, "wall", number),
                door=_throw(seed, "door", number) % DOORS,
            )
        )
    return plans


def _fitted(plans: list[Plan], wanted: int) -> list[Plan]:
    """The same houses, made higher or lower until together they have `wanted` windows."""
    plans = list(plans)

    def room() -> int:
        return sum(plan.places for plan in plans)

    while room() < wanted:
        lowest = min(range(len(plans)), key=lambda n: (plans[n].floors, n * 7 % len(plans)))
        if plans[lowest].floors >= MOST_FLOORS:
            break
        plans[lowest] = replace(plans[lowest], floors=plans[lowest].floors + 1)
    while (surplus := room() - wanted) > 0:
        high = [n for n, plan in enumerate(plans) if plan.floors > 1 and plan.columns <= surplus]
        attics = [n for n, plan in enumerate(plans) if plan.has_attic]
        if high:
            n = max(high, key=lambda n: (plans[n].floors, n * 5 % len(plans)))
            plans[n] = replace(plans[n], floors=plans[n].floors - 1)
        elif attics:
            plans[attics[surplus % len(attics)]] = replace(plans[attics[surplus % len(attics)]], attic=False)
        else:
            break
    return plans


def _houses(seed: str, number: int, plans: Sequence[Plan]) -> tuple[House, ...]:
    x, houses = 0, []
    for place, plan in enumerate(plans):
        houses.append(build(plan, x, door_left=_throw(seed, "side", number, place) % 2 == 0))
        x += plan.width
    return tuple(houses)


def _back(seed: str, number: int) -> str:
    """What shows between the roofs: the next street, far away. Its ends meet those of other blocks."""
    high, low, spire = (_throw(seed, "back", number, part) % 34 for part in range(3))
    return f"M0 204V96h34v-{high}h44v{high}h30l16-{18 + spire}l16 {18 + spire}h18v-{low}l26-16l26 16v{low}h30V204z"


def _throw(seed: str, *about: object) -> int:
    """A number that follows from its arguments alone, today and in ten years."""
    text = "/".join([seed, *map(str, about)])
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest(), "big")


def _pick(options: Sequence[T], seed: str, *about: object) -> T:
    return options[_throw(seed, *about) % len(options)]
