"""Routes of what follows from the branding: stylesheet, icons, web app manifest and the card of the event."""

import json

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.i18n import language
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.security import publicly_cacheable
from dagvandebuurt.parts.branding import colours
from dagvandebuurt.parts.branding.cards import card_response, favicon_response, icon_response
from dagvandebuurt.parts.branding.drawings import ICON_SIZES
from dagvandebuurt.parts.branding.permissions import BrandingPermission
from dagvandebuurt.parts.branding.queries import current

bp = Blueprint("branding", __name__)


@bp.get("/huisstijl/<fingerprint>.css")
@allows(BrandingPermission.READ)
def stylesheet(fingerprint: str) -> ResponseReturnValue:
    """Serve the colours: for ever under their own fingerprint, briefly under an older one."""
    brand = current()
    publicly_cacheable()
    response = Response(
        colours.stylesheet(brand.accent, brand.second), content_type="text/css; charset=utf-8"
    )
    is_current = fingerprint == brand.fingerprint
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if is_current else "public, max-age=60"
    )
    return response


@bp.get("/icoon/<fingerprint>/<name>.png")
@allows(BrandingPermission.READ)
def icon(fingerprint: str, name: str) -> ResponseReturnValue:
    """Serve an icon of the site, of the logo or else of the mark in the event's colour."""
    if name not in ICON_SIZES:
        raise NotFound
    return icon_response(name, fingerprint)


@bp.get("/favicon.ico")
@allows(BrandingPermission.READ)
def favicon() -> ResponseReturnValue:
    """Serve the icon that browsers ask for without being told of it."""
    return favicon_response()


@bp.get("/deelbeeld.png")
@allows(BrandingPermission.READ)
def card() -> ResponseReturnValue:
    """Serve the picture beside a shared link: the name and the motto of the event."""
    look = current().look
    return card_response("", look.tagline or current().known_name or look.name)


@bp.get("/manifest.webmanifest")
@allows(BrandingPermission.READ)
def manifest() -> ResponseReturnValue:
    """Serve the web app manifest, with which a phone puts the event on its home screen."""
    brand = current()
    icons = [
        {
            "src": url_for("branding.icon", fingerprint=brand.fingerprint, name=name),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "maskable" if name == "maskable" else "any",
        }
        for name, size in ICON_SIZES.items()
        if name != "180"
    ]
    told = {
        "name": brand.name,
        "short_name": brand.sender,
        "lang": language(),
        "dir": "ltr",
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": colours.PAPER,
        "theme_color": brand.accent,
        "icons": icons,
    }
    response = Response(json.dumps(told, ensure_ascii=False), content_type="application/manifest+json")
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.vary.add("Cookie")
    return response
