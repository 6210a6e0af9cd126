"""State machine of an actiepunt, from which the tests and the diagram are made."""

from dagvandebuurt.agenda.errors import PointChanged
from dagvandebuurt.agenda.history import record_change
from dagvandebuurt.agenda.models import PUBLIC, Action, FollowUp
from dagvandebuurt.agenda.models import Decision as D
from dagvandebuurt.agenda.models import FollowUpStatus as S
from dagvandebuurt.agenda.permissions import AgendaPermission as P
from dagvandebuurt.core.states import Guard, Machine, Transition


def _answered(*decisions: D) -> Guard:
    """Of an answered point, only these answers leave the action open."""
    return Guard(
        f"answered {', '.join(decisions)}",
        lambda point: point.status is not S.ANSWERED or point.decision in decisions,
    )


def _refusal(point: FollowUp) -> PointChanged:
    return PointChanged(status=point.status.value)


BEFORE_SENDING = frozenset({S.PROPOSED, S.CURATED})

MACHINE = Machine(
    FollowUp,
    S.PROPOSED,
    {
        Action.CURATE: Transition(P.CURATE, BEFORE_SENDING, S.CURATED),
        Action.CHECK: Transition(P.CURATE, frozenset({S.CURATED})),
        Action.MERGE: Transition(P.CURATE, BEFORE_SENDING, S.MERGED),
        Action.DECLINE: Transition(P.CURATE, BEFORE_SENDING, S.DECLINED),
        Action.WITHDRAW: Transition(P.WITHDRAW, BEFORE_SENDING, S.WITHDRAWN),
        Action.SEND: Transition(P.CURATE, frozenset({S.CURATED}), S.SENT),
        Action.ACKNOWLEDGE: Transition(P.ANSWER, frozenset({S.SENT}), S.ACKNOWLEDGED),
        # Again: another revision. A no is final; so is what was passed on.
        Action.ANSWER: Transition(
            P.ANSWER,
            frozenset({S.ACKNOWLEDGED, S.ANSWERED}),
            S.ANSWERED,
            _answered(D.WILL_DO, D.PARTLY, D.RESEARCHING),
        ),
        Action.READDRESS: Transition(P.CURATE, frozenset({S.ANSWERED}), S.SENT, _answered(D.ELSEWHERE)),
        Action.START: Transition(
            P.ANSWER, frozenset({S.ANSWERED, S.REOPENED}), S.IN_PROGRESS, _answered(D.WILL_DO, D.PARTLY)
        ),
        Action.FINISH: Transition(P.ANSWER, frozenset({S.IN_PROGRESS}), S.DONE),
        Action.CONFIRM: Transition(P.JUDGE, frozenset({S.DONE}), S.CONFIRMED),
        Action.REOPEN: Transition(P.JUDGE, frozenset({S.DONE}), S.REOPENED),
        # The words of a sent actiepunt stay; what must be said besides is added where all see it.
        Action.ADD: Transition(P.CURATE, PUBLIC),
    },
    refusal=_refusal,
    history=record_change,
)
MERGE_INTO = PUBLIC | BEFORE_SENDING
# Until then an organisation owes something by `due_on`.
OWES_ANSWER = frozenset({S.SENT, S.ACKNOWLEDGED})
