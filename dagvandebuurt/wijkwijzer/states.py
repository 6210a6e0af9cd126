"""State machines of learning questions, offers, gaps and initiatives. Tests are generated from these tables."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dagvandebuurt.wijkwijzer.models import SHOWN_QUESTIONS
from dagvandebuurt.wijkwijzer.models import GapState as G
from dagvandebuurt.wijkwijzer.models import InitiativeState as I
from dagvandebuurt.wijkwijzer.models import OfferState as O
from dagvandebuurt.wijkwijzer.models import QuestionState as Q
from dagvandebuurt.wijkwijzer.permissions import WijkwijzerPermission as P


@dataclass(frozen=True)
class Possible:
    """Transition. `needs`: the required permission; None is for jobs only. `states`: where it is possible.
    `after`: the new status; None leaves it as it is.
    """

    needs: P | None
    states: frozenset[Any]
    after: Any = None


class QuestionDeed(StrEnum):
    ME_TOO = "me_too"
    SHOW = "show"
    DECLINE = "decline"
    CLUSTER = "cluster"
    MATCH = "match"
    ANSWER = "answer"
    DECLARE = "declare"
    FILL = "fill"
    REOPEN = "reopen"


class OfferDeed(StrEnum):
    CHECK = "check"
    DECLINE = "decline"
    PUBLISH = "publish"
    FALL_DUE = "fall_due"
    CONFIRM = "confirm"
    EXPIRE = "expire"
    ARCHIVE = "archive"
    REWRITE = "rewrite"


class GapDeed(StrEnum):
    ADOPT = "adopt"
    DESIGN = "design"
    FILL = "fill"
    PARK = "park"
    RESUME = "resume"


class InitiativeDeed(StrEnum):
    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    FALL_DUE = "fall_due"
    CONFIRM = "confirm"
    ARCHIVE = "archive"


QUESTIONS: dict[QuestionDeed, Possible] = {
    QuestionDeed.ME_TOO: Possible(P.ME_TOO, SHOWN_QUESTIONS),
    QuestionDeed.SHOW: Possible(P.COORDINATE, frozenset({Q.SUBMITTED}), Q.VISIBLE),
    QuestionDeed.DECLINE: Possible(P.COORDINATE, frozenset({Q.SUBMITTED}), Q.DECLINED),
    QuestionDeed.CLUSTER: Possible(P.COORDINATE, frozenset({Q.SUBMITTED, Q.VISIBLE}), Q.CLUSTERED),
    QuestionDeed.MATCH: Possible(P.COORDINATE, frozenset({Q.VISIBLE, Q.MATCHED}), Q.MATCHED),
    QuestionDeed.ANSWER: Possible(P.COORDINATE, frozenset({Q.VISIBLE, Q.MATCHED, Q.ANSWERED}), Q.ANSWERED),
    QuestionDeed.DECLARE: Possible(P.COORDINATE, frozenset({Q.VISIBLE, Q.MATCHED}), Q.GAP),
    # By filling its gap, and when the last offer that answered it ends.
    QuestionDeed.FILL: Possible(None, frozenset({Q.GAP}), Q.MATCHED),
    QuestionDeed.REOPEN: Possible(None, frozenset({Q.MATCHED}), Q.VISIBLE),
}

OFFERS: dict[OfferDeed, Possible] = {
    OfferDeed.CHECK: Possible(P.COORDINATE, frozenset({O.SUBMITTED}), O.CHECKED),
    OfferDeed.DECLINE: Possible(P.COORDINATE, frozenset({O.SUBMITTED, O.CHECKED}), O.DECLINED),
    OfferDeed.PUBLISH: Possible(P.COORDINATE, frozenset({O.CHECKED}), O.PUBLISHED),
    OfferDeed.FALL_DUE: Possible(None, frozenset({O.PUBLISHED}), O.CHECK_DUE),
    OfferDeed.CONFIRM: Possible(P.CONFIRM, frozenset({O.PUBLISHED, O.CHECK_DUE, O.EXPIRED}), O.PUBLISHED),
    OfferDeed.EXPIRE: Possible(None, frozenset({O.CHECK_DUE}), O.EXPIRED),
    OfferDeed.ARCHIVE: Possible(P.CONFIRM, frozenset({O.PUBLISHED, O.CHECK_DUE, O.EXPIRED}), O.ARCHIVED),
    # By an import.
    OfferDeed.REWRITE: Possible(
        P.COORDINATE, frozenset({O.SUBMITTED, O.CHECKED, O.PUBLISHED, O.CHECK_DUE, O.EXPIRED})
    ),
}

GAPS: dict[GapDeed, Possible] = {
    # Again: another person takes it on, or the step or date changes.
    GapDeed.ADOPT: Possible(P.COORDINATE, frozenset({G.IDENTIFIED, G.ADOPTED}), G.ADOPTED),
    GapDeed.DESIGN: Possible(P.COORDINATE, frozenset({G.ADOPTED, G.IN_DESIGN}), G.IN_DESIGN),
    GapDeed.FILL: Possible(P.COORDINATE, frozenset({G.IDENTIFIED, G.ADOPTED, G.IN_DESIGN}), G.FILLED),
    GapDeed.PARK: Possible(P.COORDINATE, frozenset({G.IDENTIFIED, G.ADOPTED, G.IN_DESIGN}), G.PARKED),
    GapDeed.RESUME: Possible(P.COORDINATE, frozenset({G.PARKED}), G.IDENTIFIED),
}
OPEN_GAPS = frozenset({G.IDENTIFIED, G.ADOPTED, G.IN_DESIGN})

INITIATIVES: dict[InitiativeDeed, Possible] = {
    InitiativeDeed.SUBMIT: Possible(P.SHARE, frozenset({I.DRAFT}), I.IN_REVIEW),
    InitiativeDeed.RETURN: Possible(P.COORDINATE, frozenset({I.IN_REVIEW}), I.DRAFT),
    InitiativeDeed.PUBLISH: Possible(P.COORDINATE, frozenset({I.IN_REVIEW}), I.PUBLISHED),
    InitiativeDeed.FALL_DUE: Possible(None, frozenset({I.PUBLISHED}), I.CHECK_DUE),
    InitiativeDeed.CONFIRM: Possible(P.CONFIRM, frozenset({I.PUBLISHED, I.CHECK_DUE}), I.PUBLISHED),
    InitiativeDeed.ARCHIVE: Possible(P.CONFIRM, frozenset({I.PUBLISHED, I.CHECK_DUE}), I.ARCHIVED),
}
