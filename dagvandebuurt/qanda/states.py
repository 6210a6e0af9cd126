"""State machine of a question, from which the tests and the diagram are made."""

from dagvandebuurt.core.states import Machine, Transition
from dagvandebuurt.qanda.history import changed, record_change
from dagvandebuurt.qanda.models import PUBLIC, Action, Question
from dagvandebuurt.qanda.models import QuestionStatus as S
from dagvandebuurt.qanda.permissions import QandaPermission as P

OPEN = frozenset({S.VISIBLE, S.SHORTLISTED, S.LIVE, S.OPEN_AFTER})  # public, and not answered yet
ON_LIST = frozenset({S.VISIBLE, S.SHORTLISTED})
HIDEABLE = OPEN | {S.WAITING, S.ANSWERED, S.FORWARDED}
UNDECIDED = ON_LIST | {S.WAITING, S.OPEN_AFTER}

MACHINE = Machine(
    Question,
    S.WAITING,
    {
        Action.SUPPORT: Transition(P.SUPPORT, OPEN),
        Action.WITHDRAW: Transition(P.WITHDRAW, ON_LIST | {S.WAITING}, S.WITHDRAWN),
        Action.SHOW: Transition(P.MODERATE, frozenset({S.WAITING, S.HIDDEN}), S.VISIBLE),
        Action.HIDE: Transition(P.MODERATE, HIDEABLE, S.HIDDEN),
        Action.SHORTLIST: Transition(P.MODERATE, frozenset({S.VISIBLE, S.OPEN_AFTER}), S.SHORTLISTED),
        Action.UNLIST: Transition(P.MODERATE, frozenset({S.SHORTLISTED}), S.VISIBLE),
        Action.LIVE: Transition(P.MODERATE, ON_LIST | {S.OPEN_AFTER}, S.LIVE),
        Action.REST: Transition(P.MODERATE, frozenset({S.LIVE}), S.VISIBLE),
        Action.ANSWER: Transition(P.MODERATE, OPEN | {S.ANSWERED}, S.ANSWERED),
        Action.MERGE: Transition(P.MODERATE, UNDECIDED, S.MERGED),
        # To what it was before it was merged, which its history says.
        Action.UNMERGE: Transition(P.MODERATE, frozenset({S.MERGED}), S.VISIBLE),
        Action.MOVE: Transition(P.MODERATE, UNDECIDED, S.MOVED),
        # By the job that closes a session.
        Action.CARRY_OVER: Transition(None, ON_LIST | {S.LIVE}, S.OPEN_AFTER),
        # By the section `agenda`, with its own permission, when an actiepunt is made of it.
        Action.FORWARD: Transition(None, OPEN | {S.ANSWERED}, S.FORWARDED),
    },
    refusal=changed,
    history=record_change,
)
MERGE_INTO = PUBLIC  # also an answered one: then the asker has an answer at once

# Where an action is done for a client that does not say what it saw (an old page): what undoes nothing.
UNSEEN: dict[Action, frozenset[S]] = {
    Action.SHOW: frozenset({S.WAITING}),
    # Hidden text harms nobody.
    Action.HIDE: HIDEABLE,
    Action.SHORTLIST: ON_LIST | {S.OPEN_AFTER},
    Action.UNLIST: frozenset({S.SHORTLISTED}),
    Action.LIVE: ON_LIST | {S.OPEN_AFTER},
    Action.REST: frozenset({S.LIVE}),
    Action.ANSWER: frozenset(),
    Action.MERGE: UNDECIDED,
    Action.UNMERGE: frozenset({S.MERGED}),
    Action.MOVE: UNDECIDED,
}
