"""Transitions of agenda points: allowed by the state machine, recorded in the history, notified to followers."""

from datetime import date, datetime
from typing import Any

from dagvandebuurt.agenda.errors import PointChanged
from dagvandebuurt.agenda.models import By, Decision, Deed, FollowUp, FollowUpEvent, FollowUpNews
from dagvandebuurt.agenda.queries import last_event
from dagvandebuurt.agenda.states import TABLE
from dagvandebuurt.core.after_commit import after_commit
from dagvandebuurt.core.db import db
from dagvandebuurt.parts.jobs import wake

# Internal steps before anything is sent: recorded in the history, but not mailed.
SILENT = frozenset({Deed.CHECK})


def allow(point: FollowUp, deed: Deed) -> None:
    """Raise PointChanged, with the current status, where the state machine has no such transition."""
    if not TABLE[deed].holds(point.status, point.decision):
        raise PointChanged(status=point.status.value)


def step(
    actor: Any,
    point: FollowUp,
    deed: Deed,
    *,
    by: By,
    now: datetime,
    note: str | None = None,
    decision: Decision | None = None,
    due_on: date | None = None,
    by_function: str | None = None,
    is_told: bool = True,
) -> FollowUpEvent:
    """Apply the transition of `deed` to `point` and record it. The caller has locked the row."""
    allow(point, deed)
    before, point.status = point.status, TABLE[deed].after or point.status
    point.decision = decision or point.decision
    return write_down(
        actor, point, deed, before=before, by=by, now=now, note=note, decision=decision, due_on=due_on,
        by_function=by_function, is_told=is_told,
    )  # fmt: skip


def write_down(
    actor: Any, point: FollowUp, deed: Deed, *, by: By, now: datetime, is_told: bool = True, **told: Any
) -> FollowUpEvent:
    """Add an event to the history, and news for the followers."""
    db.session.flush()
    last = last_event(point)
    event = FollowUpEvent(
        follow_up_id=point.id,
        position=last.position + 1 if last else 1,
        deed=deed,
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
    if is_told and deed not in SILENT:
        db.session.add(FollowUpNews(event_id=event.id, made_at=now))
        after_commit(wake, "tell_followers")
    return event
