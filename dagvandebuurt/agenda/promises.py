"""What an organisation promised, as the timeline of a question tells it."""

from collections.abc import Sequence
from datetime import datetime

from dagvandebuurt.agenda.deadlines import days_late
from dagvandebuurt.agenda.models import Action, Decision, FollowUp, FollowUpStatus
from dagvandebuurt.core.clock import local
from dagvandebuurt.qanda import timelines
from dagvandebuurt.qanda.hooks import Promise, PromiseStage
from dagvandebuurt.qanda.models import Question

_STAGES = {
    FollowUpStatus.PROPOSED: PromiseStage.EDITING,
    FollowUpStatus.CURATED: PromiseStage.EDITING,
    FollowUpStatus.SENT: PromiseStage.ASKED,
    FollowUpStatus.ACKNOWLEDGED: PromiseStage.ACKNOWLEDGED,
    FollowUpStatus.IN_PROGRESS: PromiseStage.BUSY,
    FollowUpStatus.DONE: PromiseStage.DONE,
    FollowUpStatus.CONFIRMED: PromiseStage.CONFIRMED,
    FollowUpStatus.REOPENED: PromiseStage.REOPENED,
    FollowUpStatus.MERGED: PromiseStage.NOT_SENT,
    FollowUpStatus.DECLINED: PromiseStage.NOT_SENT,
    FollowUpStatus.WITHDRAWN: PromiseStage.NOT_SENT,
}
_ANSWERS = {
    Decision.WILL_DO: PromiseStage.WILL_DO,
    Decision.PARTLY: PromiseStage.WILL_DO,
    Decision.WONT_DO: PromiseStage.WONT_DO,
    Decision.RESEARCHING: PromiseStage.RESEARCHING,
    Decision.ELSEWHERE: PromiseStage.ELSEWHERE,
}


def stage_of(point: FollowUp) -> PromiseStage:
    """Return how far its organisation is."""
    if point.status is FollowUpStatus.ANSWERED:
        assert point.decision is not None
        return _ANSWERS[point.decision]
    return _STAGES[point.status]


def promise_of(point: FollowUp, now: datetime) -> Promise:
    """Return it with its days; of what was done more than once, the last."""
    days = {event.deed: local(event.at).date() for event in point.events}
    answer = point.answers[-1] if point.answers else None
    asked = days.get(Action.READDRESS) or (local(point.sent_at).date() if point.sent_at else None)
    answered_at = answer.at if answer else point.answered_at
    return Promise(
        stage=stage_of(point),
        organisation=point.organisation.name if point.organisation else None,
        proposed_on=local(point.proposed_at).date(),
        asked_on=asked,
        due_on=point.due_on,
        is_late=days_late(point, now) > 0,
        answered_on=local(answered_at).date() if answered_at else None,
        answered_by=answer.by_function if answer else None,
        started_on=days.get(Action.START),
        finished_on=days.get(Action.FINISH),
        reopened_on=days.get(Action.REOPEN),
        confirmed_on=days.get(Action.CONFIRM),
    )


def timeline_of_point(point: FollowUp, asked: Sequence[Question], now: datetime) -> timelines.Timeline:
    """Return its way, from the first of the public questions that it came from, where there is one."""
    promise = promise_of(point, now)
    if not asked:
        return timelines.timeline_of_point(promise)
    return timelines.timeline_of(timelines.Asked.of(asked[0], asked[0]), promise)
