"""Responses with a drawn picture: kept in this process, and by the browser that asked for it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from dagvandebuurt.core.security import publicly_cacheable
from dagvandebuurt.parts.branding import drawings
from dagvandebuurt.parts.branding.queries import Brand, current
from dagvandebuurt.parts.files import store

MOST_BYTES = 4_000_000  # per process: about a hundred cards
CARD_SECONDS = 3600
RATE = "600 per hour"  # of what one network makes us draw


class Drawn:
    """Cache of drawn pictures of one app, least recently used first out. One is drawn at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, bytes] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable, draw: Callable[[], bytes]) -> bytes:
        with self._lock:
            found = self._found.get(key)
            if found is not None:
                self._found.move_to_end(key)
                return found
            made = self._found[key] = draw()
            self._bytes += len(made)
            while self._bytes > MOST_BYTES and len(self._found) > 1:
                self._bytes -= len(self._found.popitem(last=False)[1])
            return made


def _drawn(key: Hashable, draw: Callable[[], bytes]) -> bytes:
    cache = current_app.extensions.setdefault("drawn_pictures", Drawn())
    assert isinstance(cache, Drawn)
    return cache.get((current().fingerprint, key), draw)


def _logo(brand: Brand) -> bytes | None:
    try:
        return store().get(f"{brand.look.logo}.webp") if brand.look.logo else None
    except OSError:
        return None  # a store that is away for a moment: the mark instead


def card_response(above: str, title: str) -> ResponseReturnValue:
    """Return the card of something that everybody may see. Its words are Dutch, as those on it."""
    brand = current()
    name = brand.look.name or brand.known_name or "Buurtdag"
    png = _drawn(
        ("card", name, above, title),
        lambda: drawings.card(name, above, title, accent=brand.accent, logo=_logo(brand)),
    )
    publicly_cacheable()
    return _pictured(png, "image/png", f"public, max-age={CARD_SECONDS}")


def icon_response(name: str, fingerprint: str) -> ResponseReturnValue:
    """Return an icon: for ever under its own fingerprint, briefly under an older one."""
    brand = current()
    publicly_cacheable()
    png = _drawn(("icon", name), lambda: drawings.icon(name, accent=brand.accent, logo=_logo(brand)))
    is_current = fingerprint == brand.fingerprint
    return _pictured(
        png, "image/png", "public, max-age=31536000, immutable" if is_current else "public, max-age=60"
    )


def favicon_response() -> ResponseReturnValue:
    brand = current()
    publicly_cacheable()
    ico = _drawn("favicon", lambda: drawings.favicon(accent=brand.accent, logo=_logo(brand)))
    return _pictured(ico, "image/vnd.microsoft.icon", f"public, max-age={CARD_SECONDS}")


def _pictured(content: bytes, kind: str, kept: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Cache-Control"] = kept
    response.add_etag()
    response.make_conditional(request)
    return response
