"""Small pictures of pages, and the difference of two.

A screenshot is reduced so far that the drawing of letters no longer counts, and that of blocks still does.
"""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

SHADES = 8  # steps of brightness that are told apart: flat areas stay flat, and the file stays small
FAINT = 20  # of 255: a smaller difference of one dot is the drawing of letters
CROWDED = 0.5  # part of a window of 5 by 5 dots that must differ
MOST_SPREAD = 0.04  # part of the whole picture that may differ in no such window


@dataclass(frozen=True)
class Difference:
    """What is different between two small pictures."""

    crowded: float  # the part of the worst window that differs
    spread: float  # the part of the whole that differs
    where: tuple[int, int, int, int] | None  # left, top, right, bottom of what differs, in dots

    @property
    def is_one(self) -> bool:
        """Whether somebody would see it."""
        return self.crowded >= CROWDED or self.spread > MOST_SPREAD


def small(screenshot: bytes, factor: int) -> Image.Image:
    """Reduce a screenshot to one dot for each `factor` by `factor` pixels."""
    image = Image.open(io.BytesIO(screenshot)).convert("RGB").reduce(factor)
    return image.point([round(value / SHADES) * SHADES if value < 252 else 255 for value in range(256)] * 3)


def difference(one: Image.Image, other: Image.Image) -> Difference:
    """Compare two small pictures. Those of another size differ wholly."""
    if one.size != other.size:
        return Difference(1.0, 1.0, (0, 0, *one.size))
    soft = ImageFilter.BoxBlur(1)
    bands = ImageChops.difference(one.filter(soft), other.filter(soft)).split()
    most = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    differs = most.point([255 if value > FAINT else 0 for value in range(256)])
    worst = differs.filter(ImageFilter.BoxBlur(2)).getextrema()[1]
    counted = differs.histogram()[255]
    return Difference(worst / 255, counted / (one.width * one.height), differs.getbbox())


def load(path: Path) -> Image.Image:
    """Read a kept picture."""
    with Image.open(path) as image:
        return image.convert("RGB")


def keep(image: Image.Image, path: Path) -> None:
    """Write a picture as small as it gets."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, optimize=True)
