"""Drawn façades: one house of the street for an organisation, with as many lit windows as it has sessions."""

from dataclasses import dataclass
from functools import lru_cache

from dagvandebuurt.parts.street.facade import House, Plan, build
from dagvandebuurt.parts.street.layout import DOORS, KINDS, WALLS, pick, pseudo_random
from dagvandebuurt.parts.street.roofs import GROUND

MARGIN = 4


@dataclass(frozen=True)
class Facade:
    """House on its own, with the order in which its windows are lit."""

    house: House
    windows: tuple[str, ...]

    @property
    def box(self) -> str:
        top = self.house.top - MARGIN
        return f"{-MARGIN} {top} {self.house.plan.width + 2 * MARGIN} {GROUND + MARGIN - top}"


@lru_cache(maxsize=1_000)
def facade(seed: str) -> Facade:
    """Draw the house of `seed`."""
    plan = Plan(
        kind=pick(KINDS, seed, "kind"),
        columns=pick((2, 3), seed, "columns"),
        floors=2,
        wall=pseudo_random(seed, "wall") % WALLS,
        door=pseudo_random(seed, "door") % DOORS,
    )
    house = build(plan, 0, door_left=pseudo_random(seed, "side") % 2 == 0)
    windows = sorted(house.windows, key=lambda path: pseudo_random(seed, "light", path))
    return Facade(house, tuple(windows))
