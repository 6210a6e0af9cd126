"""A picture somebody sent, made anew: what comes out holds its pixels and nothing else.

No name of a camera, no place on a map, no script behind it: a file that is a picture and a program at once
goes in, a picture comes out. What is too large is refused before it is unpacked.
"""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 8_000_000
MOST_PIXELS = 16_000_000  # 64 MB unpacked, three times over while it is turned and made smaller
WIDEST = 1600
SHARED = (1200, 630)  # what others show beside a link


class NotAPicture(RuleBroken):
    code = "files.not_a_picture"
    status = 422
    message = _l("Dit is geen foto die we kunnen lezen. Kies een JPEG-, PNG- of WebP-bestand.")


class PictureTooLarge(RuleBroken):
    code = "files.picture_too_large"
    status = 422
    message = _l("Deze foto is te groot. Maak hem kleiner dan 8 MB en 16 miljoen beeldpunten.")


@dataclass(frozen=True)
class Picture:
    """To be read and to be shared. `name` is made of what is in it."""

    name: str
    webp: bytes
    jpg: bytes


def remade(sent: bytes) -> Picture:
    """Raises NotAPicture or PictureTooLarge."""
    if len(sent) > MOST_BYTES:
        raise PictureTooLarge
    try:
        with Image.open(io.BytesIO(sent), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:  # told by the header: nothing is unpacked yet
                raise PictureTooLarge
            image.draft("RGB", (WIDEST, WIDEST))
            turned = ImageOps.exif_transpose(image)
            turned.thumbnail((WIDEST, WIDEST))
            pixels = _bare(turned)
    except Image.DecompressionBombError:
        raise PictureTooLarge from None
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombWarning):
        raise NotAPicture from None
    webp = _written(pixels, "WEBP", quality=82, method=4)
    shared = ImageOps.fit(_on_white(pixels), SHARED)
    jpg = _written(shared, "JPEG", quality=85, optimize=True)
    return Picture(hashlib.blake2b(webp, digest_size=16).hexdigest(), webp, jpg)


def _bare(image: Image.Image) -> Image.Image:
    """The pixels alone, in a new picture: whatever came along with them stays behind."""
    seen = image.convert("RGBA" if image.has_transparency_data else "RGB")
    bare = Image.new(seen.mode, seen.size)
    bare.paste(seen)
    return bare


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _written(image: Image.Image, kind: str, **how: int | bool) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()
