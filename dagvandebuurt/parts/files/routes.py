"""Route that serves stored pictures."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.parts.files import TYPES, store
from dagvandebuurt.parts.files.permissions import FilePermission

bp = Blueprint("files", __name__)


@bp.get("/beeld/<name>")
@allows(FilePermission.READ)
def picture(name: str) -> ResponseReturnValue:
    """Serve a picture with a fixed content type, so that browsers do not guess (MIME sniffing)."""
    content = store().get(name)
    if content is None:
        raise NotFound
    response = Response(content, content_type=TYPES[name.rpartition(".")[2]])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
