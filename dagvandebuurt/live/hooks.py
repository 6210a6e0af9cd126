"""Hooks of the live core."""

from dagvandebuurt.core.hooks import Runs, hook


@hook(Runs.AFTER_COMMIT)
def database_restored() -> None:
    """This process noticed that the database was restored: caches keyed by revision counters are stale."""
