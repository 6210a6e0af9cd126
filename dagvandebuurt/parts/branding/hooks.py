"""Hooks of branding: what the event is called while nobody named it."""

from dagvandebuurt.core.hooks import Runs, hook


@hook(Runs.ON_REQUEST)
def names_of_the_event() -> str:
    """Return a name that is already known, or nothing. Used until an organiser names the event."""
