"""The film of the demo: a file of this site, with captions and an interpreter in the picture."""

from flask import url_for

from dagvandebuurt.parts.stage.addresses import Address
from dagvandebuurt.parts.stage.protocol import Room, Shown, Video, Viewer

HOST, PATH = "film.dagvandebuurt.example", "/demo"  # an invented host, as all of the demo
ADDRESS = f"https://{HOST}{PATH}"


class DemoFilm:
    """Film that was drawn for the demo. Provider in the demo only."""

    name = "demo"

    def show(self, address: Address, room: Room, viewer: Viewer) -> Shown | None:
        if (address.host, address.path) != (HOST, PATH):
            return None
        film, captions, poster = (
            url_for("static", filename=f"video/demo.{kind}") for kind in ("mp4", "vtt", "webp")
        )
        return Video(film, "", is_stream=False, captions=captions, poster=poster)
