"""Who may do what with a question in which state: one table, from which the tests are made."""

from dataclasses import dataclass
from enum import StrEnum

from dagvandebuurt.qanda.models import PUBLIC
from dagvandebuurt.qanda.models import QuestionStatus as S
from dagvandebuurt.qanda.permissions import QandaPermission as P


class Deed(StrEnum):
    """What somebody can do with a question that exists."""

    SUPPORT = "support"
    WITHDRAW = "withdraw"
    SHOW = "show"
    HIDE = "hide"
    SHORTLIST = "shortlist"
    UNLIST = "unlist"
    LIVE = "live"
    REST = "rest"
    ANSWER = "answer"
    MERGE = "merge"
    MOVE = "move"
    CARRY_OVER = "carry_over"
    FORWARD = "forward"


@dataclass(frozen=True)
class Possible:
    """`needs`: the permission it takes. `states`: where it is possible; elsewhere it is refused with
    what is true now. `after`: the state it leads to; None leaves it as it is. `unseen`: where it is done
    for somebody who does not say what they saw (a page of before, an old client): what undoes nothing."""

    needs: P
    states: frozenset[S]
    after: S | None = None
    unseen: frozenset[S] = frozenset()


OPEN = frozenset({S.VISIBLE, S.SHORTLISTED, S.LIVE, S.OPEN_AFTER})  # public, and not answered yet
ON_LIST = frozenset({S.VISIBLE, S.SHORTLISTED})
HIDEABLE = OPEN | {S.WAITING, S.ANSWERED, S.FORWARDED}
UNDECIDED = ON_LIST | {S.WAITING, S.OPEN_AFTER}

TABLE: dict[Deed, Possible] = {
    Deed.SUPPORT: Possible(P.SUPPORT, OPEN),
    Deed.WITHDRAW: Possible(P.WITHDRAW, ON_LIST | {S.WAITING}, S.WITHDRAWN),
    Deed.SHOW: Possible(P.MODERATE, frozenset({S.WAITING, S.HIDDEN}), S.VISIBLE, frozenset({S.WAITING})),
    # What is out of view harms nobody: also for who does not say what they saw.
    Deed.HIDE: Possible(P.MODERATE, HIDEABLE, S.HIDDEN, HIDEABLE),
    Deed.SHORTLIST: Possible(
        P.MODERATE, frozenset({S.VISIBLE, S.OPEN_AFTER}), S.SHORTLISTED, ON_LIST | {S.OPEN_AFTER}
    ),
    Deed.UNLIST: Possible(P.MODERATE, frozenset({S.SHORTLISTED}), S.VISIBLE, frozenset({S.SHORTLISTED})),
    Deed.LIVE: Possible(P.MODERATE, ON_LIST | {S.OPEN_AFTER}, S.LIVE, ON_LIST | {S.OPEN_AFTER}),
    Deed.REST: Possible(P.MODERATE, frozenset({S.LIVE}), S.VISIBLE, frozenset({S.LIVE})),
    Deed.ANSWER: Possible(P.MODERATE, OPEN | {S.ANSWERED}, S.ANSWERED),
    Deed.MERGE: Possible(P.MODERATE, UNDECIDED, S.MERGED, UNDECIDED),
    Deed.MOVE: Possible(P.MODERATE, UNDECIDED, S.MOVED, UNDECIDED),
    Deed.CARRY_OVER: Possible(P.MODERATE, ON_LIST | {S.LIVE}, S.OPEN_AFTER),
    # By the room of agendapunten, when one is made of it.
    Deed.FORWARD: Possible(P.MODERATE, OPEN | {S.ANSWERED}, S.FORWARDED),
}
MERGE_INTO = PUBLIC  # also an answered one: then whoever asked has an answer at once
