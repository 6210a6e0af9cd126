"""Drawn faces: the same for the same seed, whatever the version of Python, and told apart by more than one feature.

What a face says about somebody is not guessed: skin, hair and glasses differ from seed to seed, as neighbours do, but
a headscarf, a beard or a bald head are drawn only where they were asked for (`wears`).

Plain geometry in a square of 64, as SVG path data. No colours: the stylesheet knows those, light and dark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from dagvandebuurt.parts.street.layout import pick, pseudo_random

SKINS, HAIRS, COATS, GROUNDS = 6, 6, 6, 5  # shades of each in the stylesheet; the last two of hair are grey
GLASSES_OF = 4  # one in so many faces
OLD = HAIRS - 2

HEAD = "M20 27c0-10 5-15 12-15s12 5 12 15c0 9-6 15-12 15s-12-6-12-15z"
NECK = "M27 38h10v9c-3 3-7 3-10 0z"
COAT = "M7 64c0-12 9-19 20-20 3 3 7 3 10 0 11 1 20 8 20 20z"
EYES = "M26.2 26a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0zM34.8 26a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0z"
SMILES = ("M28 34q4 3 8 0", "M29 34.5q3 1.5 6 0", "M27.5 33.5q4.5 4.5 9 0")
LINES = "M23.5 31q.5 2 2 3M40.5 31q-.5 2-2 3"
SPECTACLES = (
    "M23 23.5h8v5.5q-4 2.5-8 0zM33 23.5h8v5.5q-4 2.5-8 0zM31 25h2",
    "M27 22a4 4 0 1 0 .1 0zM37 22a4 4 0 1 0 .1 0zM31 25.5h2",
)


@dataclass(frozen=True)
class Cut:
    """Hair: what hangs behind the head, and what lies before it."""

    behind: str
    before: str


SHORT = "M19 27c-2-12 4-18 13-18s15 6 13 18c-2-4-3-7-5-9-6 1-11 0-14-1-3 2-5 6-7 10z"
PARTED = "M19 28C17 14 24 8 33 9c8 0 13 7 11 19-1-5-3-8-6-10-5 3-11 4-16 3-1 2-2 4-3 7z"
FRINGE = "M19 29c-2-13 4-20 13-20s15 7 13 20c-1-4-2-6-3-7H22c-1 1-2 3-3 7z"
CUTS = {
    "short": Cut("", SHORT),
    "parted": Cut("", PARTED),
    "bob": Cut("M17 43V27C17 15 23 9 32 9s15 6 15 18v16c-3 2-6 1-7-1V24H24v18c-1 2-4 3-7 1z", FRINGE),
    "long": Cut("M16 56V27C16 15 22 9 32 9s16 6 16 18v29c-4 3-28 3-32 0z", PARTED),
    "bun": Cut("M32 2a6.5 6.5 0 1 1-.1 0z", SHORT),
    "curls": Cut(
        "",
        "M19 29a5 5 0 0 1-1-8 6 6 0 0 1 5-9 7 7 0 0 1 11-3 6.5 6.5 0 0 1 9 4 6 6 0 0 1 4 9 5 5 0 0 1-2 7"
        "c-1-4-3-7-5-8-5 2-11 2-15 0-3 2-5 4-6 8z",
    ),
    "wide": Cut(
        "M32 5a17 18 0 1 1-.1 0z", "M19 27c-1-9 5-14 13-14s14 5 13 14c-2-5-4-7-7-8-4 1-8 1-12 0-3 1-5 3-7 8z"
    ),
}


class Wears(StrEnum):
    """What is drawn on request only."""

    NOTHING = ""
    SCARF = "scarf"
    BEARD = "beard"
    BALD = "bald"


SCARF = "M14 60V28C14 13 21 6 32 6s18 7 18 22v32c-6-8-30-8-36 0zM32 13c-7 0-11 6-11 14s5 14 11 14 11-6 11-14-4-14-11-14z"
BEARD = "M20 28c0 12 5 17 12 17s12-5 12-17c-1 4-3 5-5 5-4-2-10-2-14 0-2 0-4-1-5-5z"
BALD = "M20 31c-3-3-3-9 0-13 0 4 1 8 1 13zM44 31c3-3 3-9 0-13 0 4-1 8-1 13z"


@dataclass(frozen=True)
class Face:
    """Drawn face: its parts from back to front, each the name of a style and SVG path data, on a `ground`."""

    ground: int
    parts: Sequence[tuple[str, str]]


@lru_cache(maxsize=2_000)
def face(seed: str, wears: Wears = Wears.NOTHING) -> Face:
    """Draw the face of `seed`."""
    tone = pseudo_random(seed, "hair") % HAIRS
    hair, skin = f"hair-{tone}", f"skin-{pseudo_random(seed, 'skin') % SKINS}"
    shade = pseudo_random(seed, "coat") % COATS
    coat, scarf = f"coat-{shade}", f"coat-{(shade + 2) % COATS}"
    cut = CUTS[pick(tuple(CUTS), seed, "cut")]
    if wears in (Wears.SCARF, Wears.BALD):
        cut = Cut("", BALD if wears is Wears.BALD else "")
    has_glasses = pseudo_random(seed, "glasses") % GLASSES_OF == 0
    parts = (
        (hair, cut.behind),
        (coat, COAT),
        (skin, NECK),
        (skin, HEAD),
        (hair, BEARD if wears is Wears.BEARD else ""),
        (hair, cut.before),
        (scarf, SCARF if wears is Wears.SCARF else ""),
        ("eyes", EYES),
        ("line", pick(SMILES, seed, "smile") + (LINES if tone >= OLD else "")),
        ("glasses", pick(SPECTACLES, seed, "frame") if has_glasses else ""),
    )
    return Face(pseudo_random(seed, "ground") % GROUNDS, tuple(part for part in parts if part[1]))
