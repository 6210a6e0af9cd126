"""Hooks of branding: what the event is called while nobody named it, and that somebody saved it."""

from dagvandebuurt.core.hooks import Runs, hook


@hook(Runs.ON_REQUEST)
def names_of_the_event() -> str:
    """Return a name that is already known, or nothing. Used until an organiser names the event."""


@hook(Runs.AFTER_COMMIT)
def branding_saved() -> None:
    """The name, the look or the words of lists were saved in this process."""
