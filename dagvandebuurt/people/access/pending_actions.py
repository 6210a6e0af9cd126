"""What is done as soon as somebody is in: each room signs up for its own kind of wish.

A wish comes true by itself only in the browser that made it. A link that was asked for elsewhere may have been
asked for by anybody: there its wishes are shown as text, and done only when their reader ticks them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.people.hooks import PendingAction, pending_actions
from dagvandebuurt.people.models import Wish

# A browser may be shared, in a library or a community centre: what was wanted longer ago may be somebody
# else's, so it is shown and asked about, as from another browser.
OWN_FOR = timedelta(minutes=30)


def in_words(wish: Wish) -> str:
    """What this wish would do."""
    return str(_kinds()[wish.kind].says)


def waiting_wishes(
    bundle: UUID | None,
    among: Sequence[str] | None = None,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
) -> Sequence[Wish]:
    """Return what was wanted and is not done yet, in that order; only these ids when `among` is given, only
    what was made at or after `since`, or earlier than `before`."""
    if bundle is None:
        return []
    waiting = (
        select(Wish).where(Wish.bundle == bundle, Wish.done_at.is_(None)).order_by(Wish.made_at, Wish.id)
    )
    if since is not None:
        waiting = waiting.where(Wish.made_at >= since)
    if before is not None:
        waiting = waiting.where(Wish.made_at < before)
    found = db.session.scalars(waiting).all()
    return found if among is None else [wish for wish in found if str(wish.id) in among]


def grant_wishes(actor: Any, wishes: Sequence[Wish], *, now: datetime) -> list[tuple[str, str]]:
    """Do all of these, once, in their order. For each: the sentence to show and the page it was about. A wish
    that the rules refuse says why, and keeps its text."""
    answers, kinds = [], _kinds()
    for wish in wishes:
        try:
            answers.append((kinds[wish.kind].grant(actor, wish, now), wish.back_to))
        except RuleBroken as broken:
            answers.append((str(broken.message), wish.back_to))
        else:
            wish.done_at, wish.text = now, None
    return answers


def _kinds() -> dict[str, PendingAction]:
    return {each.kind: each for there in pending_actions() for each in there}
