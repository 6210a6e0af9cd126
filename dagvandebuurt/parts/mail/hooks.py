"""Hooks of mail: the section that makes personal links keeps them alive until their mail leaves."""

from datetime import datetime
from uuid import UUID

from dagvandebuurt.core.hooks import Runs, hook


@hook(Runs.IN_TRANSACTION, many=False)
def link_leaves(link_id: UUID, to: str, now: datetime) -> bool:
    """A mail with this personal link is about to leave: its term starts now. False: it opens nothing at the
    address `to` any more, so the mail must not go."""


@hook(Runs.IN_TRANSACTION, many=False)
def link_is_made_anew(link_id: UUID, to: str, now: datetime) -> str | None:
    """The token of this personal link was redacted, and its mail goes once more: return a new token. None: it
    was used, or opens nothing at the address `to` any more."""
