"""History of an actiepunt: a row for every action, and news for its followers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from dagvandebuurt.agenda.models import Action, By, Decision, FollowUp, FollowUpEvent, FollowUpNews
from dagvandebuurt.agenda.models import FollowUpStatus as S
from dagvandebuurt.core.after_commit import after_commit
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.core.states import Change
from dagvandebuurt.parts.jobs import wake

# What happens before anything is sent: in the history, not in anybody's mail.
SILENT = frozenset({Action.CHECK})


def record_change(
    change: Change[FollowUp, Action, S],
    *,
    by: By,
    now: datetime,
    note: str | None = None,
    decision: Decision | None = None,
    due_on: date | None = None,
    by_function: str | None = None,
    is_told: bool = True,
) -> FollowUpEvent:
    """Write down a transition, with the answer that came with it."""
    point = change.entity
    point.decision = decision or point.decision
    assert change.actor is not None
    return write_down(
        change.actor, point, change.action, before=change.before, by=by, now=now, note=note,
        decision=decision, due_on=due_on, by_function=by_function, is_told=is_told,
    )  # fmt: skip


def write_down(
    actor: Actor, point: FollowUp, action: Action, *, by: By, now: datetime, is_told: bool = True, **told: Any
) -> FollowUpEvent:
    """Add a line to the history, and news for its followers."""
    db.session.flush()
    last = last_event(point)
    event = FollowUpEvent(
        follow_up_id=point.id,
        position=last.position + 1 if last else 1,
        deed=action,
        after=point.status,
        by=by,
        by_id=actor.id,
        at=now,
        **told,
    )
    event.note = event.note or None
    point.changed_at = now
    db.session.add(event)
    db.session.flush()
    if is_told and action not in SILENT:
        db.session.add(FollowUpNews(event_id=event.id, made_at=now))
        after_commit(wake, "tell_followers")
    return event


def last_event(point: FollowUp) -> FollowUpEvent | None:
    """Return the newest row of the history."""
    return db.session.scalar(
        select(FollowUpEvent)
        .where(FollowUpEvent.follow_up_id == point.id)
        .order_by(FollowUpEvent.position.desc())
        .limit(1)
    )
