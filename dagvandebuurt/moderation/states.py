"""State machine of reports. Tests are generated from this table."""

from dataclasses import dataclass
from enum import StrEnum

from dagvandebuurt.moderation.models import ReportStatus as S
from dagvandebuurt.moderation.permissions import ModerationPermission as P


class Deed(StrEnum):
    """Action on a report."""

    TAKE = "take"
    UPHOLD = "uphold"
    DISMISS = "dismiss"
    APPEAL = "appeal"
    SETTLE = "settle"


@dataclass(frozen=True)
class Possible:
    """Transition. `needs`: the required permission. `states`: where it is possible. `after`: the new status."""

    needs: P
    states: frozenset[S]
    after: S


UNDECIDED = frozenset({S.RECEIVED, S.UNDER_REVIEW})

TABLE: dict[Deed, Possible] = {
    Deed.TAKE: Possible(P.HANDLE, frozenset({S.RECEIVED}), S.UNDER_REVIEW),
    # By hiding the question: the only way to uphold a report.
    Deed.UPHOLD: Possible(P.HANDLE, UNDECIDED, S.UPHELD),
    Deed.DISMISS: Possible(P.HANDLE, UNDECIDED, S.DISMISSED),
    # By the reporter at a dismissal, by the asker at a hiding.
    Deed.APPEAL: Possible(P.REPORT, frozenset({S.UPHELD, S.DISMISSED}), S.APPEALED),
    Deed.SETTLE: Possible(P.HANDLE, frozenset({S.APPEALED}), S.FINAL),
}
