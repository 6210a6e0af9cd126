"""Fair ordering of questions by support, waiting time and how often the asker and their role were heard.

*Eerlijke beurt*: a plain count lets the largest profession dominate. Here those heard least so far come first
among equals, and waiting counts. As the page explains it: every doubling of support counts as much as ten
minutes of waiting; a first question, and roles heard less so far, get priority.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import log2

from dagvandebuurt.qanda.models import Question, QuestionStatus

MINUTES_FOR_A_DOUBLING = 10.0  # this much waiting weighs as much as twice the support
FIRST_TIME = 1.0  # a first question counts as one doubling more
HEARD = frozenset({QuestionStatus.LIVE, QuestionStatus.ANSWERED})


class Order(StrEnum):
    """Sort orders; the first is the default."""

    FAIR = "fair"
    SUPPORT = "support"
    NEWEST = "newest"


def sorted_by(order: Order, questions: Sequence[Question], now: datetime) -> list[Question]:
    """Return `questions` in `order`. The same questions at the same moment always come in the same order."""
    if order is Order.NEWEST:
        return sorted(questions, key=lambda q: (q.shown_at or q.asked_at, str(q.id)), reverse=True)
    if order is Order.SUPPORT:
        return sorted(questions, key=lambda q: (-q.support_count, q.asked_at, str(q.id)))
    weights = weights_of(questions, now)
    return sorted(questions, key=lambda q: (-weights[q.id], q.asked_at, str(q.id)))


@dataclass(frozen=True, slots=True)
class Turn:
    """What the fair order knows of a question, or of anything else that waits for its turn.

    `person` is who asks, None where nobody may count what else they asked; `support` how many stand behind it;
    `is_heard` whether it had its turn.
    """

    id: object
    since: datetime
    person: object
    role: object
    support: int
    is_heard: bool


def weights_of(questions: Iterable[Question], now: datetime) -> dict[object, float]:
    """Calculate the weight of each question in the fair order; larger comes first.

    The asker of an anonymous question does not count: each weighs as a first one without a role. An order
    based on the asker would reveal which named question is of the same person.
    """
    turns = [
        Turn(q.id, q.asked_at, q.asker_id, q.asker_role, q.support_count, q.status in HEARD)
        for q in questions
    ]
    return weights(turns, now)


def weights(turns: Sequence[Turn], now: datetime) -> dict[object, float]:
    """Calculate the weight of each turn in the fair order; larger comes first.

    The weight is monotonic: support never lowers it, and waiting raises it without bound, so none starves.
    """
    heard = Counter(turn.role for turn in turns if turn.is_heard)
    most = max(heard.values(), default=0)
    asked = Counter(turn.person for turn in turns if turn.person)
    return {
        turn.id: (
            log2(1 + turn.support)
            + max((now - turn.since).total_seconds(), 0.0) / 60 / MINUTES_FOR_A_DOUBLING
            + (FIRST_TIME if (turn.person is None or asked[turn.person] <= 1) else 0.0)
            + (1 - heard[turn.role] / most if most else 0.0)
        )
        for turn in turns
    }
