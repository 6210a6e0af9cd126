"""Layout of the street: which houses it has, decided by its seed and its number of windows."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from math import ceil
from typing import TypeVar

from dagvandebuurt.parts.street.facade import Plan
from dagvandebuurt.parts.street.roofs import RoofType

HOUSES_PER_BLOCK = 3
WINDOWS_PER_BLOCK = 27
BLOCKS_PER_ROW = 6
MOST_BLOCKS = 24
MOST_FLOORS = 4
WALLS = 6
DOORS = 4
ROWS_OF_THREE = ((2, 3, 3), (3, 2, 3), (3, 3, 2), (2, 3, 3), (3, 3, 2), (2, 4, 2))
KINDS = tuple(kind for kind in RoofType if kind is not RoofType.GALLERY)

T = TypeVar("T")


def plans(seed: str, wanted: int) -> list[Plan]:
    """Return the designs for `seed`, three houses to a block, with `wanted` windows together.

    A few more where houses cannot be smaller, fewer where the street cannot be longer.
    """
    return _fitted(_first_ideas(seed, _block_count(wanted)), wanted)


def pseudo_random(seed: str, *about: object) -> int:
    """Return a pseudo-random number that follows from its arguments alone, in every version of Python."""
    text = "/".join([seed, *map(str, about)])
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest(), "big")


def pick(options: Sequence[T], seed: str, *about: object) -> T:
    return options[pseudo_random(seed, *about) % len(options)]


def _block_count(wanted: int) -> int:
    """Return the number of blocks of three houses, in full rows however many stand side by side: so never
    five."""
    count = min(MOST_BLOCKS, ceil(wanted / WINDOWS_PER_BLOCK))
    return count if count < 5 else ceil(count / BLOCKS_PER_ROW) * BLOCKS_PER_ROW


def _first_ideas(seed: str, blocks: int) -> list[Plan]:
    """Return a first design of each house; neighbours differ in shape and in colour."""
    columns = [n for block in range(blocks) for n in pick(ROWS_OF_THREE, seed, "row", block)]
    chosen: list[Plan] = []
    for number, width in enumerate(columns):
        kinds = [kind for kind in KINDS if kind not in {plan.kind for plan in chosen[-2:]}]
        walls = [wall for wall in range(WALLS) if wall not in {plan.wall for plan in chosen[-3:]}]
        chosen.append(
            Plan(
                kind=RoofType.GALLERY if width == 4 else pick(kinds, seed, "kind", number),
                columns=width,
                floors=3 if width == 4 else pick((1, 2, 2, 3), seed, "floors", number),
                wall=pick(walls, seed, "wall", number),
                door=pseudo_random(seed, "door", number) % DOORS,
            )
        )
    return chosen


def _fitted(ideas: list[Plan], wanted: int) -> list[Plan]:
    """Raise or lower the houses until together they have `wanted` windows."""
    houses = list(ideas)

    def room() -> int:
        return sum(house.places for house in houses)

    while room() < wanted:
        lowest = min(range(len(houses)), key=lambda n: (houses[n].floors, n * 7 % len(houses)))
        if houses[lowest].floors >= MOST_FLOORS:
            break
        houses[lowest] = replace(houses[lowest], floors=houses[lowest].floors + 1)
    while (surplus := room() - wanted) > 0:
        high = [n for n, house in enumerate(houses) if house.floors > 1 and house.columns <= surplus]
        attics = [n for n, house in enumerate(houses) if house.has_attic]
        if high:
            n = max(high, key=lambda n: (houses[n].floors, n * 5 % len(houses)))
            houses[n] = replace(houses[n], floors=houses[n].floors - 1)
        elif attics:
            n = attics[surplus % len(attics)]
            houses[n] = replace(houses[n], attic=False)
        else:
            break
    return houses
