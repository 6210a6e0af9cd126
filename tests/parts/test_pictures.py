"""Image sanitising: pictures arrive as anything, and are served as pictures (J4)."""

import io
import struct
import zlib

import pytest
from PIL import Image

from dagvandebuurt.parts.files import Folder, store
from dagvandebuurt.parts.files.pictures import (
    MOST_BYTES,
    SHARED,
    WIDEST,
    NotAPicture,
    PictureTooLarge,
    re_encoded,
)

SCRIPT = b"<script>alert(1)</script>"


def a_picture(kind="JPEG", size=(400, 300), mode="RGB", colour="teal", **how):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **how)
    return out.getvalue()


def opened(content):
    return Image.open(io.BytesIO(content))


def a_bomb(width, height):
    """Decompression bomb: a PNG that declares an enormous size, and hardly holds anything."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("PNG", "L"), ("JPEG", "CMYK")],
)
def test_pictures_are_re_encoded_for_pages_and_sharing(kind, mode):
    made = re_encoded(a_picture(kind, mode=mode, colour=1 if mode in "LP" else None))

    read, shared = opened(made.webp), opened(made.jpg)
    assert (read.format, read.size) == ("WEBP", (400, 300))
    assert (shared.format, shared.size, shared.mode) == ("JPEG", SHARED, "RGB")


def test_a_large_one_becomes_small_enough_and_the_same_again_has_the_same_name():
    sent = a_picture(size=(3000, 1000))

    assert opened(re_encoded(sent).webp).width == WIDEST
    assert re_encoded(sent).name == re_encoded(sent).name


def test_metadata_is_removed():
    exif = Image.Exif()
    exif[0x010E] = "geheim: keuken van Noor"  # description
    exif[0x0112] = 6  # rotated
    exif.get_ifd(0x8825)[2] = (52.0, 5.0, 13.0)  # place
    sent = a_picture(exif=exif, comment=b"ook geheim")
    assert b"geheim" in sent  # it was there

    made = re_encoded(sent)

    for content in (made.webp, made.jpg):
        assert b"geheim" not in content
        assert not opened(content).getexif()
    assert opened(made.webp).size == (300, 400)  # and it was rotated before that was removed


@pytest.mark.parametrize("size", [(30_000, 30_000), (2**31 - 1, 2), (7000, 7000), (6324, 6324), (4001, 4000)])
def test_decompression_bombs_are_refused_before_decoding(size):
    with pytest.raises(PictureTooLarge):
        re_encoded(a_bomb(*size))


def test_too_many_bytes_are_refused():
    with pytest.raises(PictureTooLarge):
        re_encoded(b"\xff" * (MOST_BYTES + 1))


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"x", SCRIPT, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + SCRIPT, b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", a_picture()[:200], a_picture("GIF"), a_picture("BMP"),
        a_picture("TIFF"), a_bomb(10, 0), b"\x00\x00\x00\x20ftypavif" + b"x" * 50,
    ],
)  # fmt: skip
def test_files_that_are_no_picture_are_refused(sent):
    with pytest.raises(NotAPicture):
        re_encoded(sent)


@pytest.mark.parametrize(
    "sent",
    [
        a_picture() + SCRIPT,
        a_picture("PNG") + b"PK\x03\x04" + SCRIPT,
        a_picture(comment=SCRIPT + b"*/"),
        a_picture("WEBP") + b"<?php system($_GET[0]); ?>",
    ],
    ids=["html behind", "an archive behind", "html in a comment", "php behind"],
)
def test_polyglot_files_become_plain_pictures(sent):
    made = re_encoded(sent)

    for content in (made.webp, made.jpg):
        assert not any(sign in content for sign in (b"<script", b"<?php", b"PK\x03\x04", b"alert"))
        opened(content).load()


# --- the store -----------------------------------------------------------------------------------


def test_the_store_returns_only_what_was_stored(tmp_path):
    (tmp_path / "geheim.webp").write_bytes(b"x")
    kept, name = Folder(tmp_path / "files"), "0" * 32 + ".webp"

    kept.put(name, b"een")
    kept.put(name, b"een")

    assert kept.get(name) == b"een"
    assert [path.name for path in (tmp_path / "files").iterdir()] == [name]
    for other in ("../geheim.webp", "1" * 32 + ".webp", name + "\x00", "x.svg", "", name.upper()):
        assert kept.get(other) is None
    with pytest.raises(ValueError, match="name"):
        kept.put("../weg.webp", b"")


def test_pictures_have_a_fixed_type_and_are_cached_for_ever(app, make):
    made = re_encoded(a_picture())
    with app.app_context():
        store().put(f"{made.name}.webp", made.webp)

    answer = make.browser().get(f"/beeld/{made.name}.webp")

    assert (answer.status_code, answer.content_type, answer.data) == (200, "image/webp", made.webp)
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for none in ("x.webp", "0" * 32 + ".webp", "0" * 32 + ".svg", "..%2f..%2fdagvandebuurt.db"):
        assert make.browser().get(f"/beeld/{none}").status_code == 404
