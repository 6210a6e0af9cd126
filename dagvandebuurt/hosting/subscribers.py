"""Subscriptions of hosting: the run of show in the lobby, and on the big screen."""

from collections.abc import Mapping

from dagvandebuurt.core import clock
from dagvandebuurt.hosting.show import PART_KINDS, pace_of
from dagvandebuurt.programme.hooks import podium_page_views, room_page_views
from dagvandebuurt.programme.models import ProgrammeSession


def show_in_view(session: ProgrammeSession) -> Mapping[str, object]:
    """Show the parts of the session, and the one that is on."""
    return {"show": {"pace": pace_of(session, clock.now()), "kinds": PART_KINDS}}


podium_page_views.subscribe(show_in_view)
room_page_views.subscribe(show_in_view)
