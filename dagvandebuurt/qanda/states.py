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
    what is true now. `after`: the state it leads to; None leaves it as it is."""

    needs: P
    states: frozenset[S]
    after: S | None = None


OPEN = frozenset({S.VISIBLE, S.SHORTLISTED, S.LIVE, S.OPEN_AFTER})  # public, and not answered yet
ON_LIST = frozenset({S.VISIBLE, S.SHORTLISTED})

TABLE: dict[Deed, Possible] = {
    Deed.SUPPORT: Possible(P.SUPPORT, OPEN),
    Deed.WITHDRAW: Possible(P.WITHDRAW, ON_LIST | {S.WAITING}, S.WITHDRAWN),
    Deed.SHOW: Possible(P.MODERATE, frozenset({S.WAITING, S.HIDDEN}), S.VISIBLE),
    Deed.HIDE: Possible(P.MODERATE, OPEN | {S.WAITING, S.ANSWERED, S.FORWARDED}, S.HIDDEN),
    Deed.SHORTLIST: Possible(P.MODERATE, frozenset({S.VISIBLE, S.OPEN_AFTER}), S.SHORTLISTED),
    Deed.UNLIST: Possible(P.MODERATE, frozenset({S.SHORTLISTED}), S.VISIBLE),
    Deed.LIVE: Possible(P.MODERATE, ON_LIST | {S.OPEN_AFTER}, S.LIVE),
    Deed.REST: Possible(P.MODERATE, frozenset({S.LIVE}), S.VISIBLE),
    Deed.ANSWER: Possible(P.MODERATE, OPEN | {S.ANSWERED}, S.ANSWERED),
    Deed.MERGE: Possible(P.MODERATE, ON_LIST | {S.WAITING, S.OPEN_AFTER}, S.MERGED),
    Deed.MOVE: Possible(P.MODERATE, ON_LIST | {S.WAITING, S.OPEN_AFTER}, S.MOVED),
    Deed.CARRY_OVER: Possible(P.MODERATE, ON_LIST | {S.LIVE}, S.OPEN_AFTER),
    # By the room of agendapunten, when one is made of it.
    Deed.FORWARD: Possible(P.MODERATE, OPEN | {S.ANSWERED}, S.FORWARDED),
}
MERGE_INTO = PUBLIC  # also an answered one: then whoever asked has an answer at once
