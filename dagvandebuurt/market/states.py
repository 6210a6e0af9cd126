"""State machine of a visitor in the queue of a stand, from which the tests and the diagram are made."""

from datetime import datetime

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.states import Change, Machine, Transition
from dagvandebuurt.market.errors import WaitChanged
from dagvandebuurt.market.models import ACTIVE, MarketWait, WaitAction
from dagvandebuurt.market.models import WaitStatus as S
from dagvandebuurt.market.permissions import MarketPermission as P

WAITING, CALLED = frozenset({S.WAITING}), frozenset({S.CALLED})

# What is said to who comes too late, by what is true now.
SAID = {
    S.WAITING: _l("Deze bezoeker wacht nog. Kijk hoe het nu staat."),
    S.LEFT: _l("Deze bezoeker ging zelf uit de rij."),
    S.ENDED: _l("De rij is gestopt: de kraam ging dicht, of er was niemand meer."),
}
SAID_BY = {
    S.CALLED: lambda name: _l("%(name)s is al bij deze bezoeker.", name=name),
    S.TALKED: lambda name: _l("%(name)s heeft dit gesprek al afgerond.", name=name),
    S.MISSED: lambda name: _l("%(name)s zocht deze bezoeker al, en vond niemand.", name=name),
}


def changed(wait: MarketWait) -> WaitChanged:
    """Build the refusal that says what is true now, and who did that."""
    by = wait.by.name if wait.by is not None else None
    told = SAID_BY.get(wait.status)
    message = told(by or _l("Een collega")) if told is not None else SAID[wait.status]
    return WaitChanged(message, wait.status.value, by if told is not None else None)


def record_change(change: Change[MarketWait, WaitAction, S], at: datetime) -> None:
    """Write down on the row who did it, and when."""
    change.entity.changed_at = at
    if change.actor is not None and change.action is not WaitAction.LEAVE:
        change.entity.by_id = change.actor.id


MACHINE = Machine(
    MarketWait,
    S.WAITING,
    {
        WaitAction.CALL: Transition(P.KEEP, WAITING, S.CALLED),
        WaitAction.FINISH: Transition(P.KEEP, CALLED, S.TALKED),
        WaitAction.MISS: Transition(P.KEEP, CALLED, S.MISSED),
        WaitAction.LEAVE: Transition(P.VISIT, frozenset(ACTIVE), S.LEFT),
        # When the stand closes, or nobody of it is there any more.
        WaitAction.END: Transition(None, frozenset(ACTIVE), S.ENDED),
    },
    refusal=changed,
    history=record_change,
)
