"""What can become of a question: one table, from which the tests are made."""

from enum import StrEnum

from dagvandebuurt.qanda.models import QuestionStatus as S


class Deed(StrEnum):
    """What somebody can do with a question that exists."""

    SUPPORT = "support"
    WITHDRAW = "withdraw"
    SHOW = "show"
    HIDE = "hide"
    LIVE = "live"
    ANSWER = "answer"


# deed → in which states it is possible. Everything else is refused with what is true now.
POSSIBLE: dict[Deed, frozenset[S]] = {
    Deed.SUPPORT: frozenset({S.VISIBLE, S.SHORTLISTED, S.LIVE, S.OPEN_AFTER}),
    Deed.WITHDRAW: frozenset({S.WAITING, S.VISIBLE, S.SHORTLISTED}),
    Deed.SHOW: frozenset({S.WAITING, S.HIDDEN}),
    Deed.HIDE: frozenset({S.WAITING, S.VISIBLE, S.SHORTLISTED, S.LIVE, S.OPEN_AFTER}),
    Deed.LIVE: frozenset({S.VISIBLE, S.SHORTLISTED}),
    Deed.ANSWER: frozenset({S.VISIBLE, S.SHORTLISTED, S.LIVE, S.OPEN_AFTER, S.ANSWERED}),
}
# deed → the state after it. Supporting changes none.
AFTER: dict[Deed, S] = {
    Deed.WITHDRAW: S.WITHDRAWN,
    Deed.SHOW: S.VISIBLE,
    Deed.HIDE: S.HIDDEN,
    Deed.LIVE: S.LIVE,
    Deed.ANSWER: S.ANSWERED,
}
