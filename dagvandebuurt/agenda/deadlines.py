"""Deadlines of action points: whole days in local time (Europe/Amsterdam), also across daylight saving time."""

from datetime import UTC, date, datetime, time, timedelta

from dagvandebuurt.agenda.models import Decision, FollowUp, FollowUpStatus
from dagvandebuurt.agenda.states import OWES_ANSWER
from dagvandebuurt.core.clock import AMSTERDAM, local

LONGEST = timedelta(days=365)  # days: longest term of an answer


def due_after(now: datetime, days: int) -> date:
    """Return the last day on which an answer is in time: `days` days after today in Amsterdam."""
    return local(now).date() + timedelta(days=days)


def ends_at(due_on: date) -> datetime:
    """Return the moment after which it is late: midnight in Amsterdam at the end of that day."""
    return datetime.combine(due_on + timedelta(days=1), time(), AMSTERDAM).astimezone(UTC)


def owes(point: FollowUp) -> bool:
    """Tell whether the organisation must respond by its date: with an answer, or the result of looking into
    it.
    """
    return point.status in OWES_ANSWER or (
        point.status is FollowUpStatus.ANSWERED and point.decision is Decision.RESEARCHING
    )


def days_late(point: FollowUp, now: datetime) -> int:
    """Return the days since the deadline; 0 while it is in time, or nothing is due."""
    if point.due_on is None or not owes(point):
        return 0
    return max(0, (local(now).date() - point.due_on).days)


def halfway(point: FollowUp) -> date:
    """Return when half of the term is over."""
    assert point.sent_at is not None
    assert point.due_on is not None
    asked = local(point.sent_at).date()
    return asked + (point.due_on - asked) / 2


def days_until_answer(point: FollowUp) -> int | None:
    """Return the days until the answer, or so far; None before it was sent."""
    if point.sent_at is None or point.answered_at is None:
        return None
    return (local(point.answered_at).date() - local(point.sent_at).date()).days
