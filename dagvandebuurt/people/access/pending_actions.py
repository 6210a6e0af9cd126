"""Pending actions: what an anonymous visitor wanted to do, replayed after login.

Sections register a handler per kind. An action runs by itself only in the browser that asked for it. A login
link from elsewhere may have been asked for by anybody: there its actions are shown as text, and run only
when the reader ticks them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.people.hooks import PendingActionKind, pending_actions
from dagvandebuurt.people.models import PendingAction

# A browser may be shared, in a library or a community centre: an older action may be another visitor's, so it
# is shown and confirmed first, as from another browser.
OWN_FOR = timedelta(minutes=30)


def in_words(wish: PendingAction) -> str:
    """Return the description of this action."""
    return str(_kinds()[wish.kind].says)


def waiting_actions(
    bundle: UUID | None,
    among: Sequence[str] | None = None,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
) -> Sequence[PendingAction]:
    """Return the actions not yet run, in order.

    Only these ids when `among` is given, only those made at or after `since`, or earlier than `before`.
    """
    if bundle is None:
        return []
    waiting = (
        select(PendingAction)
        .where(PendingAction.bundle == bundle, PendingAction.done_at.is_(None))
        .order_by(PendingAction.made_at, PendingAction.id)
    )
    if since is not None:
        waiting = waiting.where(PendingAction.made_at >= since)
    if before is not None:
        waiting = waiting.where(PendingAction.made_at < before)
    found = db.session.scalars(waiting).all()
    return found if among is None else [wish for wish in found if str(wish.id) in among]


def run_actions(actor: Any, wishes: Sequence[PendingAction], *, now: datetime) -> list[tuple[str, str]]:
    """Run these actions once, in order; return for each the sentence to show and its page.

    One that the rules refuse says why, and keeps its text.
    """
    answers, kinds = [], _kinds()
    for wish in wishes:
        try:
            answers.append((kinds[wish.kind].grant(actor, wish, now), wish.back_to))
        except RuleBroken as broken:
            answers.append((str(broken.message), wish.back_to))
        else:
            wish.done_at, wish.text = now, None
    return answers


def _kinds() -> dict[str, PendingActionKind]:
    return {each.kind: each for there in pending_actions() for each in there}
