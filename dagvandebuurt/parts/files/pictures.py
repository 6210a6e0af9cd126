"""Image sanitising: uploads are decoded and re-encoded, so that only their pixels remain.

This removes camera names, GPS positions and embedded scripts (EXIF, polyglot files). Too large a picture is
refused before it is decompressed (decompression bomb).
"""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 8_000_000
MOST_PIXELS = 16_000_000  # 64 MB decompressed, three times over while it is rotated and scaled
WIDEST = 1600
PORTRAIT = 480  # of a speaker, shown at 144 pixels at most
SHARED = (1200, 630)  # link preview (Open Graph)


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
    """Sanitised picture, in a size for pages and one for sharing. `name` is a hash of its content."""

    name: str
    webp: bytes
    jpg: bytes
    width: int  # of the webp
    height: int


def re_encoded(sent: bytes) -> Picture:
    """Decode and re-encode an upload. Raises NotAPicture or PictureTooLarge."""
    pixels = _decoded(sent, WIDEST)
    webp = _written(pixels, "WEBP", quality=82, method=4)
    shared = ImageOps.fit(_on_white(pixels), SHARED)
    jpg = _written(shared, "JPEG", quality=85, optimize=True)
    return Picture(_name_of(webp), webp, jpg, *pixels.size)


def portrait(sent: bytes) -> Picture:
    """Decode an upload and make a small square of it, around where a face is. Raises as `re_encoded`."""
    square = ImageOps.fit(_on_white(_decoded(sent, WIDEST)), (PORTRAIT, PORTRAIT), centering=(0.5, 0.35))
    webp = _written(square, "WEBP", quality=80, method=4)
    return Picture(_name_of(webp), webp, b"", *square.size)


def _decoded(sent: bytes, widest: int) -> Image.Image:
    """Return the pixels of an upload, upright and no larger than `widest`."""
    if len(sent) > MOST_BYTES:
        raise PictureTooLarge
    try:
        with Image.open(io.BytesIO(sent), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:  # from the header: nothing is decompressed yet
                raise PictureTooLarge
            image.draft("RGB", (widest, widest))
            turned = ImageOps.exif_transpose(image)
            turned.thumbnail((widest, widest))
            return _bare(turned)
    except Image.DecompressionBombError:
        raise PictureTooLarge from None
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombWarning):
        raise NotAPicture from None


def _name_of(webp: bytes) -> str:
    return hashlib.blake2b(webp, digest_size=16).hexdigest()


def _bare(image: Image.Image) -> Image.Image:
    """Copy the pixels into a new picture, without metadata."""
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
