"""View model of the stage: the options to follow a session, and what a click loads."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from flask import current_app, request, url_for
from flask_login import current_user

from dagvandebuurt.core import clock, security, webvtt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.core.pseudonyms import pseudonym
from dagvandebuurt.parts.stage import shown_by
from dagvandebuurt.parts.stage.protocol import Frame, Meeting, Nothing, Room, Shown, Video, Viewer
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.stage.host_queries import Settings, stage_settings
from dagvandebuurt.programme.stage.models import CaptionsFrom, Purpose, StageSource

MAIN = "1"
NAMES = {Purpose.SIGN_LANGUAGE: "gebaren", Purpose.AUDIO_ONLY: "geluid"}
SITES = {"youtube": "YouTube", "vimeo": "Vimeo"}  # known by another name than that of their host


@dataclass(frozen=True)
class Choice:
    """Option to follow a session. `name` is its name in the query string."""

    name: str
    provider: str
    shown: Shown

    @property
    def kind(self) -> str:
        return type(self.shown).__name__.lower()

    @property
    def is_own(self) -> bool:
        """Tell whether it is a film of this site, which plays without a click while its session is live."""
        return isinstance(self.shown, Video) and self.shown.is_own

    @property
    def site(self) -> str:
        """Return the site that learns that somebody watches, as people know it; empty for one of our own."""
        host = host_of(self.shown)
        ours = urlsplit(current_app.config["PUBLIC_URL"]).netloc
        return "" if host == ours else SITES.get(self.provider, host)


def host_of(shown: Shown) -> str:
    """Return the host that this comes from; empty for nothing."""
    place = shown.origin if isinstance(shown, Frame | Video | Meeting) else getattr(shown, "href", "")
    return urlsplit(place).netloc


@dataclass(frozen=True)
class Stage:
    """Options, and the one that was requested."""

    choices: list[Choice]
    playing: Choice | None

    @property
    def main(self) -> Choice | None:
        return next((choice for choice in self.choices if choice.name == MAIN), None)

    @property
    def others(self) -> list[Choice]:
        """Return the alternatives to what plays, or would play."""
        now = self.playing or self.main
        return [choice for choice in self.choices if choice is not now]


def room_of(session: ProgrammeSession) -> Room:
    back = f"{current_app.config['PUBLIC_URL']}/sessies/{session.slug}/live"
    return Room(str(session.id), session.title, back)


def viewer_of(actor: Any, session: ProgrammeSession) -> Viewer:
    key = pseudonym(session.id, "stage", actor.id) if actor.is_known else uuid4().hex
    return Viewer(actor.name or _("Gast"), key, can(actor, ProgrammePermission.RUN, session))


def shown_to(
    actor: Actor, session: ProgrammeSession, address: str | None, settings: Settings | None = None
) -> tuple[str, Shown]:
    """Return the provider of an address and what it shows this person. A caller that asks for many addresses reads
    the `settings` once.
    """
    settings = stage_settings(current_app.config) if settings is None else settings
    return shown_by(settings, address, room_of(session), viewer_of(actor, session))


def stage_of(actor: Actor, session: ProgrammeSession, *, asked_for: str = "") -> Stage:
    """Return all options. Extends the CSP of this response for the requested one only (click to load)."""
    addresses = [(MAIN, session.stage_url)]
    addresses += [(NAMES[each.purpose], each.address) for each in session.sources if each.purpose in NAMES]
    settings = stage_settings(current_app.config)
    found = [
        Choice(name, *shown_to(actor, session, address, settings)) for name, address in addresses if address
    ]
    is_live = session.phase_at(clock.now()) is Phase.LIVE
    choices = [
        choice for choice in found if not isinstance(choice.shown, Nothing) and (is_live or not choice.is_own)
    ]
    for choice in choices:
        if isinstance(choice.shown, Meeting):  # its button goes through a redirect of our own
            security.allow("form-action", choice.shown.origin)
    playable = [choice for choice in choices if isinstance(choice.shown, Frame | Video)]
    playing = next((choice for choice in playable if choice.name == asked_for), None)
    if playing is None:
        playing = next((choice for choice in playable if choice.is_own), None)
    if playing is not None:
        let_in(playing.shown)
    return Stage(choices, playing)


def let_in(shown: Shown) -> None:
    """Allow the external origins of this embed in the CSP of this response, and no others."""
    if isinstance(shown, Frame):
        security.allow("frame-src", shown.origin)
        security.allow("connect-src", shown.origin)  # to test whether it is reachable from here
        if shown.devices:
            security.allow_devices(shown.origin)
    elif isinstance(shown, Video) and not shown.is_own:
        security.allow("media-src", shown.origin)
        if shown.is_stream:
            # For hls.js, in browsers without native HLS: it fetches the segments.
            security.allow("media-src", "blob:")
            security.allow("connect-src", shown.origin)


def recordings(session: ProgrammeSession) -> list[StageSource]:
    return [source for source in session.sources if source.purpose is Purpose.RECORDING]


def recordings_to_show(session: ProgrammeSession) -> list[dict[str, Any]]:
    """Return the recordings of a session; `?opname=` selects one to play, and only its origin is allowed by
    the CSP.
    """
    there, found = recordings(session), []
    settings = stage_settings(current_app.config) if there else None
    for source in there:
        _provider, shown = shown_to(current_user, session, source.address, settings)
        plays = request.args.get("opname") == str(source.id) and isinstance(shown, Frame | Video)
        if plays:
            let_in(shown)
        if not isinstance(shown, Nothing | Meeting):
            kind = type(shown).__name__.lower()
            captions = _captions_url(session, source)
            said = [cue.text for cue in webvtt.read(source.captions)] if source.captions else []
            found.append(
                {"source": source, "shown": shown, "kind": kind, "plays": plays, "captions": captions, "said": said}
            )  # fmt: skip
    return found


def _captions_url(session: ProgrammeSession, source: StageSource) -> str:
    if source.captions_from is CaptionsFrom.FILE and source.captions:
        return url_for("programme.recording_captions", slug=session.slug, source_id=source.id)
    if source.captions_from is CaptionsFrom.TYPED and "captions.as_vtt" in current_app.view_functions:
        return url_for("captions.as_vtt", slug=session.slug, later=source.captions_offset or None)
    return ""
