"""Static files under a fingerprint of the release, cacheable for ever (cache busting).

`/static/3f2a91c0/js/room.js` imports `./live.js` of the same release; a page that is still open keeps
working, since any fingerprint is answered with the current file.
"""

import hashlib
from pathlib import Path

from flask import Flask, Response, send_from_directory

from dagvandebuurt.core.paths import resource


def init_app(app: Flask) -> None:
    folder = resource("static")
    app.config["RELEASE"] = release_of(folder)

    def static(release: str, filename: str) -> Response:
        response = send_from_directory(folder, filename)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    app.add_url_rule("/static/<release>/<path:filename>", endpoint="static", view_func=static)

    @app.url_defaults
    def _add_release(endpoint: str, values: dict[str, object]) -> None:
        if endpoint == "static":
            values.setdefault("release", app.config["RELEASE"])


def release_of(folder: Path) -> str:
    """Return a fingerprint of eight letters that changes when any file changes."""
    digest = hashlib.blake2b(digest_size=4)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
