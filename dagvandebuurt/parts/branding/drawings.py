"""Pictures drawn in the look of the event: cards beside shared links (Open Graph), and icons of the site."""

import io
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from dagvandebuurt.parts.branding import colours

STATIC = Path(__file__).parents[3] / "static"
CARD_SIZE = (1200, 630)
MARGIN, TITLE_TOP, TITLE_HEIGHT, TITLE_WIDTH = 72, 186, 276, 1056
TITLE_SIZES = (76, 68, 60, 52, 44)
MOST_LINES = 4
MOST_CHARS = 240
LOGO_BOX = (420, 76)
INK, MUTED, SUN = "#1f2530", "#4f5663", "#f2b134"
LEGIBLE = re.compile(r"[\u0020-\u024f\u2010-\u2026\u20ac]*")  # what our fonts have
# The mark, in a square of 32: two houses and their windows (static/img/favicon.svg).
HOUSES = (
    ((4, 27), (4, 15), (10.5, 8), (17, 15), (17, 27)),
    ((17, 27), (17, 12), (20, 12), (20, 9), (23, 9), (23, 6), (26, 6), (26, 9), (29, 9), (29, 27)),
)
WINDOWS = (((7.5, 17), (12.5, 23)), ((20, 15), (26, 22)))
FINER = 4  # drawn larger and scaled down, for smooth edges
ICON_SIZES = {"180": 180, "192": 192, "512": 512, "maskable": 512}
FAVICON_SIZES = [(16, 16), (32, 32), (48, 48)]
SAFE = 0.62  # share of a maskable icon that is never cut off, as a square within its circle


@lru_cache(maxsize=16)
def _font(name: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(STATIC / "vendor" / name), size)
    font.set_variation_by_axes([weight])
    return font


def _display(size: int) -> ImageFont.FreeTypeFont:
    return _font("bricolage-grotesque.woff2", size, 800)


def _text(size: int) -> ImageFont.FreeTypeFont:
    return _font("atkinson-hyperlegible-next.woff2", size, 600)


def card(
    name: str, above: str, title: str, *, accent: str = colours.ACCENT, logo: bytes | None = None
) -> bytes:
    """Draw a card as PNG: who it is of, what it is about, and the street. Text that our fonts do not have
    is left out.
    """
    with Image.open(STATIC / "img" / "og.png") as street:
        image = street.convert("RGB")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, CARD_SIZE[0], 14), fill=accent)
    _sign(image, pen, name, logo, accent)
    if above and LEGIBLE.fullmatch(above):
        pen.text((MARGIN, 132), above, font=_text(32), fill=MUTED)
    if LEGIBLE.fullmatch(title):
        lines, size = _fitted(title[:MOST_CHARS])
        for number, line in enumerate(lines):
            pen.text((MARGIN, TITLE_TOP + number * round(size * 1.08)), line, font=_display(size), fill=INK)
    return _png(image.quantize(128, dither=Image.Dither.NONE))


def _sign(image: Image.Image, pen: ImageDraw.ImageDraw, name: str, logo: bytes | None, accent: str) -> None:
    """Draw the logo, or the mark and the name."""
    drawn = _opened(logo)
    if drawn is not None:
        drawn.thumbnail(LOGO_BOX)
        image.paste(drawn, (MARGIN, 42), drawn)
        return
    mark = _mark(56, accent, round_corners=True)
    image.paste(mark, (MARGIN, 50), mark)
    if LEGIBLE.fullmatch(name):
        pen.text((MARGIN + 74, 58), name, font=_display(36), fill=INK)


def _fitted(title: str) -> tuple[Sequence[str], int]:
    """Break a title into lines, as large as fits; the smallest size ends in an ellipsis."""
    for size in TITLE_SIZES:
        lines = _broken(title, size)
        if len(lines) <= MOST_LINES and len(lines) * size * 1.08 <= TITLE_HEIGHT:
            return lines, size
    kept = lines[:MOST_LINES]
    while _display(size).getlength(f"{kept[-1]}…") > TITLE_WIDTH:
        kept[-1] = kept[-1][:-1]
    kept[-1] = kept[-1].rstrip(" .,:;") + "…"
    return kept, size


def _broken(title: str, size: int) -> list[str]:
    font, lines = _display(size), [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= TITLE_WIDTH:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:  # a word wider than the card
            if font.getlength(lines[-1] + letter) > TITLE_WIDTH:
                lines.append("")
            lines[-1] += letter
    return lines


def _opened(logo: bytes | None) -> Image.Image | None:
    """Open a stored logo; None without one, or where its file is lost."""
    if not logo:
        return None
    try:
        with Image.open(io.BytesIO(logo), formats=("WEBP",)) as image:
            return image.convert("RGBA")
    except (OSError, ValueError):
        return None


def _mark(size: int, accent: str, *, round_corners: bool, share: float = 1.0) -> Image.Image:
    """Draw the mark on a square of the accent; `share` is how much of the square it fills."""
    wide = size * FINER
    image = Image.new("RGBA", (wide, wide), (0, 0, 0, 0) if round_corners else accent)
    pen = ImageDraw.Draw(image)
    if round_corners:
        pen.rounded_rectangle((0, 0, wide - 1, wide - 1), radius=wide * 7 / 32, fill=accent)
    scale, edge = wide * share / 32, wide * (1 - share) / 2
    for house in HOUSES:
        pen.polygon([(edge + x * scale, edge + y * scale) for x, y in house], fill=colours.CARD)
    for (left, top), (right, bottom) in WINDOWS:
        box = (edge + left * scale, edge + top * scale, edge + right * scale - 1, edge + bottom * scale - 1)
        pen.rectangle(box, fill=SUN)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def icon(name: str, *, accent: str = colours.ACCENT, logo: bytes | None = None) -> bytes:
    """Draw an icon as PNG; `name` is one of ICON_SIZES."""
    return _png(_icon(ICON_SIZES[name], accent, logo, is_maskable=name == "maskable"))


def favicon(*, accent: str = colours.ACCENT, logo: bytes | None = None) -> bytes:
    """Draw `favicon.ico`, in three sizes."""
    out = io.BytesIO()
    _icon(FAVICON_SIZES[-1][0], accent, logo).save(out, "ICO", sizes=FAVICON_SIZES)
    return out.getvalue()


def _icon(size: int, accent: str, logo: bytes | None, *, is_maskable: bool = False) -> Image.Image:
    drawn = _opened(logo)
    if drawn is None:
        return _mark(size, accent, round_corners=not is_maskable, share=SAFE if is_maskable else 1.0)
    square = Image.new("RGBA", (size, size), colours.CARD)
    room = round(size * (SAFE if is_maskable else 0.88))
    scale = min(room / drawn.width, room / drawn.height)
    fitted = drawn.resize((max(1, round(drawn.width * scale)), max(1, round(drawn.height * scale))))
    square.paste(fitted, ((size - fitted.width) // 2, (size - fitted.height) // 2), fitted)
    return square


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
