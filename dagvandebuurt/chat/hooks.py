"""Hooks of the hall chat: what becomes of a line."""

from typing import Any

from dagvandebuurt.chat.models import ChatLine
from dagvandebuurt.core.hooks import Runs, hook
from dagvandebuurt.live.writes import Moment


@hook(Runs.IN_TRANSACTION)
def line_hidden(moderator: Any, line: ChatLine, at: Moment) -> None:
    """Announce that a moderator hid a line from the hall."""
