"""State machines of a learning question, an offer, a gap and an initiative, from which the tests and the
diagrams are made.
"""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from dagvandebuurt.core.states import Change, Machine, Transition
from dagvandebuurt.wijkwijzer.errors import Changed
from dagvandebuurt.wijkwijzer.models import (
    SHOWN_QUESTIONS,
    Gap,
    Initiative,
    LearningOffer,
    LearningQuestion,
)
from dagvandebuurt.wijkwijzer.models import GapStatus as G
from dagvandebuurt.wijkwijzer.models import InitiativeStatus as I
from dagvandebuurt.wijkwijzer.models import LearningQuestionStatus as Q
from dagvandebuurt.wijkwijzer.models import OfferStatus as O
from dagvandebuurt.wijkwijzer.permissions import WijkwijzerPermission as P


class QuestionAction(StrEnum):
    ME_TOO = "me_too"
    SHOW = "show"
    DECLINE = "decline"
    CLUSTER = "cluster"
    MATCH = "match"
    ANSWER = "answer"
    DECLARE = "declare"
    FILL = "fill"
    REOPEN = "reopen"


class OfferAction(StrEnum):
    CHECK = "check"
    DECLINE = "decline"
    PUBLISH = "publish"
    FALL_DUE = "fall_due"
    CONFIRM = "confirm"
    EXPIRE = "expire"
    ARCHIVE = "archive"
    REWRITE = "rewrite"


class GapAction(StrEnum):
    ADOPT = "adopt"
    DESIGN = "design"
    FILL = "fill"
    PARK = "park"
    RESUME = "resume"


class InitiativeAction(StrEnum):
    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    FALL_DUE = "fall_due"
    CONFIRM = "confirm"
    ARCHIVE = "archive"


Entity = TypeVar("Entity", LearningQuestion, LearningOffer, Gap, Initiative)
Action = TypeVar("Action", bound=StrEnum)
Status = TypeVar("Status", bound=StrEnum)


def _refusal(entity: Entity) -> Changed:
    return Changed(status=entity.status.value)


def _touch(change: Change[Entity, Action, Status], *, now: datetime) -> None:
    """Keep when it changed: no other history is kept of these."""
    change.entity.changed_at = now


QUESTIONS = Machine(
    LearningQuestion,
    Q.SUBMITTED,
    {
        QuestionAction.ME_TOO: Transition(P.ME_TOO, SHOWN_QUESTIONS),
        QuestionAction.SHOW: Transition(P.COORDINATE, frozenset({Q.SUBMITTED}), Q.VISIBLE),
        QuestionAction.DECLINE: Transition(P.COORDINATE, frozenset({Q.SUBMITTED}), Q.DECLINED),
        QuestionAction.CLUSTER: Transition(P.COORDINATE, frozenset({Q.SUBMITTED, Q.VISIBLE}), Q.CLUSTERED),
        QuestionAction.MATCH: Transition(P.COORDINATE, frozenset({Q.VISIBLE, Q.MATCHED}), Q.MATCHED),
        QuestionAction.ANSWER: Transition(
            P.COORDINATE, frozenset({Q.VISIBLE, Q.MATCHED, Q.ANSWERED}), Q.ANSWERED
        ),
        QuestionAction.DECLARE: Transition(P.COORDINATE, frozenset({Q.VISIBLE, Q.MATCHED}), Q.GAP),
        # By filling its gap, and when the last offer that answered it ends.
        QuestionAction.FILL: Transition(None, frozenset({Q.GAP}), Q.MATCHED),
        QuestionAction.REOPEN: Transition(None, frozenset({Q.MATCHED}), Q.VISIBLE),
    },
    refusal=_refusal,
    history=_touch,
)

OFFERS = Machine(
    LearningOffer,
    O.SUBMITTED,
    {
        OfferAction.CHECK: Transition(P.COORDINATE, frozenset({O.SUBMITTED}), O.CHECKED),
        OfferAction.DECLINE: Transition(P.COORDINATE, frozenset({O.SUBMITTED, O.CHECKED}), O.DECLINED),
        OfferAction.PUBLISH: Transition(P.COORDINATE, frozenset({O.CHECKED}), O.PUBLISHED),
        OfferAction.FALL_DUE: Transition(None, frozenset({O.PUBLISHED}), O.CHECK_DUE),
        OfferAction.CONFIRM: Transition(
            P.CONFIRM, frozenset({O.PUBLISHED, O.CHECK_DUE, O.EXPIRED}), O.PUBLISHED
        ),
        OfferAction.EXPIRE: Transition(None, frozenset({O.CHECK_DUE}), O.EXPIRED),
        OfferAction.ARCHIVE: Transition(
            P.CONFIRM, frozenset({O.PUBLISHED, O.CHECK_DUE, O.EXPIRED}), O.ARCHIVED
        ),
        # By a file that is brought in.
        OfferAction.REWRITE: Transition(
            P.COORDINATE, frozenset({O.SUBMITTED, O.CHECKED, O.PUBLISHED, O.CHECK_DUE, O.EXPIRED})
        ),
    },
    refusal=_refusal,
    history=_touch,
)

GAPS = Machine(
    Gap,
    G.IDENTIFIED,
    {
        # Again: another one takes it on, or the step or date changes.
        GapAction.ADOPT: Transition(P.COORDINATE, frozenset({G.IDENTIFIED, G.ADOPTED}), G.ADOPTED),
        GapAction.DESIGN: Transition(P.COORDINATE, frozenset({G.ADOPTED, G.IN_DESIGN}), G.IN_DESIGN),
        GapAction.FILL: Transition(P.COORDINATE, frozenset({G.IDENTIFIED, G.ADOPTED, G.IN_DESIGN}), G.FILLED),
        GapAction.PARK: Transition(P.COORDINATE, frozenset({G.IDENTIFIED, G.ADOPTED, G.IN_DESIGN}), G.PARKED),
        GapAction.RESUME: Transition(P.COORDINATE, frozenset({G.PARKED}), G.IDENTIFIED),
    },
    refusal=_refusal,
    history=_touch,
)
OPEN_GAPS = frozenset({G.IDENTIFIED, G.ADOPTED, G.IN_DESIGN})

INITIATIVES = Machine(
    Initiative,
    I.DRAFT,
    {
        InitiativeAction.SUBMIT: Transition(P.SHARE, frozenset({I.DRAFT}), I.IN_REVIEW),
        InitiativeAction.RETURN: Transition(P.COORDINATE, frozenset({I.IN_REVIEW}), I.DRAFT),
        InitiativeAction.PUBLISH: Transition(P.COORDINATE, frozenset({I.IN_REVIEW}), I.PUBLISHED),
        InitiativeAction.FALL_DUE: Transition(None, frozenset({I.PUBLISHED}), I.CHECK_DUE),
        InitiativeAction.CONFIRM: Transition(P.CONFIRM, frozenset({I.PUBLISHED, I.CHECK_DUE}), I.PUBLISHED),
        InitiativeAction.ARCHIVE: Transition(P.CONFIRM, frozenset({I.PUBLISHED, I.CHECK_DUE}), I.ARCHIVED),
    },
    refusal=_refusal,
    history=_touch,
)
