"""One house of the street: its outline, its trim, and where its windows are.

Plain geometry in the units of a block (`BLOCK_WIDTH` by `BLOCK_HEIGHT`, y downwards), written as SVG
path data. No colours: the stylesheet knows those, light and dark.
"""

from dataclasses import dataclass
from enum import StrEnum

BLOCK_WIDTH = 240
BLOCK_HEIGHT = 212
GROUND = 204  # where houses stand
GROUND_FLOOR = 40
FLOOR = 31
WINDOW = (14, 20)
WIDTHS = {2: 66, 3: 87, 4: 108}  # of a house, by its number of windows side by side


class Kind(StrEnum):
    """How a house ends at the top."""

    GABLE = "gable"
    STEP = "step"
    BELL = "bell"
    CORNICE = "cornice"
    PITCH = "pitch"
    GALLERY = "gallery"


WITH_ATTIC = frozenset({Kind.GABLE, Kind.STEP, Kind.BELL, Kind.PITCH})


@dataclass(frozen=True)
class Plan:
    """What is decided about a house before it is drawn. `floors` counts those above the street."""

    kind: Kind
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
        """How many windows it has room for."""
        return self.columns * (self.floors + 1) - 1 + self.has_attic

    @property
    def has_attic(self) -> bool:
        return self.attic and self.kind in WITH_ATTIC


@dataclass(frozen=True)
class House:
    """A drawn house. Every text is SVG path data; an empty one is not there."""

    plan: Plan
    x: int
    facade: str
    roof: str
    trim: str
    bars: str
    door: str
    windows: tuple[str, ...]
    sills: tuple[tuple[int, int], ...]


def build(plan: Plan, x: int, *, door_left: bool) -> House:
    """The house of `plan` with its left wall at `x`."""
    top = GROUND - GROUND_FLOOR - plan.floors * FLOOR - 4
    facade, roof, trim, attic = _CROWNS[plan.kind](x, top, plan.width)
    step = plan.width / plan.columns
    lefts = [round(x + step * (column + 0.5) - WINDOW[0] / 2) for column in range(plan.columns)]
    door = lefts[0 if door_left else -1]
    ground = [left for left in lefts if left != door]
    places = [(left, top + 9 + FLOOR * floor) for floor in range(plan.floors) for left in lefts]
    places += [(left, GROUND - GROUND_FLOOR + 8) for left in ground]
    windows, bars = [_pane(*place) for place in places], [_bars(plan.kind, *place) for place in places]
    if plan.has_attic:
        windows.append(attic)
    return House(
        plan=plan,
        x=x,
        facade=facade,
        roof=roof,
        trim=trim + _balconies(plan, x, top),
        bars="".join(bars),
        door=f"M{door - 1} {GROUND}v-30h16v30z",
        windows=tuple(windows),
        sills=tuple(places),
    )


def _pane(x: int, y: int) -> str:
    width, height = WINDOW
    return f"M{x} {y}h{width}v{height}h-{width}z"


def _bars(kind: Kind, x: int, y: int) -> str:
    """The glazing bars: a cross in an old house, one upright in a newer one."""
    if kind is Kind.GALLERY:
        return f"M{x + 5} {y}v20"
    if kind is Kind.PITCH:
        return f"M{x} {y + 6}h14"
    return f"M{x + 7} {y}v20m-7-13h14"


def _balconies(plan: Plan, x: int, top: int) -> str:
    if plan.kind is not Kind.GALLERY:
        return ""
    return "".join(f"M{x + 4} {top + 31 + FLOOR * floor}h{plan.width - 8}v3h-{plan.width - 8}z" for floor in range(plan.floors))


def _walls(x: int, top: int, width: int) -> str:
    return f"M{x} {GROUND}V{top}h{width}V{GROUND}z"


Crown = tuple[str, str, str, str]  # outline, roof, trim, attic window


