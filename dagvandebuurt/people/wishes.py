"""What is done as soon as somebody is in: each room signs up for its own kind of wish."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.people.models import Wish

Grant = Callable[[Any, Wish, datetime], str]  # does it, and says so in a sentence
_granters: dict[str, Grant] = {}


def grants_wish(kind: str) -> Callable[[Grant], Grant]:
    """Sign up a function `(actor, wish, now) → sentence` for wishes of this kind."""

    def register(grant: Grant) -> Grant:
        _granters[kind] = grant
        return grant

    return register


def grant_wishes(actor: Any, bundle: UUID, *, now: datetime) -> list[tuple[str, str]]:
    """Do everything that was wanted, once, in the order in which it was. For each: the sentence to
    show and the page it was about. A wish that the rules refuse says why, and keeps its text."""
    answers = []
    waiting = (
        select(Wish).where(Wish.bundle == bundle, Wish.done_at.is_(None)).order_by(Wish.made_at, Wish.id)
    )
    for wish in db.session.scalars(waiting).all():
        try:
            answers.append((_granters[wish.kind](actor, wish, now), wish.back_to))
        except RuleBroken as broken:
            answers.append((str(broken.message), wish.back_to))
        else:
            wish.done_at, wish.text = now, None
    return answers
