"""What can become of a report: one table, from which the tests are made."""

from dataclasses import dataclass
from enum import StrEnum

from dagvandebuurt.moderation.models import ReportStatus as S
from dagvandebuurt.moderation.permissions import ModerationPermission as P


class Deed(StrEnum):
    """What somebody can do with a report that was sent."""

    TAKE = "take"
    UPHOLD = "uphold"
    DISMISS = "dismiss"
    APPEAL = "appeal"
    SETTLE = "settle"


@dataclass(frozen=True)
class Possible:
    """`needs`: the permission it takes. `states`: where it is possible. `after`: where it leads."""

    needs: P
    states: frozenset[S]
    after: S


UNDECIDED = frozenset({S.RECEIVED, S.UNDER_REVIEW})

TABLE: dict[Deed, Possible] = {
    Deed.TAKE: Possible(P.HANDLE, frozenset({S.RECEIVED}), S.UNDER_REVIEW),
    # By hiding the question: there is no other way to agree with a report.
    Deed.UPHOLD: Possible(P.HANDLE, UNDECIDED, S.UPHELD),
    Deed.DISMISS: Possible(P.HANDLE, UNDECIDED, S.DISMISSED),
    # By whoever reported at a dismissal, by the asker at a hiding.
    Deed.APPEAL: Possible(P.REPORT, frozenset({S.UPHELD, S.DISMISSED}), S.APPEALED),
    Deed.SETTLE: Possible(P.HANDLE, frozenset({S.APPEALED}), S.FINAL),
}
