"""Route of the stylesheet with the colours of the event."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.security import publicly_cacheable
from dagvandebuurt.parts.branding import colours
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
