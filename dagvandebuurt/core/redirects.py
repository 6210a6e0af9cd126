"""Open-redirect protection: safe local paths, and validation of external web addresses."""

import re
from urllib.parse import urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def is_web_address(address: str) -> bool:
    """Return whether this is an absolute http(s) URL with a host name, without user info or spaces."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return False
    return "." in host.strip(".") and not re.search(r"[\s\\<>\"]", address)


def safe_path(path: str | None, default: str = "/") -> str:
    """Return `path` if it is a local path (RFC 3986, 3.3), else `default`.

    Browsers read `//host`, `/\\host` and hidden control characters as another site.
    """
    if not path or len(path) > 300 or not _PATH.fullmatch(path):
        return default
    if re.search(r"%(0[0-9a-f]|1[0-9a-f]|5c|2f%2f|7f)", path, re.IGNORECASE):
        return default
    try:
        current_app.url_map.bind("").match(path.split("#")[0].split("?")[0], method="GET")
    except RequestRedirect:
        return path
    except HTTPException:
        return default
    return path
