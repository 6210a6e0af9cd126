"""Static files under a fingerprint of the release, cacheable for ever (cache busting), and compressed.

`/static/3f2a91c0/js/room.js` imports `./live.js` of the same release; a page that is still open keeps
working, since any fingerprint is answered with the current file.
"""

import gzip
import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request, send_from_directory
from werkzeug.security import safe_join

from dagvandebuurt.core.paths import resource

# Text that everybody gets alike. Pages are not compressed here: what is in them besides the forms' tokens can be
# chosen by others, and the length of a compressed page would tell about the tokens (BREACH).
COMPRESSIBLE = frozenset({".css", ".js", ".svg"})


def init_app(app: Flask) -> None:
    folder = resource("static")
    app.config["RELEASE"] = release_of(folder)

    def static(release: str, filename: str) -> Response:
        path = safe_join(str(folder), filename)
        is_text = path is not None and Path(path).suffix in COMPRESSIBLE and Path(path).is_file()
        if is_text and request.accept_encodings["gzip"] > 0 and "Range" not in request.headers:
            response = _compressed(Path(str(path)))
        else:
            response = send_from_directory(folder, filename)
        if is_text:
            response.vary.add("Accept-Encoding")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    app.add_url_rule("/static/<release>/<path:filename>", endpoint="static", view_func=static)

    @app.url_defaults
    def _add_release(endpoint: str, values: dict[str, object]) -> None:
        if endpoint == "static":
            values.setdefault("release", app.config["RELEASE"])


def _compressed(path: Path) -> Response:
    stat = path.stat()
    content = _gzipped(path, stat.st_mtime_ns, stat.st_size)
    response = Response(content, mimetype=mimetypes.guess_type(path.name)[0])
    response.content_encoding = "gzip"
    response.set_etag(hashlib.blake2b(content, digest_size=8).hexdigest())
    response.make_conditional(request)
    return response


@lru_cache(maxsize=512)
def _gzipped(path: Path, _changed_at: int, _size: int) -> bytes:
    """Compress a file; the same file once for each version of it."""
    return gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)


def release_of(folder: Path) -> str:
    """Return a fingerprint of eight letters that changes when any file changes."""
    digest = hashlib.blake2b(digest_size=4)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
