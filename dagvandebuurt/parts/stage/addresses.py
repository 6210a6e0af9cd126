"""Strict URL parsing, so that our reading and a browser's are the same (parser differential).

Browsers repair odd input: `https:\\host`, a name before an @, a number that is an IP address, a look-alike
letter. Nothing that needs repair is accepted, so there is nothing to read in two ways.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

MAX_CHARS = 300
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# At least two labels, ending in letters: no IP address in any notation, no port, no user info.
_HTTPS = re.compile(
    rf"https://(?P<host>(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?)(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
    r"(?:\?(?P<query>[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*))?(?:#[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?",
)
_MEETING = re.compile(r"bbb:(?P<name>[a-z0-9-]{0,40})")


@dataclass(frozen=True)
class Address:
    """Parsed URL. `text` is as it was typed. For a meeting on our own server `host` is empty and `path` its
    name."""

    text: str
    host: str
    path: str
    query: str = ""

    @property
    def is_meeting(self) -> bool:
        return not self.host

    @property
    def origin(self) -> str:
        return f"https://{self.host}"

    @property
    def parts(self) -> list[str]:
        """Return the path segments. Empty where one is `..`: a browser would walk up."""
        parts = [part for part in self.path.split("/") if part]
        return [] if any(part in (".", "..") or "%" in part for part in parts) else parts

    def value(self, name: str) -> str:
        """Return the first value of `name` in the query, or ""."""
        return parse_qs(self.query).get(name, [""])[0]


def host_name(text: str) -> str | None:
    """Return a typed host name as a browser writes it (punycode); None for anything but exactly one name.

    A name that two standards spell in two ways (`ß`) is none: the other spelling is somebody else's host.
    """
    typed = text.strip().lower().removesuffix(".")
    try:
        written = typed.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    if shown_host(written) != typed and written != typed:
        return None
    known = read(f"https://{written}")
    return written if known is not None and (known.host, known.path) == (written, "/") else None


def shown_host(host: str) -> str:
    """Return a host name with the letters that its punycode stands for."""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def read(text: str | None) -> Address | None:
    """Parse `text`; None for anything but exactly one valid address. Its host is in lower case."""
    if not text or len(text) > MAX_CHARS:
        return None
    meeting = _MEETING.fullmatch(text)
    if meeting:
        return Address(text, "", meeting["name"])
    scheme, _, rest = text.partition("://")
    host, slash, path = rest.partition("/")
    found = _HTTPS.fullmatch(f"{scheme.lower()}://{host.lower()}{slash}{path}") if text.isascii() else None
    if found is None or len(found["host"]) > 253:
        return None
    return Address(found[0], found["host"], found["path"] or "/", found["query"] or "")
