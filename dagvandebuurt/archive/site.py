"""Names in the archive: which file holds which address, and how one file refers to another."""

import posixpath
import re
from collections.abc import Iterable
from hashlib import blake2b
from urllib.parse import unquote, urljoin, urlsplit

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")  # a name that every file system and host takes
STATIC = re.compile(r"^/static/[^/]+/")  # the fingerprint of a release changes with every file of it
LOADED = ("/static/", "/beeld/", "/huisstijl/")  # what pages load, and is found in them
INDEX = "index.html"
# What a sentence may be about. A link to anything else that the archive lacks is a way to do something.
SOMETHING = re.compile(
    r"/(programma/\d+|(sessies|lessen|sprekers|organisaties|vragen)/[^/]+|agenda/\d+|wijkwijzer/[a-z-]+/(?!nieuw$|stel$)[^/]+)"
)
AS_TEXT = ""


class Site:
    """The files of an archive by address. A page has one in each language, a file of data one for all."""

    def __init__(self, public_url: str, languages: Iterable[str]) -> None:
        self._public = public_url
        self._host = urlsplit(public_url).netloc
        self.languages = tuple(languages)
        self._pages: dict[str, str] = {}
        self._data: dict[str, str] = {}
        self._same: dict[str, str] = {}
        self._taken: set[str] = set()
        self.loaded: dict[str, str] = {}  # address of a picture, font or stylesheet → its file

    def add_page(self, address: str, *, same_as: Iterable[str] = ()) -> None:
        """Add a page, with other addresses that lead to it."""
        path = _plain(urlsplit(address).path)
        self._pages[address] = self._free(posixpath.join(path, INDEX))
        self._same.update(dict.fromkeys(same_as, address))

    def add_data(self, address: str) -> None:
        self._data[address] = self._free(_plain(urlsplit(address).path))

    def forget(self, address: str) -> None:
        """Take out a page or file that is not there after all."""
        self._pages.pop(address, None)
        self._data.pop(address, None)

    @property
    def pages(self) -> list[str]:
        return list(self._pages)

    @property
    def data(self) -> dict[str, str]:
        return dict(self._data)

    def file_of(self, address: str, language: str) -> str:
        return posixpath.join(language, self._pages[address])

    def link(self, href: str, *, on: str, language: str) -> str | None:
        """Return the link from the page `on` to what `href` leads to. Of what the archive lacks: `AS_TEXT` for
        something to read, None for something to do."""
        if href.startswith("#"):
            return href
        if href.startswith("archive:"):  # the same page in another language
            return _relative(self.file_of(on, href.removeprefix("archive:")), self.file_of(on, language))
        parts = urlsplit(urljoin(self._public + on, href))
        if f"{parts.scheme}://{parts.netloc}" != self._public:
            # What another site would fetch from here is not there for ever.
            is_about_here = parts.netloc and self._host in unquote(href)
            return None if is_about_here else href
        file = self._file(parts.path, parts.query, language)
        if file is None:
            return AS_TEXT if SOMETHING.fullmatch(parts.path) else None
        return _relative(file, self.file_of(on, language)) + (f"#{parts.fragment}" if parts.fragment else "")

    def load(self, address: str) -> str:
        """Return the file of what a page or stylesheet loads; it must be fetched."""
        return self.loaded.setdefault(address, STATIC.sub("static/", address).lstrip("/"))

    def _file(self, path: str, query: str, language: str) -> str | None:
        if path.startswith(LOADED):
            return self.load(path)
        if path in self._data:  # with or without an alarm
            return self._data[path]
        address = f"{path}?{query}" if query else path
        address = self._same.get(address, address)
        return self.file_of(address, language) if address in self._pages else None

    def _free(self, file: str) -> str:
        """Return the name, or another where a file system that knows no capitals would take two for one."""
        if file.lower() in self._taken:
            folder, name = posixpath.split(file)
            file = posixpath.join(f"{folder}-{_short(file)}", name)
        self._taken.add(file.lower())
        return file


def _plain(path: str) -> str:
    parts = [unquote(part) for part in path.split("/") if part]
    return posixpath.join("", *(part if PLAIN.fullmatch(part) else _short(part) for part in parts))


def _short(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _relative(file: str, other: str) -> str:
    return posixpath.relpath(file, posixpath.dirname(other) or ".")
