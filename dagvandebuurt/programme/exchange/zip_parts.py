"""Parts of a workbook, a zip of XML: unpacked within limits (zip bomb), declared sizes not trusted."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from zipfile import BadZipFile, ZipFile

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.programme.errors import CannotBeRead, TooMuchInFile
from dagvandebuurt.programme.exchange import limits
from dagvandebuurt.programme.exchange.xml_file import Node, read_xml


class Parts:
    """XML parts by name. Raises TooMuchInFile with the limit, CannotBeRead for a missing part."""

    def __init__(self, book: ZipFile, breathe: Callable[[], None]) -> None:
        self._book, self._breathe = book, breathe
        self._left = limits.MOST_UNPACKED_BYTES
        self.members = {info.filename: info for info in book.infolist()}
        if len(book.infolist()) > limits.MOST_MEMBERS:
            raise TooMuchInFile(
                _("Dit Excel-bestand heeft meer dan %(most)d onderdelen.", most=limits.MOST_MEMBERS)
            )

    def part(self, name: str) -> Node:
        info = self.members.get(name)
        if info is None:
            raise broken()
        with self._book.open(info) as packed:
            content = packed.read(self._left + 1)
        self._left -= len(content)
        if self._left < 0 or len(content) > max(info.compress_size, 1_000) * limits.MOST_UNPACKED_RATIO:
            raise TooMuchInFile(
                _("Dit Excel-bestand is uitgepakt groter dan %(most)d MB of veel te sterk ingepakt.",
                  most=limits.MOST_UNPACKED_BYTES // 1_000_000)
            )  # fmt: skip
        return read_xml(content, self._breathe)

    def optional(self, name: str) -> Node:
        return self.part(name) if name in self.members else Node("none", 0, {})


def broken() -> CannotBeRead:
    return CannotBeRead(_("Dit Excel-bestand is beschadigd of beveiligd."))


@contextmanager
def safely() -> Iterator[None]:
    """Convert the errors of a damaged zip to a sentence."""
    try:
        yield
    except (
        BadZipFile,
        zlib.error,
        zipfile.LargeZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        RuntimeError,
    ):
        raise broken() from None
