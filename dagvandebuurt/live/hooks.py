"""Hooks of the live core."""

from dagvandebuurt.core.hooks import Runs, hook


@hook(Runs.ON_REQUEST)
def told_by_another_process(topic: str) -> None:
    """Another process announced that something of this topic changed: what is remembered of it is stale."""


@hook(Runs.AFTER_COMMIT)
def database_restored() -> None:
    """This process noticed that the database was restored: caches keyed by revision counters are stale."""
