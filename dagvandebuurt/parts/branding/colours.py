"""Colours: contrast (WCAG 2.2, 1.4.3), a readable neighbour of a colour, and the stylesheet made of them.

The accent is the colour of buttons, the second one that of links. They are chosen for light pages; the ones
for dark pages are made here, lighter until they can be read.
"""

import colorsys
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dagvandebuurt.core.i18n import lazy as _l

HEX = re.compile(r"#[0-9a-f]{6}")
ACCENT, SECOND = "#a03a2c", "#0f5e63"  # of static/css/tokens.css, as the surfaces below
PAPER, CARD, SUNKEN = "#fbf7f0", "#fffdf9", "#f3ecdf"
DARK_SURFACES = ("#14171d", "#1d222b", "#10131a")
LEAST = 4.5  # of normal text, level AA
AIM_IN_THE_DARK = 6.0
WASH, DARK_WASH = 0.1, 0.2  # share of the colour in the background of a label


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(red: float, green: float, blue: float) -> str:
    return "#" + "".join(f"{round(min(max(part, 0.0), 1.0) * 255):02x}" for part in (red, green, blue))


def luminance(colour: str) -> float:
    """Return the relative luminance of an sRGB colour, as WCAG defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours: from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """Return `other` with this share of `colour` in it."""
    parts = zip(_channels(colour), _channels(other), strict=True)
    return _hex(*(share * mine + (1 - share) * its for mine, its in parts))


@dataclass(frozen=True)
class Text:
    """Text in a colour that is chosen, on a background that may depend on it."""

    what: Any
    background: Callable[[str], str]


# What each colour has to be read in.
TEXTS: Mapping[str, tuple[Text, ...]] = {
    "accent": (
        Text(_l("de tekst op een knop"), lambda _colour: CARD),
        Text(_l("de gekozen pagina in het menu"), lambda _colour: PAPER),
        Text(_l("een woord in deze kleur op een grijs vlak"), lambda _colour: SUNKEN),
    ),
    "second": (
        Text(_l("een link op een kaart"), lambda _colour: CARD),
        Text(_l("een link in de tekst"), lambda _colour: PAPER),
        Text(_l("een link op een grijs vlak"), lambda _colour: SUNKEN),
        Text(_l("een label in deze kleur"), lambda colour: mixed(colour, CARD, WASH)),
    ),
}


def unreadable(of: str, colour: str) -> list[tuple[str, float]]:
    """Return the texts that cannot be read in this colour, each with its contrast. `of`: accent or second."""
    found = [(str(text.what), contrast(colour, text.background(colour))) for text in TEXTS[of]]
    return [(what, ratio) for what, ratio in found if ratio < LEAST]


def readable_neighbour(of: str, colour: str) -> str:
    """Return the lightest colour of the same hue in which every text can be read."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    while unreadable(of, colour):
        lightness -= 0.005
        colour = _hex(*colorsys.hls_to_rgb(hue, max(lightness, 0.0), saturation))
    return colour


def for_dark_pages(colour: str) -> str:
    """Return the colour, lighter until it can be read on every dark surface and on its own label."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    while _least_in_the_dark(colour) < AIM_IN_THE_DARK and lightness < 1:
        lightness += 0.005
        colour = _hex(*colorsys.hls_to_rgb(hue, min(lightness, 1.0), saturation))
    return colour


def _least_in_the_dark(colour: str) -> float:
    grounds = (*DARK_SURFACES, mixed(colour, DARK_SURFACES[0], DARK_WASH))
    return min(contrast(colour, ground) for ground in grounds)


def stylesheet(accent: str, second: str, *, selector: str = ":root") -> str:
    """Return CSS that gives everything in `selector` these two colours, on light pages and dark ones."""
    darker, link = for_dark_pages(accent), for_dark_pages(second)
    pairs = {
        "--brick": (accent, darker),
        "--brick-deep": (mixed("#000000", accent, 0.2), mixed("#ffffff", darker, 0.3)),
        "--wash-brick": (mixed(accent, CARD, WASH), mixed(darker, DARK_SURFACES[0], DARK_WASH)),
        "--canal": (second, link),
        "--wash-canal": (mixed(second, CARD, WASH), mixed(link, DARK_SURFACES[0], DARK_WASH)),
    }
    light = " ".join(f"{name}: {day};" for name, (day, _night) in pairs.items())
    both = " ".join(f"{name}: light-dark({day}, {night});" for name, (day, night) in pairs.items())
    return (
        "@layer tokens {\n"
        f"  {selector} {{ {light} }}\n"
        f"  @supports (color: light-dark(#fff, #000)) {{ {selector} {{ {both} }} }}\n"
        "}\n"
    )
