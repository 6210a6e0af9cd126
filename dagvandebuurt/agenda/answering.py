"""Commands of the organisation that is asked: acknowledge, answer, start, finish."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from dagvandebuurt.agenda.deadlines import LONGEST, due_after
from dagvandebuurt.agenda.errors import ExtendedBefore, NeedsDate, NeedsReason
from dagvandebuurt.agenda.models import Action, Answer, By, Decision, FollowUp, FollowUpStatus
from dagvandebuurt.agenda.states import MACHINE
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor


@MACHINE.command(Action.ACKNOWLEDGE)
def acknowledge(actor: Actor, point: FollowUp, *, function: str | None, note: str, now: datetime) -> FollowUp:
    """Confirm receipt, and say which team handles it. Raises PointChanged."""
    MACHINE.require(point, Action.ACKNOWLEDGE)
    point.contact_function = function or point.contact_function
    _step(actor, point, Action.ACKNOWLEDGE, note=note, now=now)
    return point


@MACHINE.command(Action.ANSWER)
def answer(
    actor: Actor,
    point: FollowUp,
    *,
    decision: Decision,
    text: str,
    due_on: date | None,
    now: datetime,
) -> Answer:
    """Answer, or revise the answer: earlier answers stay public. Acknowledges a point that was only received.

    A no and a "not with us" need a reason. "We look into it" needs a new date, once: raises ExtendedBefore
    after that, NeedsDate without one, NeedsReason without text, PointChanged after a no.
    """
    if not text:
        raise NeedsReason
    if due_on is not None and not _is_ahead(due_on, now):
        raise NeedsDate
    if point.status is FollowUpStatus.SENT:
        _step(actor, point, Action.ACKNOWLEDGE, now=now)
    MACHINE.require(point, Action.ANSWER)
    if decision is Decision.RESEARCHING:
        _extend(point, due_on)
    last = db.session.scalar(select(func.max(Answer.revision)).where(Answer.follow_up_id == point.id))
    made = Answer(
        follow_up_id=point.id,
        revision=(last or 0) + 1,
        decision=decision,
        text=text,
        due_on=due_on,
        by_function=speaks_for(point),
        by_id=actor.id,
        together_with=[each.name for each in point.partners],
        at=now,
    )
    db.session.add(made)
    _step(actor, point, Action.ANSWER, now=now, decision=decision, due_on=due_on)
    point.answered_at = point.answered_at or now
    return made


def _extend(point: FollowUp, due_on: date | None) -> None:
    if point.extensions:
        raise ExtendedBefore
    if due_on is None:
        raise NeedsDate
    point.extensions += 1
    point.due_on = due_on


def _is_ahead(due_on: date, now: datetime) -> bool:
    today = due_after(now, 0)
    return today < due_on <= today + timedelta(days=LONGEST.days)


@MACHINE.command(Action.START)
def start(actor: Actor, point: FollowUp, *, note: str, now: datetime) -> FollowUp:
    """Report that work has begun. Raises PointChanged unless that was promised, or residents asked for more."""
    _step(actor, point, Action.START, note=note, now=now)
    return point


@MACHINE.command(Action.FINISH)
def finish(actor: Actor, point: FollowUp, *, note: str, now: datetime) -> FollowUp:
    """Report that it is done, and what shows it. Residents judge. Raises NeedsReason without text."""
    if not note:
        raise NeedsReason
    _step(actor, point, Action.FINISH, note=note, now=now)
    return point


def speaks_for(point: FollowUp) -> str:
    """Return the organisation, and the team if known. Never a person's name."""
    assert point.organisation is not None
    return ", ".join(filter(None, (point.organisation.name, point.contact_function)))


def _step(
    actor: Actor,
    point: FollowUp,
    action: Action,
    *,
    now: datetime,
    note: str = "",
    decision: Decision | None = None,
    due_on: date | None = None,
) -> None:
    MACHINE.apply(actor, point, action, by=By.ORGANISATION, by_function=speaks_for(point), now=now, note=note,
        decision=decision, due_on=due_on,
    )  # fmt: skip
