"""What is done as soon as somebody is in: each room signs up for its own kind of wish."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.people.models import Wish

Grant = Callable[[Any, Wish, datetime], str]  # does it, and says so in a sentence
_granters: dict[str, Grant] = {}
WISH_LIVES_DAYS = 3


def grants_wish(kind: str) -> Callable[[Grant], Grant]:
    """Sign up a function `(actor, wish, now) → sentence` for wishes of this kind."""

    def register(grant: Grant) -> Grant:
        _granters[kind] = grant
        return grant

    return register


def grant_wish(actor: Any, wish_id: UUID, *, now: datetime) -> tuple[str, str] | None:
    """Do what was wanted, once. The sentence to show and the page to go back to; None if there is
    nothing to do. A wish that the rules refuse says why, and its text stays where it was."""
    wish = db.session.get(Wish, wish_id)
    if wish is None or wish.done_at is not None:
        return None
    try:
        sentence = _granters[wish.kind](actor, wish, now)
    except RuleBroken as broken:
        return str(broken.message), wish.back_to
    wish.done_at = now
    return sentence, wish.back_to
