"""Trial of the stage: the picture of a session in the browser of a future speaker."""

from dataclasses import dataclass

from flask import current_app

from dagvandebuurt.core import security
from dagvandebuurt.parts.stage import shown_by
from dagvandebuurt.parts.stage.protocol import Frame, Nothing, Room, Shown, Video, Viewer
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import stage_settings


@dataclass(frozen=True)
class Trial:
    """What the stage of a session shows, and whether it was asked for (click to load)."""

    shown: Shown
    plays: bool

    @property
    def kind(self) -> str:
        return type(self.shown).__name__.lower()


def trial_of(session: ProgrammeSession, *, plays: bool) -> Trial:
    """Return the trial of a session's main picture. Only one that plays widens the policy of this response."""
    back = f"{current_app.config['PUBLIC_URL']}/sessies/{session.slug}"
    room = Room(str(session.id), session.title, back)
    _provider, shown = shown_by(
        stage_settings(current_app.config), session.stage_url, room, Viewer("", "trial", runs=False)
    )
    if isinstance(shown, Nothing) or not plays:
        return Trial(shown, plays=False)
    if isinstance(shown, Frame):
        security.allow("frame-src", shown.origin)
        security.allow("connect-src", shown.origin)
        return Trial(Frame(shown.src, shown.origin), plays=True)  # no camera or microphone for a trial
    if isinstance(shown, Video):
        security.allow("media-src", shown.origin)
        if shown.is_stream:
            security.allow("media-src", "blob:")
            security.allow("connect-src", shown.origin)
        return Trial(shown, plays=True)
    return Trial(shown, plays=False)