def _gable(x: int, top: int, width: int) -> Crown:
    middle, rise = x + width // 2, round(width * 0.46)
    apex = top - rise
    return (
        f"M{x} {GROUND}V{top}L{middle} {apex}L{x + width} {top}V{GROUND}z",
        "",
        f"M{x - 1} {top + 1}L{middle} {apex - 4}L{x + width + 1} {top + 1}v-6L{middle} {apex - 9}L{x - 1} {top - 5}z",
        _pane(middle - 7, top - 15),
    )


def _step(x: int, top: int, width: int) -> Crown:
    tread = width // 7
    rise, caps, d = 10, [], f"M{x} {GROUND}V{top}"
    for number in range(3):
        caps.append(f"M{x + tread * number - 1} {top - rise * number - 3}h{width - 2 * tread * number + 2}v4h-{width - 2 * tread * number + 2}z")
        d += f"h{tread}v-{rise}" if number else f"v-1h{tread}v-{rise - 1}"
    left, span = x + tread * 3, width - tread * 6
    caps.append(f"M{left - 1} {top - 3 * rise - 3}h{span + 2}v4h-{span + 2}z")
    d += f"h{span}" + f"v{rise}h{tread}" * 3 + f"V{GROUND}z"
    return d, "", "".join(caps), _pane(x + width // 2 - 7, top - 16)


def _bell(x: int, top: int, width: int) -> Crown:
    right, middle, shoulder = x + width, x + width // 2, round(width * 0.24)
    apex = top - 34
    curve = f"C{x + shoulder} {top} {x + shoulder - 2} {apex + 12} {x + shoulder + 2} {apex}"
    back = f"C{right - shoulder + 2} {apex + 12} {right - shoulder} {top} {right} {top}"
    bow = f"Q{middle} {apex - 12} {right - shoulder - 2} {apex}"
    facade = f"M{x} {GROUND}V{top}{curve}{bow}{back}V{GROUND}z"
    cap = f"M{x + shoulder - 2} {apex + 1}v-4Q{middle} {apex - 17} {right - shoulder + 2} {apex - 3}v4Q{middle} {apex - 11} {x + shoulder - 2} {apex + 1}z"
    feet = f"M{x - 1} {top + 2}v-5h8q2 3-2 5zM{right + 1} {top + 2}v-5h-8q-2 3 2 5z"
    return facade, "", cap + feet, f"M{middle - 7} {top - 2}v-11a7 7 0 0 1 14 0v11z"


def _cornice(x: int, top: int, width: int) -> Crown:
    teeth = "".join(f"M{left} {top}h3v5h-3z" for left in range(x + 6, x + width - 6, 9))
    return _walls(x, top - 4, width), "", f"M{x - 2} {top - 8}h{width + 4}v6h-{width + 4}z{teeth}", ""


def _pitch(x: int, top: int, width: int) -> Crown:
    middle, rise = x + width // 2, 30
    roof = f"M{x - 2} {top}L{x + 8} {top - rise}H{x + width - 8}L{x + width + 2} {top}z"
    chimney = f"M{x + width - 26} {top - rise}v-11h9v11z"
    dormer = f"M{middle - 12} {top - 3}v-21h24v21z"
    eaves = f"M{x - 2} {top - 2}h{width + 4}v5h-{width + 4}zM{middle - 14} {top - 25}h28v4h-28z"
    return _walls(x, top, width) + dormer, roof + chimney, eaves, _pane(middle - 7, top - 19).replace("v20", "v14")


def _gallery(x: int, top: int, width: int) -> Crown:
    lift = f"M{x + width - 34} {top - 2}v-10h22v10z"
    return _walls(x, top - 2, width), lift, f"M{x - 1} {top - 5}h{width + 2}v4h-{width + 2}z", ""


_CROWNS = {
    Kind.GABLE: _gable,
    Kind.STEP: _step,
    Kind.BELL: _bell,
    Kind.CORNICE: _cornice,
    Kind.PITCH: _pitch,
    Kind.GALLERY: _gallery,
}
