"""Films on the pages of other sections: nothing of another site before a click, and from allowed sites only."""

from dataclasses import dataclass
from uuid import uuid4

from flask import current_app

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.parts.stage import shown_by
from dagvandebuurt.parts.stage.protocol import Frame, Link, Room, Shown, Video, Viewer
from dagvandebuurt.programme.stage.host_queries import stage_settings
from dagvandebuurt.programme.stage.view import host_of, let_in


@dataclass(frozen=True)
class Film:
    """What there is to see; `plays` when it was asked for."""

    shown: Shown
    plays: bool

    @property
    def kind(self) -> str:
        return type(self.shown).__name__.lower()

    @property
    def host(self) -> str:
        return host_of(self.shown)


def film_at(address: str, *, title: str, is_asked_for: bool) -> Film | None:
    """Return the film at an address, or None. Extends the CSP of this response where it plays."""
    nobody = Viewer(_("Gast"), uuid4().hex, runs=False)
    _provider, shown = shown_by(stage_settings(current_app.config), address, Room("", title, ""), nobody)
    if not isinstance(shown, Frame | Video | Link):
        return None
    plays = is_asked_for and isinstance(shown, Frame | Video)
    if plays:
        let_in(shown)
    return Film(shown, plays)
