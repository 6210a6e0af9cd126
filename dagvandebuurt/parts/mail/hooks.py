"""Hooks of mail: personal links stay alive until their mail leaves, and organisers add words of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dagvandebuurt.core.hooks import Runs, hook


@dataclass(frozen=True)
class OwnWords:
    """What an organiser adds to a mail, in the language of its reader: lines above and below what must stay,
    who signs it, and where answers go. Empty: nothing is added."""

    opening: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()
    reply_to: str = ""


@hook(Runs.ON_REQUEST, many=False)
def words_of_the_organiser(about: str) -> OwnWords:
    """Return the organiser's own words for mails `about` that: `confirm`, `reminder` or another kind."""


@hook(Runs.IN_TRANSACTION, many=False)
def link_leaves(link_id: UUID, to: str, now: datetime) -> bool:
    """A mail with this personal link is about to leave: its term starts now. False: it opens nothing at the
    address `to` any more, so the mail must not go."""


@hook(Runs.IN_TRANSACTION, many=False)
def link_is_made_anew(link_id: UUID, to: str, now: datetime) -> str | None:
    """The token of this personal link was redacted, and its mail goes once more: return a new token. None: it
    was used, or opens nothing at the address `to` any more."""


@dataclass(frozen=True)
class ShownSms:
    """An SMS as the mailbox of the demo shows it."""

    number: str
    text: str
    parts: int
    made_at: datetime


@hook(Runs.ON_REQUEST)
def sms_of_the_demo() -> Sequence[ShownSms]:
    """The newest SMS messages, for the mailbox of the demo."""
