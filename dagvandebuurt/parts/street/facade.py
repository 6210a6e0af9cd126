"""One house of the street: its outline, its trim, and where its windows are.

Plain geometry in the units of a block (`BLOCK_WIDTH` wide, y downwards to GROUND), written as SVG path data.
No colours: the stylesheet knows those, light and dark.
"""

from dataclasses import dataclass

from dagvandebuurt.parts.street.roofs import GROUND, WINDOW, WITH_ATTIC, RoofType, bar, crown, pane

BLOCK_WIDTH = 240
GROUND_FLOOR = 40
FLOOR = 31
WIDTHS = {2: 66, 3: 87, 4: 108}  # of a house, by its number of windows side by side


@dataclass(frozen=True)
class Plan:
    """Design of a house before it is drawn. `floors` counts those above the ground floor."""

    kind: RoofType
    columns: int
    floors: int
    wall: int
    door: int
    attic: bool = True

    @property
    def width(self) -> int:
        return WIDTHS[self.columns]

    @property
    def places(self) -> int:
        """Return how many windows fit."""
        return self.columns * (self.floors + 1) - 1 + self.has_attic

    @property
    def has_attic(self) -> bool:
        return self.attic and self.kind in WITH_ATTIC


@dataclass(frozen=True)
class House:
    """Drawn house. Every text is SVG path data; an empty one is left out. `top` is its highest point."""

    plan: Plan
    x: int
    top: int
    facade: str
    roof: str
    trim: str
    bars: str
    bricks: str
    door: str
    windows: tuple[str, ...]
    sills: tuple[tuple[int, int], ...]


def build(plan: Plan, x: int, *, door_left: bool) -> House:
    """Draw the house of `plan` with its left wall at `x`."""
    eaves = GROUND - GROUND_FLOOR - plan.floors * FLOOR - 4
    above = crown(plan.kind, x, eaves, plan.width)
    step = plan.width / plan.columns
    lefts = [round(x + step * (column + 0.5) - WINDOW[0] / 2) for column in range(plan.columns)]
    door = lefts[0 if door_left else -1]
    places = [(left, eaves + 9 + FLOOR * floor) for floor in range(plan.floors) for left in lefts]
    places += [(left, GROUND - GROUND_FLOOR + 8) for left in lefts if left != door]
    windows = [pane(*place) for place in places]
    return House(
        plan=plan,
        x=x,
        top=above.top,
        facade=above.facade,
        roof=above.roof,
        trim=above.trim + _rails(plan, x, eaves) + bar(door - 3, GROUND - 3, 20, 3),
        bars="".join(_bars(plan.kind, *place) for place in places),
        bricks=_bricks(plan, x, eaves),
        door=bar(door - 1, GROUND - 31, 16, 31),
        windows=(*windows, above.attic) if plan.has_attic else tuple(windows),
        sills=tuple(places),
    )


def _bars(kind: RoofType, x: int, y: int) -> str:
    """Draw the glazing bars: a cross in an old house, one upright in a newer one."""
    if kind is RoofType.GALLERY:
        return f"M{x + 5} {y}v20"
    if kind is RoofType.PITCH:
        return f"M{x} {y + 6}h14"
    return f"M{x + 7} {y}v20m-7-13h14"


def _bricks(plan: Plan, x: int, eaves: int) -> str:
    """Draw a few highlighted bricks along the edges, differently on each wall."""
    if plan.kind is RoofType.GALLERY:
        return ""
    edge = 3 + plan.wall % 3
    sides = (plan.width - edge - 8, edge)
    rows = range(eaves + 12 + plan.door * 3, GROUND - 12, 23 + plan.columns)
    return "".join(f"M{x + sides[number % 2]} {y}h7m-4 4h6" for number, y in enumerate(rows))


def _rails(plan: Plan, x: int, eaves: int) -> str:
    """Draw the galleries of a block of flats."""
    if plan.kind is not RoofType.GALLERY:
        return ""
    return "".join(bar(x + 4, eaves + 31 + FLOOR * floor, plan.width - 8, 3) for floor in range(plan.floors))
