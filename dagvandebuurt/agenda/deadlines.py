"""By when, and when it is late: whole days on the calendar of Amsterdam, also when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta

from dagvandebuurt.agenda.models import Decision, FollowUp, FollowUpStatus
from dagvandebuurt.agenda.states import OWES_ANSWER
from dagvandebuurt.core.clock import AMSTERDAM, local

LONGEST = timedelta(days=365)  # no promise lies further away


def due_after(now: datetime, days: int) -> date:
    """The last day on which an answer is in time: `days` days after today in Amsterdam."""
    return local(now).date() + timedelta(days=days)


def ends_at(due_on: date) -> datetime:
    """The moment after which it is late: midnight in Amsterdam at the end of that day."""
    return datetime.combine(due_on + timedelta(days=1), time(), AMSTERDAM).astimezone(UTC)


def owes(point: FollowUp) -> bool:
    """Whether the organisation has something to say by its date: an answer, or what it looked into."""
    return point.status in OWES_ANSWER or (
        point.status is FollowUpStatus.ANSWERED and point.decision is Decision.RESEARCHING
    )


def days_late(point: FollowUp, now: datetime) -> int:
    """0 while it is in time, or nothing is owed."""
    if point.due_on is None or not owes(point):
        return 0
    return max(0, (local(now).date() - point.due_on).days)


def halfway(point: FollowUp) -> date:
    """When half of the term is over."""
    assert point.sent_at is not None
    assert point.due_on is not None
    asked = local(point.sent_at).date()
    return asked + (point.due_on - asked) / 2


def days_until_answer(point: FollowUp) -> int | None:
    """How many days the organisation took, or takes so far; None before it was sent."""
    if point.sent_at is None or point.answered_at is None:
        return None
    return (local(point.answered_at).date() - local(point.sent_at).date()).days
