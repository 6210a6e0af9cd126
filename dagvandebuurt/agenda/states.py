"""State machine of agenda points: who may do what in which status. Tests are generated from this table."""

from dataclasses import dataclass

from dagvandebuurt.agenda.models import PUBLIC, Deed
from dagvandebuurt.agenda.models import Decision as D
from dagvandebuurt.agenda.models import FollowUpStatus as S
from dagvandebuurt.agenda.permissions import AgendaPermission as P


@dataclass(frozen=True)
class Possible:
    """Transition. `needs`: the required permission. `states`: where it is possible. `after`: the new status;
    None leaves it as it is. `decisions`: of an answered point, only these answers leave it open.
    """

    needs: P
    states: frozenset[S]
    after: S | None = None
    decisions: frozenset[D] = frozenset(D)

    def holds(self, status: S, decision: D | None) -> bool:
        """Tell whether it is possible now."""
        return status in self.states and (status is not S.ANSWERED or decision in self.decisions)


BEFORE_SENDING = frozenset({S.PROPOSED, S.CURATED})

TABLE: dict[Deed, Possible] = {
    Deed.CURATE: Possible(P.CURATE, BEFORE_SENDING, S.CURATED),
    Deed.CHECK: Possible(P.CURATE, frozenset({S.CURATED})),
    Deed.MERGE: Possible(P.CURATE, BEFORE_SENDING, S.MERGED),
    Deed.DECLINE: Possible(P.CURATE, BEFORE_SENDING, S.DECLINED),
    Deed.WITHDRAW: Possible(P.WITHDRAW, BEFORE_SENDING, S.WITHDRAWN),
    Deed.SEND: Possible(P.CURATE, frozenset({S.CURATED}), S.SENT),
    Deed.ACKNOWLEDGE: Possible(P.ANSWER, frozenset({S.SENT}), S.ACKNOWLEDGED),
    # Again: another revision. A no is final; so is a point that was passed on.
    Deed.ANSWER: Possible(
        P.ANSWER,
        frozenset({S.ACKNOWLEDGED, S.ANSWERED}),
        S.ANSWERED,
        frozenset({D.WILL_DO, D.PARTLY, D.RESEARCHING}),
    ),
    Deed.READDRESS: Possible(P.CURATE, frozenset({S.ANSWERED}), S.SENT, frozenset({D.ELSEWHERE})),
    Deed.START: Possible(
        P.ANSWER, frozenset({S.ANSWERED, S.REOPENED}), S.IN_PROGRESS, frozenset({D.WILL_DO, D.PARTLY})
    ),
    Deed.FINISH: Possible(P.ANSWER, frozenset({S.IN_PROGRESS}), S.DONE),
    Deed.CONFIRM: Possible(P.JUDGE, frozenset({S.DONE}), S.CONFIRMED),
    Deed.REOPEN: Possible(P.JUDGE, frozenset({S.DONE}), S.REOPENED),
    # The text of a sent point is fixed; a later remark is added in public.
    Deed.ADD: Possible(P.CURATE, PUBLIC),
}
MERGE_INTO = PUBLIC | BEFORE_SENDING
# Statuses in which an organisation must respond by `due_on`.
OWES_ANSWER = frozenset({S.SENT, S.ACKNOWLEDGED})
