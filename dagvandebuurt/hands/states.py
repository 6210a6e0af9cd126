"""State machine of a hand, from which the tests and the diagram are made."""

from dagvandebuurt.core.states import Machine, Transition
from dagvandebuurt.hands.history import changed, record_change
from dagvandebuurt.hands.models import Hand, HandAction
from dagvandebuurt.hands.models import HandStatus as S
from dagvandebuurt.hands.permissions import HandPermission as P

RAISED, SPEAKING = frozenset({S.RAISED}), frozenset({S.SPEAKING})

MACHINE = Machine(
    Hand,
    S.RAISED,
    {
        HandAction.LOWER: Transition(P.RAISE, RAISED, S.LOWERED),
        HandAction.STOP: Transition(P.RAISE, SPEAKING, S.SPOKEN),
        HandAction.LET_IN: Transition(P.CALL, RAISED, S.SPEAKING),
        HandAction.FINISH: Transition(P.CALL, SPEAKING, S.SPOKEN),
        HandAction.PUT_DOWN: Transition(P.CALL, RAISED, S.PASSED),
        # By the job that looks at the clock, and by the next one who is let in.
        HandAction.RUN_OUT: Transition(None, SPEAKING, S.SPOKEN),
        HandAction.LAPSE: Transition(None, RAISED | SPEAKING, S.LAPSED),
    },
    refusal=changed,
    history=record_change,
)
