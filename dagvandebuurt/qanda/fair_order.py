"""Fair ordering of questions by support, waiting time and how often the asker and their role were heard.

*Eerlijke beurt*: a plain count lets the largest profession dominate. Here those heard least so far come first
among equals, and waiting counts. As the page explains it: every doubling of support counts as much as ten
minutes of waiting; a first question, and roles heard less so far, get priority.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
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


def weights_of(questions: Iterable[Question], now: datetime) -> dict[object, float]:
    """Calculate the weight of each question in the fair order; larger comes first.

    The asker of an anonymous question does not count: each weighs as a first one without a role. An order
    based on the asker would reveal which named question is of the same person.

    The weight is monotonic: support never lowers a question, and waiting raises it without bound, so none
    starves.
    """
    everything = list(questions)
    heard = Counter(question.asker_role for question in everything if question.status in HEARD)
    most = max(heard.values(), default=0)
    asked = Counter(question.asker_id for question in everything if question.asker_id)
    return {
        question.id: (
            log2(1 + question.support_count)
            + max((now - question.asked_at).total_seconds(), 0.0) / 60 / MINUTES_FOR_A_DOUBLING
            + (FIRST_TIME if (question.asker_id is None or asked[question.asker_id] <= 1) else 0.0)
            + (1 - heard[question.asker_role] / most if most else 0.0)
        )
        for question in everything
    }
