"""Roofs of the houses of the street: outline, roof, trim and the window under it.

Plain geometry in the units of a block, y downwards, as SVG path data.
"""

from dataclasses import dataclass
from enum import StrEnum

GROUND = 204  # where houses stand
WINDOW = (14, 20)


class RoofType(StrEnum):
    """Roof type."""

    GABLE = "gable"
    STEP = "step"
    BELL = "bell"
    CORNICE = "cornice"
    PITCH = "pitch"
    GALLERY = "gallery"


WITH_ATTIC = frozenset({RoofType.GABLE, RoofType.STEP, RoofType.BELL, RoofType.PITCH})


@dataclass(frozen=True)
class Crown:
    """Drawing of a house above its eaves, and of its walls. `top` is its highest point."""

    top: int
    facade: str
    roof: str
    trim: str
    attic: str


def crown(kind: RoofType, x: int, eaves: int, width: int) -> Crown:
    """Draw the top of a house between `x` and `x + width` whose walls end at `eaves`."""
    return _CROWNS[kind](x, eaves, width)


def pane(x: int, y: int, height: int = WINDOW[1]) -> str:
    return f"M{x} {y}h{WINDOW[0]}v{height}h-{WINDOW[0]}z"


def bar(x: int, y: int, width: int, height: int) -> str:
    """Draw a plank: for ledges, caps and rails."""
    return f"M{x} {y}h{width}v{height}h-{width}z"


def _walls(x: int, top: int, width: int) -> str:
    return f"M{x} {GROUND}V{top}h{width}V{GROUND}z"


def _gable(x: int, eaves: int, width: int) -> Crown:
    middle, right, apex = x + width // 2, x + width, eaves - round(width * 0.46)
    outline = f"M{x} {GROUND}V{eaves}L{middle} {apex}L{right} {eaves}V{GROUND}z"
    under = f"M{x - 1} {eaves + 1}L{middle} {apex - 4}L{right + 1} {eaves + 1}"
    boards = f"{under}v-6L{middle} {apex - 9}L{x - 1} {eaves - 5}z"
    return Crown(apex - 9, outline, "", boards, pane(middle - 7, eaves - 15))


def _step(x: int, eaves: int, width: int) -> Crown:
    """Draw a stepped gable: three treads of eleven high on either side, each with a stone cap."""
    tread, rise, right = width // 7, 11, x + width
    outline, caps = f"M{x} {GROUND}V{eaves}", ""
    for number in range(3):
        outline += f"h{tread}v-{rise}"
        y, inset = eaves - rise * number - 3, tread * number
        caps += bar(x + inset - 1, y, tread + 2, 4) + bar(right - inset - tread - 1, y, tread + 2, 4)
    span, top = width - 6 * tread, eaves - 3 * rise
    outline += f"h{span}" + f"v{rise}h{tread}" * 3 + f"V{GROUND}z"
    caps += bar(x + 3 * tread - 2, top - 4, span + 4, 5)
    return Crown(top - 4, outline, "", caps, pane(x + width // 2 - 7, eaves - 20))


def _bell(x: int, eaves: int, width: int) -> Crown:
    right, middle, apex = x + width, x + width // 2, eaves - 34
    near, far = x + round(width * 0.26), right - round(width * 0.26)
    outline = (
        f"M{x} {GROUND}V{eaves}C{near - 2} {eaves} {near - 4} {apex + 12} {near} {apex}"
        f"Q{middle} {apex - 12} {far} {apex}"
        f"C{far + 4} {apex + 12} {far + 2} {eaves} {right} {eaves}V{GROUND}z"
    )
    over = f"M{near - 4} {apex + 2}v-5Q{middle} {apex - 18} {far + 4} {apex - 3}v5"
    cap = f"{over}Q{middle} {apex - 11} {near - 4} {apex + 2}z"
    feet = f"M{x - 1} {eaves + 2}v-5h9q1 4-3 5zM{right + 1} {eaves + 2}v-5h-9q-1 4 3 5z"
    return Crown(apex - 12, outline, "", cap + feet, f"M{middle - 7} {eaves - 2}v-12a7 7 0 0 1 14 0v12z")


def _cornice(x: int, eaves: int, width: int) -> Crown:
    teeth = "".join(bar(left, eaves, 3, 4) for left in range(x + 6, x + width - 6, 9))
    return Crown(eaves - 8, _walls(x, eaves - 4, width), "", bar(x - 2, eaves - 8, width + 4, 6) + teeth, "")


def _pitch(x: int, eaves: int, width: int) -> Crown:
    """Draw a tiled roof with a chimney and a dormer, as in the terraces of the last century."""
    middle, right, ridge = x + width // 2, x + width, eaves - 31
    roof = f"M{x - 2} {eaves}L{x + 8} {ridge}H{right - 8}L{right + 2} {eaves}z" + bar(
        right - 24, ridge - 11, 9, 11
    )
    trim = bar(middle - 12, eaves - 23, 24, 21) + bar(x - 2, eaves - 2, width + 4, 4)
    trim += bar(middle - 14, eaves - 26, 28, 4)
    return Crown(ridge - 11, _walls(x, eaves, width), roof, trim, pane(middle - 7, eaves - 19, 14))


def _gallery(x: int, eaves: int, width: int) -> Crown:
    """Draw the top of a block of flats, with its lift shaft."""
    lift = bar(x + width - 34, eaves - 13, 20, 9)
    return Crown(eaves - 13, _walls(x, eaves - 2, width), lift, bar(x - 1, eaves - 5, width + 2, 4), "")


_CROWNS = {
    RoofType.GABLE: _gable,
    RoofType.STEP: _step,
    RoofType.BELL: _bell,
    RoofType.CORNICE: _cornice,
    RoofType.PITCH: _pitch,
    RoofType.GALLERY: _gallery,
}
